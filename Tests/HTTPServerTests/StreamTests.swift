import HTTP
import HTTPTesting
import Testing

@testable import HTTPServer

@Suite("Content that is made while it is sent")
struct StreamTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let request: String
        /// What the head says of the content.
        let framing: String
        /// What follows the head, up to the end of the stream.
        let content: String
    }

    @Test(arguments: [
        Row(
            testDescription: "of unknown length it is chunked",
            request: "GET /stream HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            framing: "Transfer-Encoding: chunked\r\nConnection: close",
            content: "3\r\nabc\r\n3\r\nabc\r\n0\r\n\r\n"),
        Row(
            testDescription: "of known length it is sent as it is",
            request: "GET /stream/length HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            framing: "Content-Length: 6\r\nConnection: close", content: "abcabc"),
        Row(
            testDescription: "for HTTP/1.0 it ends with the connection",
            request: "GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            framing: "Connection: close", content: "abcabc"),
        Row(
            testDescription: "HEAD is told how it would be sent",
            request: "HEAD /stream HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            framing: "Transfer-Encoding: chunked\r\nConnection: close", content: ""),
        Row(
            testDescription: "the next request is answered after it",
            request: "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"
                + "GET /nothing HTTP/1.0\r\n\r\n",
            framing: "Transfer-Encoding: chunked",
            content: "3\r\nabc\r\n3\r\nabc\r\n0\r\n\r\nHTTP/1.1 204 No Content\r\n"
                + "Connection: close\r\n\r\n"),
    ])
    func `the client finds its end`(_ row: Row) async throws {
        try await withServer { server in
            let client = try server.connect()
            try await client.send(row.request)
            let answer = String(decoding: try await client.remainder(), as: UTF8.self)
                .replacing(
                    /(Date|X-Content-Type-Options|Content-Security-Policy): [^\r]*\r\n/, with: "")
            #expect(answer == "HTTP/1.1 200 OK\r\n\(row.framing)\r\n\r\n\(row.content)")
        }
    }

    @Test(arguments: [
        ("/stream/short", "Content-Length: 7\r\n\r\nabcabc"),
        ("/stream/long", "Content-Length: 5\r\n\r\nabc"),
        ("/stream/failure", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\nabc\r\n"),
    ])
    func `nobody takes it for complete when it is not`(path: String, end: String) async throws {
        try await withServer { server in
            let client = try server.connect()
            try await client.send(Wire.get("/1") + Wire.get(path))
            #expect(try await client.response().text == "/1")
            let rest = String(decoding: try await client.remainder(), as: UTF8.self)
            #expect(rest.hasPrefix("HTTP/1.1 200 OK\r\n") && rest.hasSuffix(end))
        }
    }

    @Test func `a failure is seen in HTTP 1.0 too`() async throws {
        try await withServer { server in
            let client = try server.connect()
            try await client.send("GET /stream/failure HTTP/1.0\r\n\r\n")
            await #expect(throws: RawHTTPError.reset) { try await client.remainder() }
        }
    }

    @Test func `a client that does not read holds it up, and is cut off in the end`() async throws {
        try await withServer { configuration in
            configuration.writeTimeout = .milliseconds(300)
            configuration.unsentBytesMax = 128 * 1024
        } _: { server in
            let client = try server.connect()
            try await client.send(Wire.get("/stream/endless"))
            try await client.waitForNews()
            let others = try await server.exchange(Wire.get("/b"))
            #expect(others.text == "/b")
            #expect(await eventually { server.connectionCount == 0 })
            // What the kernel buffers, and two chunks here.
            #expect(server.responder.madeChunks.count < 400)
            try await client.close()
        }
    }

    @Test func `a client that goes away ends it`() async throws {
        try await withServer { server in
            let client = try server.connect()
            try await client.send(Wire.get("/stream/endless"))
            try await client.waitForNews()
            try await client.reset()
            #expect(await eventually { server.connectionCount == 0 })
        }
    }

    @Test func `a body is read part by part, up to the limit`() async throws {
        try await withServer {
            $0.request.bodyBytesMax = 100_000
        } _: { server in
            let octets = String(repeating: "0123456789", count: 10_000)
            let whole = try await server.exchange(
                "POST /chunks HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + octets)
            #expect(whole.text == octets)
            let chunked = try await server.exchange(
                "POST /chunks HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "186a0\r\n\(octets)\r\n0\r\n\r\n")
            #expect(chunked.text == octets)
            let long = try await server.exchange(
                "POST /chunks HTTP/1.1\r\nHost: a\r\nContent-Length: 100001\r\n\r\n")
            #expect(long.status == 413)
        }
    }
}
