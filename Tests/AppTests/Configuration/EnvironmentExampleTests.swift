import Testing

@testable import App

@Suite(".env.example")
struct EnvironmentExampleTests {
    private let example: String
    private let compose: String

    init() throws {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
        func text(of name: Substring) throws -> String {
            let path = (root + [name]).joined(separator: "/")
            return String(
                decoding: try FileReader.system.read(path, EnvironmentFile.octetsMax),
                as: UTF8.self)
        }
        example = try text(of: ".env.example")
        compose = try text(of: "docker-compose.yml")
    }

    @Test func `it sets nothing`() {
        #expect(EnvironmentFile(parsing: Array(example.utf8), path: "") == .none)
    }

    @Test func `its first part names every variable that is read, and no other`() {
        let file = EnvironmentFile(parsing: Array(uncommented(part: 0).utf8), path: "")
        #expect(file.faults == [])
        #expect(file.values.keys.sorted() == VariableName.allCases.map(\.rawValue).sorted())
    }

    @Test func `the values that it shows are the defaults`() throws {
        let shown = try ServiceConfiguration(from: .test(file: uncommented(part: 0)))
        let url = shown.database.url.rawValue
        #expect(try ServiceConfiguration(from: .test(["DATABASE_URL": url])) == shown)
    }

    @Test func `its second part is what docker-compose.yml reads, with the defaults there`() {
        let file = EnvironmentFile(parsing: Array(uncommented(part: 1).utf8), path: "")
        #expect(file.faults == [])
        #expect(file.values.map { "\($0):-\($1)" }.sorted() == Set(substitutions).sorted())
    }

    @Test func `nothing of its second part looks like a slip to the service`() {
        #expect(Environment.test(file: uncommented(part: 1)).unknownVariables == [])
    }

    @Test func `every variable has a comment above it`() {
        let lines = example.split(separator: "\n", omittingEmptySubsequences: false)
        for (above, line) in zip(lines, lines.dropFirst()) where Self.isVariable(line) {
            #expect(above.hasPrefix("# ") && !Self.isVariable(above) && above.hasSuffix("."))
        }
    }

    /// The lines of one part that set a variable, without the `# ` before them.
    private func uncommented(part: Int) -> String {
        let parts = example.split(separator: "\n# --- Docker Compose: ", maxSplits: 1)
        return parts[part].split(separator: "\n").filter(Self.isVariable).map { $0.dropFirst(2) }
            .joined(separator: "\n")
    }

    /// What stands between `${` and `}` in docker-compose.yml, such as `POSTGRES_DB:-users`.
    private var substitutions: [String] {
        compose.split(separator: "${").dropFirst().map { String($0.prefix { $0 != "}" }) }
    }

    private static func isVariable(_ line: Substring) -> Bool {
        guard line.hasPrefix("# "), let end = line.firstIndex(of: "=") else { return false }
        return line[..<end].dropFirst(2).allSatisfy { $0.isUppercase || $0 == "_" }
    }
}
