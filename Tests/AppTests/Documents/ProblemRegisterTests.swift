import FoundationEssentials
import HTTP
import HTTPTypes
import PostgresTesting
import Testing

@testable import App

@Suite("The register of problems")
struct ProblemRegisterTests {
    /// A line of docs/problems.md for each kind.
    private static var lines: [String] {
        ProblemKind.all.sorted { ($0.status.code, $0.code) < ($1.status.code, $1.code) }.map {
            "| \($0.status.code) | `\($0.code)` | \($0.title) | \($0.meaning) |"
        }
    }

    @Test func `every code is there once, in snake_case, with whole sentences`() {
        let codes = ProblemKind.all.map(\.code)
        #expect(Set(codes).count == codes.count)
        for kind in ProblemKind.all {
            #expect(kind.code.wholeMatch(of: /[a-z][a-z0-9]*(_[a-z0-9]+)*/) != nil, "\(kind.code)")
            #expect((400...599).contains(kind.status.code), "\(kind.code)")
            #expect(!kind.title.hasSuffix("."), "\(kind.code)")
            for sentence in [kind.meaning, kind.remedy] + kind.faults.map(\.meaning) {
                #expect(sentence.hasSuffix("."), "\(kind.code): \(sentence)")
            }
        }
    }

    @Test func `docs/problems.md shows it`() throws {
        let page = try String(
            contentsOf: URL(filePath: "\(repositoryFolder)/docs/problems.md"), encoding: .utf8)
        let rows = page.split(separator: "\n").map(String.init).filter {
            $0.hasPrefix("| 4") || $0.hasPrefix("| 5")
        }
        #expect(rows == Self.lines)
    }

    @Test func `every kind that the sources make is in it`() throws {
        let folder = "\(repositoryFolder)/Sources"
        var made: Set<String> = []
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder)
        where path.hasSuffix(".swift") {
            let text = try String(contentsOf: URL(filePath: "\(folder)/\(path)"), encoding: .utf8)
            for match in text.matches(of: /ProblemKind\(\s*code: "([a-z_0-9]+)"/) {
                made.insert(String(match.1))
            }
        }
        let parsed = Set(RequestParseError.allCases.map(\.rawValue))
        #expect(made == Set(ProblemKind.all.map(\.code)).subtracting(parsed))
        #expect(made.count > 20)
    }
}
