import Glibc

/// How many descriptors the process may have open, getrlimit(2).
package enum DescriptorLimit {
    /// Raises the soft limit to the hard one, for which a process needs no privilege, and returns
    /// what then holds.
    package static func raised() -> Int {
        let resource = CInt(RLIMIT_NOFILE.rawValue)
        var limits = rlimit()
        guard getrlimit(resource, &limits) == 0 else { return Int(FD_SETSIZE) }
        var wanted = limits
        wanted.rlim_cur = limits.rlim_max
        if setrlimit(resource, &wanted) == 0 { limits = wanted }
        // Numbers of descriptors are `int`.
        return Int(min(limits.rlim_cur, rlim_t(CInt.max)))
    }
}
