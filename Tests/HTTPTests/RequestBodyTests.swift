import HTTP
import Testing

/// A source of given chunks that notes what it is asked for.
private actor ChunkSource: BodySource {
    private var chunks: [[UInt8]]
    private let ending: BodyError?
    private(set) var askedFor: [Int] = []

    init(_ chunks: [[UInt8]], ending: BodyError? = nil) {
        self.chunks = chunks
        self.ending = ending
    }

    func nextChunk(upTo bytesMax: Int) async throws(BodyError) -> [UInt8]? {
        askedFor.append(bytesMax)
        guard let chunk = chunks.first else {
            if let ending { throw ending }
            return nil
        }
        let part = Array(chunk.prefix(bytesMax))
        chunks[0].removeFirst(part.count)
        if chunks[0].isEmpty { chunks.removeFirst() }
        return part
    }
}

@Suite("Content of a request")
struct RequestBodyTests {
    private func collect(
        _ body: RequestBody, upTo bytesMax: Int
    ) async -> Result<[UInt8], BodyError> {
        do {
            return .success(try await body.collect(upTo: bytesMax))
        } catch {
            return .failure(error)
        }
    }

    @Test func `octets that are here are collected up to the limit`() async {
        let body = RequestBody(bytes: [1, 2, 3])
        #expect(await collect(body, upTo: 3) == .success([1, 2, 3]))
        #expect(await collect(body, upTo: 2) == .failure(.tooLarge))
        #expect(await collect(.empty, upTo: 0) == .success([]))
    }

    @Test(arguments: [(3, [3, 1, 1]), (4, [4, 2, 1]), (100, [100, 98, 97])])
    func `chunks are collected, never asking for more than the limit leaves`(
        _ bytesMax: Int, _ askedFor: [Int]
    ) async {
        let source = ChunkSource([[1, 2], [3]])
        let body = RequestBody(source: source, length: nil)
        #expect(await collect(body, upTo: bytesMax) == .success([1, 2, 3]))
        #expect(await source.askedFor == askedFor)
    }

    @Test(arguments: [0, 1, 2])
    func `chunks beyond the limit are too large`(_ bytesMax: Int) async {
        let body = RequestBody(source: ChunkSource([[1, 2], [3]]), length: nil)
        #expect(await collect(body, upTo: bytesMax) == .failure(.tooLarge))
    }

    @Test func `a declared length beyond the limit fails before anything is read`() async {
        let source = ChunkSource([[1, 2, 3]])
        let body = RequestBody(source: source, length: 3)
        #expect(await collect(body, upTo: 2) == .failure(.tooLarge))
        #expect(await source.askedFor.isEmpty)
    }

    @Test(arguments: [BodyError.connectionLost, .timedOut, .malformed(.malformedChunk)])
    func `what the source throws is thrown`(_ error: BodyError) async {
        let body = RequestBody(source: ChunkSource([[1]], ending: error), length: nil)
        #expect(await collect(body, upTo: 9) == .failure(error))
    }
}
