import HTTP
import HTTPTesting
import HTTPTypes
import Reactor
import Routing
import Synchronization
import Testing

@testable import Documents

@Suite("A document that is made when it is first asked for")
struct LazyDocumentTests {
    /// Asks three times for a document on a loop.
    /// - Returns: Of each time that it was made, whether that was on the loop.
    private func makings(queueMax: Int) async throws -> [Bool] {
        let pool = try OffloadPool(name: "documents", threads: 1, queueMax: queueMax)
        let loop = try EventLoop()
        try loop.start()
        defer { loop.stop() }
        let makings = Makings()
        let document = LazyDocument(madeOn: pool) {
            makings.append(loop.isCurrent)
            return FixedDocument("text/plain", Array("made".utf8))
        }
        let router = Router([Route(.get, "/document", .untold, document)])
        let request = try Request("GET /document")
        for _ in 0..<3 {
            let response = await loop.run { _ in await router.respond(to: request) }
            #expect(response.body == Array("made".utf8))
        }
        return makings.all
    }

    @Test func `it is made once, and not on the loop of whoever asks`() async throws {
        #expect(try await makings(queueMax: 8) == [false])
    }

    @Test func `it is made on the loop only where there is no room elsewhere`() async throws {
        #expect(try await makings(queueMax: 0) == [true])
    }
}

private final class Makings: Sendable {
    private let list = Mutex<[Bool]>([])

    var all: [Bool] { list.withLock { $0 } }

    func append(_ isOnLoop: Bool) { list.withLock { $0.append(isOnLoop) } }
}
