import Ambient
import HTTP
import HTTPTesting
import HTTPTypes
import JSONLogging
import MetricsTesting
import Middleware
import PrometheusMetrics
import Routing
import Testing

/// Answers with what a test has made up.
private struct TestHandler: Handler {
    let answer: @Sendable (Request) -> Response

    func respond(to request: Request) async -> Response { answer(request) }
}

/// Why an answer is a 5xx.
private struct Cause: Error, CustomStringConvertible {
    var description: String { "no connection to 10.0.0.7" }
}

@Suite("Recorded requests")
struct RequestRecorderTests {
    private let log: TestLog
    private let received = MonotonicTime.now
    private let registry = MetricsRegistry(loopCount: 1)
    private let metrics: RequestMetrics

    init() throws {
        log = try TestLog()
        metrics = RequestMetrics(
            routes: ["/users", "/users/{id}"], statuses: [503, 200, 201, 400], in: registry)
    }

    /// A recorder whose clock shows 12.345 ms after ``received``.
    private func recorder(
        tellsClients: Bool = false, _ answer: @escaping @Sendable (Request) -> Response
    ) -> RequestRecorder {
        let finished = received + .microseconds(12_345)
        return RequestRecorder(
            next: TestHandler(answer: answer), ids: RequestIDGenerator(entropy: .seeded(1)),
            log: log.accessLog(tellsClients: tellsClients), metrics: metrics,
            shard: registry.shard(ofLoop: 0), wallClock: .fixed(at: TestLog.time),
            clock: { finished })
    }

    /// What was counted, each with its labels, but for what has not happened.
    private var counted: [Substring] { registry.nonzeroLines }

    private func request(_ line: String, _ fields: [String] = []) throws -> Request {
        try Request(line, fields: fields, receivedAt: received)
    }

    @Test func `a request gets one line, with its route's template, not its path`() async throws {
        let recorder = recorder { _ in
            var response = Response(
                status: .created, contentType: "text/plain", body: [UInt8](repeating: 0, count: 7))
            response.route = RouteName(template: "/users/{id}", number: 1)
            return response
        }
        _ = await recorder.respond(
            to: try request(
                "PUT /users/ada?secret=1",
                [
                    "X-Request-ID: r-1",
                    "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                ]))
        #expect(
            log.lines() == [
                #"{"timestamp":"1970-01-01T00:00:00.000000Z","log_level":"INFO","#
                    + #""service":"user-management","message":"PUT /users/{id} 201","#
                    + #""request_id":"r-1","method":"PUT","route":"/users/{id}","status":201,"#
                    + #""duration_ms":12.345,"bytes":7,"#
                    + #""trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"}"#
            ])
    }

    @Test func `a request is counted by method, route and status, and timed`() async throws {
        let recorder = recorder { _ in
            var response = Response(status: .created)
            response.route = RouteName(template: "/users/{id}", number: 1)
            return response
        }
        for line in ["PUT /users/a", "PUT /users/b", "HEAD /users/a", "BREW /users/a"] {
            _ = await recorder.respond(to: try request(line))
        }
        _ = recorder.respond(
            toUnreadable: Problem(.malformedHost), from: .unknown, receivedAt: received)
        let requests = counted.filter { $0.hasPrefix("http_requests_total") }
        #expect(
            requests == [
                #"http_requests_total{method="HEAD",route="/users/{id}",status="201"} 1"#,
                #"http_requests_total{method="PUT",route="/users/{id}",status="201"} 2"#,
                #"http_requests_total{method="other",route="-",status="400"} 1"#,
                #"http_requests_total{method="other",route="/users/{id}",status="201"} 1"#,
            ])
        let name = "http_request_duration_seconds_bucket"
        let times = counted.filter { $0.hasPrefix(#"\#(name){method="PUT""#) }
        #expect(times.first == #"\#(name){method="PUT",route="/users/{id}",le="0.025"} 2"#)
        #expect(
            counted.contains(
                #"http_request_duration_seconds_sum{method="PUT",route="/users/{id}"} 0.02469"#))
    }

    @Test func `a request is in flight until it is answered`() async throws {
        let recorder = recorder { [registry] _ in
            let octets = ExpositionFormat.text.serialize(registry.families())
            return Response(status: .ok, contentType: "text/plain", body: octets)
        }
        let response = await recorder.respond(to: try request("GET /"))
        let during = String(decoding: response.body, as: UTF8.self)
        #expect(during.contains("\nhttp_requests_in_flight 1\n"))
        #expect(!counted.contains { $0.hasPrefix("http_requests_in_flight") })
    }

    @Test(arguments: [99, 199, 418, 599, 600, 999])
    func `a status that no answer should have is another one`(_ status: Int) async throws {
        _ = await recorder { _ in Response(status: .init(code: status)) }
            .respond(to: try request("GET /"))
        #expect(
            counted.contains(#"http_requests_total{method="GET",route="-",status="other"} 1"#))
    }

    @Test func `the line of HEAD counts no octets`() async throws {
        let recorder = recorder { _ in
            Response(status: .ok, contentType: "text/plain", body: [1, 2, 3])
        }
        _ = await recorder.respond(to: try request("HEAD /"))
        #expect(log.lines().first?.contains(#""bytes":0}"#) == true)
    }

    @Test func `a line names the user whom the answer names, by the id`() async throws {
        let recorder = recorder { _ in
            var response = Response(status: .forbidden)
            response.user = UUID(high: 1, low: 2)
            return response
        }
        _ = await recorder.respond(to: try request("GET /"))
        #expect(log.lines()[0].contains(#""user_id":"00000000-0000-0001-0000-000000000002"}"#))
    }

    @Test(arguments: [false, true])
    func `lines tell the client's address if they are to, also of what could not be read`(
        tellsClients: Bool
    ) async throws {
        let recorder = recorder(tellsClients: tellsClients) { _ in Response(status: .ok) }
        let client = ClientAddress(v4: 0xc000_0201)
        _ = await recorder.respond(to: try Request("GET /", client: client))
        _ = recorder.respond(
            toUnreadable: Problem(.malformedHost), from: client, receivedAt: received)
        let lines = log.lines()
        #expect(lines.count == 2)
        for line in lines {
            #expect(line.contains(#""client":"192.0.2.1""#) == tellsClients)
            #expect(line.contains("192.0.2.1") == tellsClients)
        }
    }

    @Test func `the cause of a 5xx is logged and not sent`() async throws {
        let recorder = recorder { request in
            Problem.unavailable(retryAfterSeconds: 1, cause: Cause())
                .response(instance: request.head.target.path, requestID: request.id)
        }
        let response = await recorder.respond(
            to: try request("GET /users", ["X-Request-ID: r-1"]))
        let lines = log.lines()
        #expect(lines.count == 1)
        #expect(lines[0].contains(#""log_level":"ERROR""#))
        #expect(lines[0].contains(#""status":503"#) && lines[0].contains(#""route":"-""#))
        #expect(lines[0].contains(#""cause":"no connection to 10.0.0.7""#))
        #expect(!String(decoding: response.body, as: UTF8.self).contains("10.0.0.7"))
    }

    @Test func `what could not be read gets a line, an id and a problem with the id`() throws {
        let response = recorder { _ in Response(status: .ok) }
            .respond(
                toUnreadable: Problem(.malformedHost), from: .unknown, receivedAt: received)
        let id = try #require(response.fields.value(of: .requestID))
        #expect(response.status == .badRequest)
        #expect(response.fields.value(of: .contentType) == "application/problem+json")
        let text = String(decoding: response.body, as: UTF8.self)
        #expect(text.contains("\"request_id\":\"\(id)\"") && !text.contains("instance"))
        #expect(
            log.lines() == [
                #"{"timestamp":"1970-01-01T00:00:00.000000Z","log_level":"INFO","#
                    + #""service":"user-management","message":"- - 400","#
                    + #""request_id":"\#(id)","method":"-","route":"-","status":400,"#
                    + #""duration_ms":12.345,"bytes":\#(response.body.count)}"#
            ])
    }

    @Test(arguments: [200, 204, 304, 404, 500])
    func `every answer carries the request's id, once`(_ status: Int) async throws {
        let response = await recorder { _ in Response(status: .init(code: status)) }
            .respond(to: try request("GET /", ["x-request-id: abc"]))
        #expect(response.fields.value(of: .requestID) == "abc")
        var rest = response.fields
        rest.remove(.requestID)
        #expect(rest == Response(status: .ok).fields)
    }

    struct IDCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let fields: [String]
        /// Whether the client's id is the request's.
        let isKept: Bool
    }

    @Test(arguments: [
        IDCase(testDescription: "none", fields: [], isKept: false),
        IDCase(testDescription: "empty", fields: ["X-Request-ID:"], isKept: false),
        IDCase(testDescription: "one character", fields: ["X-Request-ID: a"], isKept: true),
        IDCase(
            testDescription: "all that is allowed",
            fields: ["X-Request-ID: AZaz09._-"], isKept: true),
        IDCase(
            testDescription: "64 characters",
            fields: ["X-Request-ID: " + String(repeating: "a", count: 64)], isKept: true),
        IDCase(
            testDescription: "65 characters",
            fields: ["X-Request-ID: " + String(repeating: "a", count: 65)], isKept: false),
        IDCase(testDescription: "a space", fields: ["X-Request-ID: a b"], isKept: false),
        IDCase(testDescription: "a quote", fields: ["X-Request-ID: a\"b"], isKept: false),
        IDCase(testDescription: "a slash", fields: ["X-Request-ID: a/b"], isKept: false),
        IDCase(testDescription: "an umlaut", fields: ["X-Request-ID: ä"], isKept: false),
        IDCase(
            testDescription: "two of them", fields: ["X-Request-ID: a", "X-Request-ID: b"],
            isKept: false),
    ])
    func `a client's id is kept if it is harmless`(_ given: IDCase) async throws {
        let recorder = recorder { request in
            Response(status: .ok, contentType: "text/plain", body: Array(request.id.utf8))
        }
        let response = await recorder.respond(to: try request("GET /", given.fields))
        let id = String(decoding: response.body, as: UTF8.self)
        #expect(response.fields.value(of: .requestID) == id)
        if given.isKept {
            #expect(given.fields == ["X-Request-ID: \(id)"])
        } else {
            #expect(id.utf8.count == 32 && id.utf8.allSatisfy(isHexadecimal))
        }
    }

    struct TraceCase: Sendable, CustomTestStringConvertible {
        let traceparent: String
        let isTaken: Bool
        var testDescription: String { traceparent }
    }

    private static let traceID = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let parentID = "00f067aa0ba902b7"

    @Test(arguments: [
        TraceCase(traceparent: "00-\(traceID)-\(parentID)-01", isTaken: true),
        TraceCase(traceparent: "00-\(traceID)-\(parentID)-00", isTaken: true),
        TraceCase(traceparent: "cc-\(traceID)-\(parentID)-01", isTaken: true),
        TraceCase(traceparent: "cc-\(traceID)-\(parentID)-01-what-comes", isTaken: true),
        TraceCase(traceparent: "cc-\(traceID)-\(parentID)-01.what-comes", isTaken: false),
        TraceCase(traceparent: "00-\(traceID)-\(parentID)-01-what-comes", isTaken: false),
        TraceCase(traceparent: "ff-\(traceID)-\(parentID)-01", isTaken: false),
        TraceCase(traceparent: "00-\(traceID)-\(parentID)", isTaken: false),
        TraceCase(traceparent: "00-\(traceID)-\(parentID)-0", isTaken: false),
        TraceCase(traceparent: "0-\(traceID)-\(parentID)-001", isTaken: false),
        TraceCase(traceparent: "00-\(traceID)_\(parentID)-01", isTaken: false),
        TraceCase(
            traceparent: "00-4BF92F3577B34DA6A3CE929D0E0E4736-\(parentID)-01", isTaken: false),
        TraceCase(
            traceparent: "00-00000000000000000000000000000000-\(parentID)-01", isTaken: false),
        TraceCase(traceparent: "00-\(traceID)-0000000000000000-01", isTaken: false),
        TraceCase(traceparent: "00-\(traceID)-\(parentID)-0g", isTaken: false),
        TraceCase(traceparent: "", isTaken: false),
    ])
    func `a trace is logged if the client's field is well formed`(
        _ given: TraceCase
    ) async throws {
        let recorder = recorder { _ in Response(status: .ok) }
        _ = await recorder.respond(
            to: try request("GET /", ["traceparent: \(given.traceparent)"]))
        let line = try #require(log.lines().first)
        #expect(line.contains("\"trace_id\":\"\(Self.traceID)\"") == given.isTaken)
        #expect(line.contains("trace_id") == given.isTaken)
    }
}

func isHexadecimal(_ octet: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet)
        || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(octet)
}
