import Glibc
import Testing

@testable import Monitoring

@Suite("Code that is given back")
struct CodeTrimmingTests {
    @Test func `code of a file is told from what else is mapped`() {
        let lines = """
            55d0c8000000-55d0c8a00000 r--p 00000000 fe:00 131    /usr/local/bin/program
            55d0c8a00000-55d0c9c00000 r-xp 00400000 fe:00 131    /usr/local/bin/a program
            55d0c9c00000-55d0c9d00000 rw-p 01600000 fe:00 131    /usr/local/bin/program
            7f0000000000-7f0000021000 rw-p 00000000 00:00 0
            7f1000000000-7f1000002000 r-xp 00000000 00:00 0
            7ffd5f1c8000-7ffd5f1ca000 r-xp 00000000 00:00 0                          [vdso]
            7f2000000000-7f1000000000 r-xp 00000000 fe:00 132    /usr/lib/upside-down
            nothing r-xp 00000000 fe:00 132    /usr/lib/library
            """
        let found = lines.split(separator: "\n").compactMap(CodeTrimming.code(of:))
        #expect(found == [0x55d0_c8a0_0000..<0x55d0_c9c0_0000])
        #expect(CodeTrimming.code(of: "0-1 r-xp 0 0 0 /") == 0..<1)
    }

    @Test func `code that was needed once is in memory no longer, and still runs`() throws {
        let before = try #require(codeBytes())
        CodeTrimming.trim()
        let after = try #require(codeBytes())
        // This test is needed, and what others run meanwhile.
        #expect(after < before)
        CodeTrimming.trim()
    }

    /// Octets of code of files that are in memory, as proc_pid_smaps(5) has them.
    private func codeBytes() -> Int? {
        guard let text = contents(of: "/proc/self/smaps") else { return nil }
        var (isCode, kibibytes) = (false, 0)
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: " ")
            if fields.first?.hasSuffix(":") == false {
                isCode = CodeTrimming.code(of: line) != nil
            } else if isCode, fields.first == "Rss:" {
                kibibytes += Int(fields[1]) ?? 0
            }
        }
        return kibibytes * 1024
    }
}
