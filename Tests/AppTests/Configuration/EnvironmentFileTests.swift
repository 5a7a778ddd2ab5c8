import Glibc
import Testing

@testable import App

@Suite(".env files")
struct EnvironmentFileTests {
    struct LineCase: Sendable, CustomTestStringConvertible {
        let line: String
        let expected: Result<EnvironmentLine, EnvironmentLineFault>

        var testDescription: String { line.debugDescription }

        static func value(_ line: String, _ value: String) -> Self {
            Self(line: line, expected: .success(.assignment(name: "A", value: value)))
        }

        static func empty(_ line: String) -> Self { Self(line: line, expected: .success(.empty)) }

        static func fault(_ line: String, _ fault: EnvironmentLineFault) -> Self {
            Self(line: line, expected: .failure(fault))
        }
    }

    private static let cases: [LineCase] = [
        .empty(""), .empty("   \t"), .empty("# A=1"), .empty("  # A=1"),
        .value("A=b", "b"), .value("  A=b", "b"), .value("A=", ""), .value("A=b c", "b c"),
        .value("export A=b", "b"), .value("export \t A=b", "b"),
        .value("A=b  \t", "b"), .value("A=b # c", "b"), .value("A= # c", ""),
        .value("A=b#c", "b#c"), .value("A=#c", "#c"), .value("A=b=c", "b=c"),
        .value(#"A=b\n$c"#, #"b\n$c"#), .value("A=пароль🔑", "пароль🔑"),
        .value("A=''", ""), .value(#"A="""#, ""),
        .value("A='b # c'  # d", "b # c"), .value(#"A='b"\n$c'"#, #"b"\n$c"#),
        .value(##"A=" b's # c "# d"##, " b's # c "),
        .value(#"A="\n\r\t\\\"\$$x""#, "\n\r\t\\\"$$x"),
        .value("A=\"e\u{301}\"", "e\u{301}"),
        LineCase(
            line: "export=b", expected: .success(.assignment(name: "export", value: "b"))),
        LineCase(
            line: "_a1B=b", expected: .success(.assignment(name: "_a1B", value: "b"))),
        .fault("A", .noAssignment), .fault("=b", .noAssignment), .fault("1A=b", .noAssignment),
        .fault("A-B=b", .noAssignment), .fault("A.B=b", .noAssignment),
        .fault("Ä=b", .noAssignment), .fault("A B=b", .noAssignment),
        .fault("export", .noAssignment), .fault("export =b", .noAssignment),
        .fault("A: b", .noAssignment), .fault("\u{FEFF}A=b", .noAssignment),
        .fault("A =b", .blankAroundEqualsSign), .fault("A= b", .blankAroundEqualsSign),
        .fault("A= 'b'", .quoteInsideValue), .fault("A=b'c", .quoteInsideValue),
        .fault(#"A=b"c""#, .quoteInsideValue),
        .fault("A='b", .unterminatedQuote), .fault(#"A="b"#, .unterminatedQuote),
        .fault(#"A="b\"#, .unterminatedQuote), .fault(#"A="b\""#, .unterminatedQuote),
        .fault("A='b'c", .textAfterQuote), .fault("A='b' c", .textAfterQuote),
        .fault(#"A="\x41""#, .unknownEscape), .fault(#"A="\'""#, .unknownEscape),
        .fault("A=b\u{0}", .controlCharacter), .fault("A=\u{1B}[31m", .controlCharacter),
        .fault("A=b\rB=c", .controlCharacter),
    ]

    @Test(arguments: cases)
    func lines(_ given: LineCase) {
        let result = Result { () throws(EnvironmentLineFault) in
            try EnvironmentLine(parsing: Substring(given.line))
        }
        #expect(result == given.expected)
    }

    @Test func `every fault has its line, and the other lines count`() {
        let file = parse("A=1\nB\n\nC='\nD=4\nA=5\n# end")
        #expect(file.values == ["A": "1", "D": "4"])
        #expect(
            file.faults == [
                .malformedLine(path: ".env", line: 2, reason: .noAssignment),
                .malformedLine(path: ".env", line: 4, reason: .unterminatedQuote),
                .repeatedName(path: ".env", line: 6, name: "A", firstLine: 1),
            ])
        #expect(
            file.faults.map(\.description) == [
                ".env:2: expected NAME=value, a comment or a blank line",
                ".env:4: the closing quotation mark is missing",
                ".env:6: A is already set in line 1",
            ])
    }

    @Test(arguments: ["A=1\nB=2", "A=1\nB=2\n", "A=1\r\nB=2\r\n", "\n\nA=1\n\nB=2\n\n"])
    func `lines end with LF or CR LF`(_ text: String) {
        #expect(parse(text).values == ["A": "1", "B": "2"])
        #expect(parse(text).faults == [])
    }

    @Test func `a file that is not UTF-8 is a fault`() {
        let file = EnvironmentFile(parsing: [0x41, 0x3D, 0xFF], path: ".env")
        #expect(file.faults == [.unreadableFile(path: ".env", reason: .notText)])
    }

    @Test func `a file that does not exist is no file, one that cannot be read is a fault`() {
        #expect(EnvironmentFile(reading: ".env", with: .test([:])) == .none)
        let large = String(repeating: "#", count: EnvironmentFile.octetsMax + 1)
        let reason = FileReadError.tooLarge(octetsMax: EnvironmentFile.octetsMax)
        #expect(
            EnvironmentFile(reading: ".env", with: .test([".env": large])).faults
                == [.unreadableFile(path: ".env", reason: reason)])
    }

    struct SystemCase: Sendable, CustomTestStringConvertible {
        let path: String
        let expected: FileReadError
        var testDescription: String { path }
    }

    @Test(arguments: [
        SystemCase(path: "/", expected: .isDirectory),
        SystemCase(path: "/dev/null/file", expected: .notFound),
        SystemCase(path: "/no/such/file", expected: .notFound),
        SystemCase(path: "/dev/zero", expected: .tooLarge(octetsMax: 100)),
    ])
    func `the system's files are read within bounds`(_ given: SystemCase) {
        #expect(throws: given.expected) { _ = try FileReader.system.read(given.path, 100) }
    }

    @Test func `a file of the system is read whole`() throws {
        let status = try FileReader.system.read("/proc/self/stat", 100_000)
        #expect(String(decoding: status, as: UTF8.self).hasPrefix("\(getpid()) "))
    }

    private func parse(_ text: String) -> EnvironmentFile {
        EnvironmentFile(parsing: Array(text.utf8), path: ".env")
    }
}
