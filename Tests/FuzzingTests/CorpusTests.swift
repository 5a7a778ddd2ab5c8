import FoundationEssentials
import Fuzzing
import Testing

@Suite("What the fuzzer starts from")
struct CorpusTests {
    @Test(arguments: FuzzTarget.allCases)
    func `every property holds of it`(_ target: FuzzTarget) async throws {
        let inputs = try Self.inputs(of: target)
        #expect(inputs.count > 5)
        for (name, octets) in inputs {
            await #expect(throws: Never.self, "\(name)") { try await target.check(octets) }
        }
    }

    @Test(arguments: FuzzTarget.allCases, 0...3)
    func `an input that feeds nothing is one too`(_ target: FuzzTarget, _ count: Int) async throws {
        try await target.check(Array(repeating: 1, count: count))
    }

    private static func inputs(of target: FuzzTarget) throws -> [(name: String, octets: [UInt8])] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let folder = "\(tests.path)/Fuzzing/Corpus/\(target)"
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { name in
            let contents = try #require(FileManager.default.contents(atPath: "\(folder)/\(name)"))
            return (name, Array(contents))
        }
    }
}
