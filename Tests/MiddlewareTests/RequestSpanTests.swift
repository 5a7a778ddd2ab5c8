import Ambient
import HTTP
import HTTPTesting
import HTTPTypes
import JSONLogging
import Middleware
import PrometheusMetrics
import Reactor
import Routing
import Synchronization
import Testing
import TraceExport
import Tracing

/// Answers with what a test has made up, inside whatever the request is answered in.
private struct SpanHandler: Handler {
    let answer: @Sendable (InstrumentationContext?) -> Response

    func respond(to request: Request) async -> Response { answer(InstrumentationContext.current) }
}

/// Has requests answered on a loop, as a connection does.
private actor LoopCaller {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(loop: EventLoop) { self.loop = loop }

    func isOnLoopAfter(_ request: Request, by recorder: RequestRecorder) async -> Bool {
        _ = await recorder.respond(to: request)
        return loop.isCurrent && InstrumentationContext.current == nil
    }
}

private final class Records: Sendable {
    private let list = Mutex<[SpanRecord]>([])
    var all: [SpanRecord] { list.withLock { $0 } }
    func append(_ record: SpanRecord) { list.withLock { $0.append(record) } }
}

@Suite("Spans of requests")
struct RequestSpanTests {
    private static let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    private let log: TestLog
    private let records = Records()
    private let received = MonotonicTime.now

    private let registry = MetricsRegistry(loopCount: 1)
    private let metrics: RequestMetrics

    init() throws {
        log = try TestLog()
        metrics = RequestMetrics(routes: ["/users/{id}"], statuses: [200], in: registry)
    }

    private func recorder(
        _ answer: @escaping @Sendable (InstrumentationContext?) -> Response = { _ in
            Response(status: .ok)
        }
    ) -> RequestRecorder {
        let (records, finished) = (records, received + .milliseconds(12))
        let tracer = OTLPTracer(
            sampler: TraceSampler(.parentOrAlwaysOn, ratio: 1), entropy: .seeded(1)
        ) { records.append($0) }
        return RequestRecorder(
            next: SpanHandler(answer: answer), ids: RequestIDGenerator(entropy: .seeded(1)),
            log: log.accessLog(), metrics: metrics, shard: registry.shard(ofLoop: 0),
            wallClock: .fixed(at: TestLog.time), tracer: tracer, clock: { finished })
    }

    private func request(_ line: String, _ fields: [String] = []) throws -> Request {
        try Request(line, fields: fields, receivedAt: received)
    }

    @Test func `a span has the route and the status, and no path`() async throws {
        let recorder = recorder { _ in
            var response = Response(status: .created)
            response.route = RouteName(template: "/users/{id}", number: 0)
            return response
        }
        _ = await recorder.respond(
            to: try request("PUT /users/ada?q=grace", ["User-Agent: hopper"]))
        let span = try #require(records.all.first)
        #expect(span.name == "PUT /users/{id}" && span.kind == .server && span.status == nil)
        #expect(
            span.attributes == [
                "http.request.method": "PUT", "http.route": "/users/{id}",
                "http.response.status_code": 201, "url.scheme": "http",
            ])
        #expect(span.parent == nil)
        // It began when the request's first octet was seen.
        #expect(span.end - span.start >= 12_000_000)
    }

    @Test func `a failure of the service is one of the span, and an odd method has no name`()
        async throws
    {
        let recorder = recorder { _ in Response(status: .notImplemented) }
        _ = await recorder.respond(to: try request("ADA /"))
        let span = try #require(records.all.first)
        #expect(span.name == "HTTP" && span.status == SpanStatus(code: .error))
        #expect(
            span.attributes == [
                "http.request.method": "_OTHER", "http.response.status_code": 501,
                "error.type": "501", "url.scheme": "http",
            ])
    }

    @Test func `a client's trace goes on, and the line tells the request's span`() async throws {
        let seen = Mutex<InstrumentationContext?>(nil)
        let recorder = recorder { context in
            seen.withLock { $0 = context }
            return Response(status: .ok)
        }
        _ = await recorder.respond(
            to: try request("GET /", ["traceparent: \(Self.parent)", "tracestate: a=1"]))
        let span = try #require(records.all.first)
        #expect(span.parent?.place.description == Self.parent)
        #expect(span.parent?.isRemote == true)
        #expect(span.position.state.text == "a=1")
        #expect(seen.withLock { $0?.position } == span.position)
        let line = try #require(log.lines().first)
        #expect(
            line.contains(
                #""trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","#
                    + #""span_id":"\#(span.position.place.spanID)""#))
    }

    @Test(arguments: [
        ["traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7"],
        ["traceparent: \(parent)", "traceparent: \(parent)"], ["tracestate: a=1"],
    ])
    func `without a trace that can be read another one begins`(_ fields: [String]) async throws {
        _ = await recorder().respond(to: try request("GET /", fields))
        let span = try #require(records.all.first)
        #expect(span.parent == nil && span.position.state == .empty)
        #expect(!"\(span.position.place)".contains("4bf92f3577b34da6a3ce929d0e0e4736"))
    }

    @Test func `a malformed state is dropped, and its trace goes on`() async throws {
        _ = await recorder().respond(
            to: try request("GET /", ["traceparent: \(Self.parent)", "tracestate: a=1,a=2"]))
        let span = try #require(records.all.first)
        #expect(span.parent?.place.description == Self.parent)
        #expect(span.position.state == .empty)
    }

    @Test func `what the client does not record is not recorded, but logged`() async throws {
        _ = await recorder().respond(
            to: try request("GET /", ["traceparent: \(Self.parent.dropLast())0"]))
        #expect(records.all.isEmpty)
        let line = try #require(log.lines().first)
        #expect(line.contains(#""trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":""#))
    }

    @Test func `a traced request does not leave its loop`() async throws {
        let loop = try EventLoop()
        try loop.start()
        defer { loop.stop() }
        let places = Mutex<[Bool]>([])
        let recorder = recorder { context in
            places.withLock { $0.append(loop.isCurrent && context != nil) }
            return Response(status: .ok)
        }
        let isOnLoop = await LoopCaller(loop: loop)
            .isOnLoopAfter(try request("GET /"), by: recorder)
        #expect(isOnLoop)
        #expect(places.withLock { $0 } == [true])
    }
}
