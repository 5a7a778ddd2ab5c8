import Testing

@Suite("Shared state")
struct SharedStateTests {
    private let rule = SharedState(
        uncheckedFiles: ["Sources/Proven/Loop.swift"], lockingTargets: ["Locking"])

    @Test func `is checked by the compiler, and locked, only where it may be`() throws {
        try expectNoFindings(of: SharedState.current.findings)
        let idle = try SharedState.current.idleAllowances(among: Repository.files)
        #expect(idle == [])
    }

    @Test(arguments: [
        "final class Box: @unchecked Sendable {}", "nonisolated(unsafe) var count = 0",
        "extension Box: @unchecked @retroactive Sendable {}", "let state = Mutex(0)",
        "let state: Mutex<Int>", "var lock = pthread_mutex_t()",
    ])
    func `is found where it may not be`(_ line: String) {
        #expect(findings("\n\(line)\n", path: "Sources/Other/X.swift") == [2])
    }

    @Test func `is not found where it may be`() {
        let box = "class Box: @unchecked Sendable {}\n"
        #expect(findings(box, path: "Sources/Proven/Loop.swift") == [])
        #expect(findings("let state = Mutex(0)\n", path: "Sources/Locking/X.swift") == [])
        #expect(findings("let state = Mutex(0)\n", path: "Tests/Other/X.swift") == [])
        #expect(findings("// A Mutex, @unchecked\n", path: "Sources/Other/X.swift") == [])
    }

    @Test func `an allowance that nothing needs any more is found`() {
        let file = SourceFile(path: "Sources/Proven/Loop.swift", text: "actor Loop {}\n")
        #expect(rule.idleAllowances(among: [file]) == ["Sources/Proven/Loop.swift"])
    }

    private func findings(_ text: String, path: String) -> [Int] {
        rule.findings(in: SourceFile(path: path, text: text)).map(\.line)
    }
}
