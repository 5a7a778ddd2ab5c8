import Testing

@testable import App

@Suite(".env.example")
struct EnvironmentExampleTests {
    private let example: String

    init() throws {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
        let path = (root + [".env.example"]).joined(separator: "/")
        example = String(
            decoding: try FileReader.system.read(path, EnvironmentFile.octetsMax), as: UTF8.self)
    }

    @Test func `it sets nothing`() {
        #expect(EnvironmentFile(parsing: Array(example.utf8), path: "") == .none)
    }

    @Test func `it names every variable that is read, and no other`() {
        let file = EnvironmentFile(parsing: Array(uncommented.utf8), path: "")
        #expect(file.faults == [])
        #expect(file.values.keys.sorted() == VariableName.allCases.map(\.rawValue).sorted())
    }

    @Test func `the values that it shows are the defaults`() throws {
        let shown = try ServiceConfiguration(from: .test(file: uncommented))
        let url = shown.database.url.rawValue
        #expect(try ServiceConfiguration(from: .test(["DATABASE_URL": url])) == shown)
    }

    @Test func `every variable has a comment above it`() {
        let lines = example.split(separator: "\n", omittingEmptySubsequences: false)
        for (above, line) in zip(lines, lines.dropFirst()) where Self.isVariable(line) {
            #expect(above.hasPrefix("# ") && !Self.isVariable(above) && above.hasSuffix("."))
        }
    }

    /// The lines that set a variable, without the `# ` before them.
    private var uncommented: String {
        example.split(separator: "\n").filter(Self.isVariable).map { $0.dropFirst(2) }
            .joined(separator: "\n")
    }

    private static func isVariable(_ line: Substring) -> Bool {
        guard line.hasPrefix("# "), let end = line.firstIndex(of: "=") else { return false }
        return line[..<end].dropFirst(2).allSatisfy { $0.isUppercase || $0 == "_" }
    }
}
