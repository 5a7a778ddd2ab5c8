import Ambient
import HTTP
import HTTPTesting
import HTTPTypes
import PrometheusMetrics
import Reactor
import Routing

@testable import HTTPServer

/// A service with one resource of every kind, behind a router, as a client of the network sees it.
struct ConformanceService: Sendable {
    let server: HTTPServer

    func connect() throws -> RawHTTPClient { try RawHTTPClient(port: server.port) }

    /// The resources. What a handler answers shows what it was given.
    static let router = Router([
        Route(.get, "/", .untold, Resource { _ in .text("root") }),
        Route(.get, "/p/{value}", .untold, Resource { .text($1["value"]) }),
        Route(
            .get, "/query", .untold, Resource { request in .text(request.head.target.query ?? "-") }
        ),
        Route(
            .get, "/authority", .untold,
            Resource { request in .text(request.head.authority ?? "-") }),
        Route(
            .get, "/fields", .untold,
            Resource { request in
                .text(
                    "\(request.head.fields.count) \(request.head.fields.value(of: .xTest) ?? "-")")
            }),
        Route(.get, "/unchanged", .untold, Resource { _ in Response(status: .notModified) }),
        Route(
            .get, "/injected", .untold, Resource { request in .injected(request.head.target.query) }
        ),
        Route(.post, "/echo", .untold, Resource(respond: Response.echo)),
        Route(.put, "/echo", .untold, Resource(respond: Response.echo)),
        Route(.delete, "/p/{value}", .untold, Resource { _ in Response(status: .noContent) }),
    ])

    private struct Resource: Endpoint {
        let answer: @Sendable (Request, PathParameters) async throws(Problem) -> Response

        init(_ answer: @escaping @Sendable (Request, PathParameters) -> Response) {
            self.answer = { request, parameters throws(Problem) in answer(request, parameters) }
        }

        init(_ answer: @escaping @Sendable (Request) -> Response) {
            self.answer = { request, _ throws(Problem) in answer(request) }
        }

        init(respond: @escaping @Sendable (Request) async throws(Problem) -> Response) {
            answer = { request, _ throws(Problem) in try await respond(request) }
        }

        func respond(
            to request: Request, _ parameters: PathParameters
        ) async throws(Problem) -> Response {
            try await answer(request, parameters)
        }
    }
}

extension HTTPField.Name {
    fileprivate static let xTest = HTTPField.Name(constant: "X-Test")
}

extension Response {
    fileprivate static func text(_ text: String) -> Response {
        Response(status: .ok, contentType: "text/plain", body: Array(text.utf8))
    }

    fileprivate static func echo(_ request: Request) async throws(Problem) -> Response {
        do throws(BodyError) {
            let body = try await request.body.collect(upTo: RequestLimits().bodyBytesMax)
            return Response(status: .ok, contentType: "text/plain", body: body)
        } catch {
            throw Problem(error)
        }
    }

    /// A response with a client's text, decoded, in a field.
    fileprivate static func injected(_ query: String?) -> Response {
        var response = Response.text("injected")
        let parameters = try? QueryParameters(parsing: query ?? "")
        response.fields.append(.location, parameters?.values(of: "to").first ?? "")
        return response
    }
}

/// Lets the router answer requests, and its problems answer what is none.
private struct RouterResponder: Responder {
    func respond(to request: Request) async -> Response {
        await ConformanceService.router.respond(to: request)
    }

    func respond(
        toUnreadable problem: Problem, from client: ClientAddress, receivedAt: MonotonicTime
    ) -> Response {
        problem.response(instance: "", requestID: "unreadable")
    }
}

/// Runs `body` with a service of its own, and ends it afterwards.
func withConformanceService(
    _ configure: (inout HTTPServerConfiguration) -> Void = { _ in },
    _ body: (ConformanceService) async throws -> Void
) async throws {
    var configuration = HTTPServerConfiguration()
    // A busy machine takes its time; where silence is tested, the test says how long.
    configuration.firstOctetTimeout = .seconds(120)
    configure(&configuration)
    let loops = try EventLoopGroup(count: 1)
    defer { loops.stop() }
    let listener = try Listener(host: "127.0.0.1", port: 0, backlog: configuration.backlog)
    let metrics = MetricsRegistry(loopCount: 1)
    let server = HTTPServer(
        listener: listener, loops: loops, configuration: configuration,
        metrics: ServerMetrics(in: metrics), shard: { metrics.shard(ofLoop: $0.index) },
        onShedding: { _ in },
        responder: { _ in RouterResponder() })
    try await server.start()
    let result: Result<Void, any Error>
    do {
        result = .success(try await body(ConformanceService(server: server)))
    } catch {
        result = .failure(error)
    }
    await server.drain(grace: .zero)
    _ = await eventually { loops.loops.allSatisfy { $0.connectionCount == 0 } }
    try result.get()
}
