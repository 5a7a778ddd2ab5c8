import CLinux
import Glibc

/// How many processors this process may use.
package enum ProcessorCount {
    /// The processors that the affinity mask allows, fewer if the control group's quota does: a
    /// container limited to half a processor gets one.
    package static func available() -> Int {
        let affinity = Int(linux_affinity_count())
        let quota = cgroupFiles.lazy.compactMap { contents(of: $0) }.first.flatMap(quota(cpuMax:))
        return max(1, min(affinity, quota ?? affinity))
    }

    /// Reads the text of `cpu.max`: a quota and a period in microseconds, cgroups(7).
    /// - Returns: Whole processors, at least 1; nil for `max` and for what is not of that form.
    static func quota(cpuMax text: String) -> Int? {
        let parts = text.split(whereSeparator: \.isWhitespace)
        guard parts.count == 2, let quota = Int(parts[0]), let period = Int(parts[1]), period > 0,
            quota > 0
        else { return nil }
        return max(1, quota / period)
    }

    /// The unified hierarchy as a container sees it, then as a unit of systemd does.
    private static var cgroupFiles: [String] {
        let own = contents(of: "/proc/self/cgroup")?.split(separator: "\n").first?
            .split(separator: ":", omittingEmptySubsequences: false).last.map(String.init)
        return ["/sys/fs/cgroup\(own ?? "")/cpu.max", "/sys/fs/cgroup/cpu.max"]
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
