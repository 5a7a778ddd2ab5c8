import Testing

@Suite("Banned names")
struct BannedNamesTests {
    @Test func `no file uses one`() throws {
        try expectNoFindings(of: BannedNames.findings)
    }

    @Test(arguments: [
        "let queue = DispatchQueue(label: name)", "    private let lock = NSLock()",
        "Task.detached { await run() }", "try await Task.sleep(for: .seconds(1))",
        "default: fatalError()", "let file = try! open(path)", "let user = value as! User",
        "import Foundation", "package import Foundation", "print(value)",
        "await withUnsafeContinuation { waiter = $0 }", "AsyncStream.makeStream(of: Int.self)",
        "await withCheckedContinuation { continuation in",
        #"log("\(try! secret())")"#, "// TODO: later", "/// FIXME", "let x = 1  // TODO (#1)",
    ])
    func `is found`(_ line: String) {
        #expect(findings("\n\(line)\n") == [2])
    }

    @Test(arguments: [
        "import FoundationEssentials", "let path = try? open(file)", "let user = value as? User",
        "debugPrint(value)", "writer.print(value)", "let sprint = print", #"let x = "try! this""#,
        "// It is said with fatalError() elsewhere.", "func `never as! this`() {}",
        "// TODO(#12): later", "let TODO = 1",
    ])
    func `is not seen in what resembles one`(_ line: String) {
        #expect(findings("\n\(line)\n") == [])
    }

    @Test(arguments: ["Sources/user-management/X.swift", "Tests/X/X.swift"])
    func `printing is for the command line and for tests`(_ path: String) {
        #expect(findings("print(1)\n", path: path) == [])
    }

    private func findings(_ text: String, path: String = "Sources/X/X.swift") -> [Int] {
        BannedNames.findings(in: SourceFile(path: path, text: text)).map(\.line)
    }
}
