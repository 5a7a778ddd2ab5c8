import HTTPTesting
import Testing

@testable import HTTPServer

@Suite("What is no request", .timeLimit(.minutes(2)))
struct RefusalTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let octets: String
        let status: Int
        let code: String
        var testDescription: String { "\(code): \(octets.prefix(40).debugDescription)" }
    }

    @Test(arguments: [
        Case(octets: "nonsense\r\n\r\n", status: 400, code: "malformed_request_line"),
        Case(octets: "GET /\r\n\r\n", status: 400, code: "malformed_request_line"),
        Case(octets: "GET /\u{1} HTTP/1.1\r\n", status: 400, code: "malformed_request_line"),
        Case(octets: " GET / HTTP/1.1\r\n", status: 400, code: "malformed_request_line"),
        Case(octets: "GET /a/../b HTTP/1.1\r\n", status: 400, code: "malformed_target"),
        Case(octets: "GET / HTTP/1.1\r\n\r\n", status: 400, code: "missing_host"),
        Case(octets: "GET / HTTP/2.0\r\n", status: 505, code: "unsupported_version"),
        Case(
            octets: "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", status: 501,
            code: "unsupported_method"),
        Case(
            octets: "GET /" + String(repeating: "a", count: 20_000), status: 414,
            code: "target_too_long"),
        Case(
            octets: "GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "a", count: 20_000),
            status: 431, code: "field_too_large"),
        Case(
            octets: Wire.head("POST / HTTP/1.1", ["Content-Length: +1"]), status: 400,
            code: "malformed_content_length"),
        Case(
            octets: Wire.chunked("/", "0\r\n\r\n", "Content-Length: 5"), status: 400,
            code: "ambiguous_framing"),
        Case(
            octets: Wire.head("POST / HTTP/1.1", ["Transfer-Encoding: gzip, chunked"]),
            status: 501, code: "unsupported_transfer_coding"),
    ])
    func `it is answered with a whole problem, and the connection ends`(
        _ given: Case
    ) async throws {
        try await withServer { server in
            let client = try server.connect()
            let response = try await client.exchange(given.octets)
            #expect(response.status == given.status)
            #expect(response["Content-Type"] == "application/problem+json")
            #expect(response["Connection"] == "close")
            #expect(response["Date"]?.hasSuffix(" GMT") == true)
            #expect(response.text.contains("\"code\":\"\(given.code)\""))
            #expect(response.text.contains(#""request_id":"unreadable""#))
            #expect(try await client.remainder() == [])
        }
    }

    @Test func `requests before it are answered first`() async throws {
        try await withServer { server in
            let client = try server.connect()
            try await client.send(Wire.get("/1") + Wire.get("/2") + "nonsense\r\n\r\n")
            #expect(try await client.response().text == "/1")
            #expect(try await client.response().text == "/2")
            #expect(try await client.response().status == 400)
            #expect(try await client.remainder() == [])
        }
    }

    @Test func `a client that goes on sending still reads the answer`() async throws {
        try await withServer { configuration in
            configuration.lingerTimeout = .seconds(60)
        } _: { server in
            let client = try server.connect()
            try await client.send("nonsense\r\n\r\n" + String(repeating: "x", count: 200_000))
            #expect(try await client.response().status == 400)
            // Octets that the server had not read would have made this a reset.
            try await client.send(String(repeating: "x", count: 20_000))
            #expect(try await client.remainder() == [])
        }
    }

    @Test func `a client that sends more than is dropped reads its answer and is cut off`()
        async throws
    {
        try await withServer { configuration in
            configuration.discardedBytesMax = 1024
            configuration.lingerTimeout = .milliseconds(500)
        } _: { server in
            let client = try server.connect()
            #expect(try await client.exchange("nonsense\r\n\r\n").status == 400)
            await #expect(throws: RawHTTPError.reset) {
                while true { try await client.send(String(repeating: "x", count: 1024)) }
            }
            #expect(await eventually { server.connectionCount == 0 })
        }
    }

    @Test func `empty lines before a request are no request`() async throws {
        try await withServer { server in
            let client = try server.connect()
            #expect(try await client.exchange("\r\n\r\n" + Wire.get("/1")).text == "/1")
            #expect(try await client.exchange("\r\n" + Wire.get("/2")).text == "/2")
        }
    }
}
