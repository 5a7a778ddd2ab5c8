import HTTPTesting
import MetricsTesting
import PrometheusMetrics
import Testing

@testable import HTTPServer

@Suite("What a server counts", .timeLimit(.minutes(2)))
struct ServerMetricsTests {
    @Test func `the octets that come and go`() async throws {
        try await withServer { server in
            let client = try server.connect()
            let request = Wire.get("/1", "Connection: close")
            try await client.send(request)
            let answer = try await client.remainder()
            #expect(server.counted("http_request_bytes_total") == request.utf8.count)
            #expect(server.counted("http_response_bytes_total") == answer.count)
        }
    }

    @Test func `connections that are taken, and those that are closed at once`() async throws {
        try await withServer { configuration in
            configuration.connectionsMax = 1
        } _: { server in
            let first = try server.connect()
            _ = try await first.exchange(Wire.get("/1"))
            let second = try server.connect()
            #expect(try await second.remainder() == [])
            #expect(server.counted("http_connections_accepted_total") == 2)
            let refused = "http_connections_refused_total"
            #expect(server.counted(refused + #"{reason="connections"}"#) == 1)
            #expect(server.counted(refused + #"{reason="connections_of_client"}"#) == 0)
            #expect(server.counted(refused + #"{reason="descriptors"}"#) == 0)
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let octets: String
        let reason: String
        var testDescription: String { reason }
    }

    @Test(arguments: [
        Case(octets: "nonsense\r\n\r\n", reason: "malformed_request_line"),
        Case(
            octets: Wire.get("/1") + "GET / HTTP/2.0\r\n\r\n", reason: "unsupported_version"),
        Case(octets: Wire.chunked("/echo", "x\r\n"), reason: "malformed_chunk"),
    ])
    func `what cannot be read, by its reason, once`(_ given: Case) async throws {
        try await withServer { server in
            let client = try server.connect()
            try await client.send(given.octets)
            _ = try await client.remainder()
            #expect(server.counted("http_parse_errors_total") == nil)
            let series = server.metrics.lines.filter { $0.hasPrefix("http_parse_errors_total") }
            #expect(
                series.filter { !$0.hasSuffix(" 0") } == [
                    #"http_parse_errors_total{reason="\#(given.reason)"} 1"#
                ])
            #expect(series.count == 29)
        }
    }

    @Test func `a chunk that comes late and is malformed counts too`() async throws {
        try await withServer { server in
            let client = try server.connect()
            try await client.send(Wire.chunked("/echo", "5\r\nhello\r\n"))
            #expect(await eventually { server.responder.requests.count == 1 })
            try await client.send("x\r\n")
            _ = try await client.remainder()
            #expect(server.counted(#"http_parse_errors_total{reason="malformed_chunk"}"#) == 1)
        }
    }
}

extension TestServer {
    /// The value of a series; nil if there is none.
    fileprivate func counted(_ series: String) -> Int? {
        metrics.value(of: series).flatMap { Int($0) }
    }
}
