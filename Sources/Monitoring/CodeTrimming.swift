import Glibc

/// Gives back the pages of code that were needed once.
///
/// The kernel maps sixteen pages around each one that is executed, and a start executes a quarter
/// of the program. What is needed again is mapped again from the page cache, which takes about a
/// microsecond for sixteen pages.
enum CodeTrimming {
    /// Unmaps all code of files; no page of it is lost, since none can be written. Not for loops.
    static func trim() {
        guard let mappings = contents(of: "/proc/self/maps") else { return }
        for code in mappings.split(separator: "\n").lazy.compactMap(Self.code(of:)) {
            madvise(
                UnsafeMutableRawPointer(bitPattern: code.lowerBound), code.count, MADV_DONTNEED)
        }
    }

    /// The addresses of a mapping, as a line of proc_pid_maps(5) tells of it, if it is code of a
    /// file: `55d0c8a00000-55d0c9c00000 r-xp 00400000 fe:00 131 /usr/local/bin/program`.
    static func code(of line: Substring) -> Range<UInt>? {
        let fields = line.split(separator: " ")
        guard fields.count > 5, fields[1] == "r-xp", fields[5].hasPrefix("/") else { return nil }
        let bounds = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
        guard bounds.count == 2, bounds[0] < bounds[1] else { return nil }
        return bounds[0]..<bounds[1]
    }
}
