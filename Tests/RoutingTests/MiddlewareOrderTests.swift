import HTTP
import HTTPTesting
import HTTPTypes
import Routing
import Synchronization
import Testing

/// What happened, in order.
private final class Journal: Sendable {
    private let lines = Mutex<[String]>([])

    var entries: [String] { lines.withLock { $0 } }

    func note(_ line: String) { lines.withLock { $0.append(line) } }
}

private struct NotingMiddleware: Middleware {
    let name: String
    let journal: Journal
    /// Answers itself instead of asking who is next.
    var answers = false

    func respond(to request: Request, next: any Handler) async -> Response {
        journal.note("\(name) in")
        defer { journal.note("\(name) out") }
        return answers ? Response(status: .forbidden) : await next.respond(to: request)
    }
}

private struct NotingHandler: Handler {
    let journal: Journal

    func respond(to request: Request) async -> Response {
        journal.note("handler")
        return Response(status: .ok)
    }
}

@Suite("Middleware before a handler")
struct MiddlewareOrderTests {
    private let journal = Journal()

    @Test func `the first one sees a request first and its answer last`() async throws {
        let handler = NotingHandler(journal: journal).behind(
            ["a", "b", "c"].map { NotingMiddleware(name: $0, journal: journal) })
        let response = await handler.respond(to: try Request("GET /"))
        #expect(response.status == .ok)
        #expect(
            journal.entries == ["a in", "b in", "c in", "handler", "c out", "b out", "a out"])
    }

    @Test func `one that answers itself keeps the request from the rest`() async throws {
        let handler = NotingHandler(journal: journal).behind([
            NotingMiddleware(name: "a", journal: journal),
            NotingMiddleware(name: "b", journal: journal, answers: true),
            NotingMiddleware(name: "c", journal: journal),
        ])
        let response = await handler.respond(to: try Request("GET /"))
        #expect(response.status == .forbidden)
        #expect(journal.entries == ["a in", "b in", "b out", "a out"])
    }

    @Test func `without any the handler answers alone`() async throws {
        let handler = NotingHandler(journal: journal).behind([])
        #expect(await handler.respond(to: try Request("GET /")).status == .ok)
        #expect(journal.entries == ["handler"])
    }
}
