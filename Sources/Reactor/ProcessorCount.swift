import CLinux
import Glibc

/// How many processors this process may use.
package enum ProcessorCount {
    /// The processors that the affinity mask allows, fewer if the control group's quota does: a
    /// container limited to half a processor gets one.
    package static func available() -> Int {
        let affinity = Int(linux_affinity_count())
        return max(1, min(affinity, quota(reading: contents(of:)) ?? affinity))
    }

    /// The quota of the process's control group, cgroups(7): of version 2 as a unit of systemd
    /// finds it, then as a container does, then of version 1 as a container does, which has the
    /// two numbers in a file each.
    /// - Parameter read: The text of a file; nil if there is none.
    static func quota(reading read: (_ path: String) -> String?) -> Int? {
        let own =
            read("/proc/self/cgroup")?.split(separator: "\n").first?
            .split(separator: ":", omittingEmptySubsequences: false).last ?? ""
        if let text = read("/sys/fs/cgroup\(own)/cpu.max") ?? read("/sys/fs/cgroup/cpu.max") {
            return quota(cpuMax: text)
        }
        guard let quota = read("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"),
            let period = read("/sys/fs/cgroup/cpu/cpu.cfs_period_us")
        else { return nil }
        return Self.quota(cpuMax: "\(quota) \(period)")
    }

    /// Reads the text of `cpu.max`: a quota and a period in microseconds, cgroups(7).
    /// - Returns: Whole processors, at least 1; nil for `max`, for -1, as version 1 has it, and for
    ///   what is not of that form.
    static func quota(cpuMax text: String) -> Int? {
        let parts = text.split(whereSeparator: \.isWhitespace)
        guard parts.count == 2, let quota = Int(parts[0]), let period = Int(parts[1]), period > 0,
            quota > 0
        else { return nil }
        return max(1, quota / period)
    }

    /// The first 4 KiB of a small file, nil if it cannot be read.
    private static func contents(of path: String) -> String? {
        let number = open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { return nil }
        let descriptor = FileDescriptor(owning: number)
        let bytes = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
            count = max(0, read(descriptor.rawValue, buffer.baseAddress, buffer.count))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
