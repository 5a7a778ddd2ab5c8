import Glibc
import HTTP
import HTTPTesting
import Reactor
import Testing

@testable import HTTPServer

/// Each limit of one message, set to little: what just keeps it is answered, one octet more is not.
@Suite("Limits of one message", .timeLimit(.minutes(2)))
struct LimitTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let fits: String
        let passes: String
        let status: Int
        let code: String
        /// What is left of the refused request is little, and dropped.
        var staysOpen = false
    }

    private static func configure(_ configuration: inout HTTPServerConfiguration) {
        configuration.request.requestLineBytesMax = 40
        configuration.request.methodBytesMax = 8
        configuration.request.headerBytesMax = 100
        configuration.request.fieldBytesMax = 40
        configuration.request.fieldCountMax = 4
        configuration.request.bodyBytesMax = 10
        configuration.request.chunkLineBytesMax = 12
        configuration.request.chunkExtensionBytesMax = 16
        configuration.request.trailerBytesMax = 50
        configuration.request.trailerCountMax = 2
    }

    static func x(_ count: Int) -> String { String(repeating: "x", count: count) }

    private static func trailers(_ lines: String...) -> String {
        Wire.chunked("/echo", "0\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n")
    }

    @Test(arguments: [
        // GET, two spaces and HTTP/1.1 are 13 octets.
        Case(
            testDescription: "request line", fits: Wire.get("/" + x(26)),
            passes: Wire.get("/" + x(27)), status: 414, code: "target_too_long"),
        Case(
            testDescription: "method", fits: Wire.head("ABCDEFGH / HTTP/1.1"),
            passes: Wire.head("ABCDEFGHI / HTTP/1.1"), status: 501, code: "unsupported_method"),
        // Host: example.com and the empty line are 21 octets, the other line ends 4.
        Case(
            testDescription: "header section",
            fits: Wire.get("/", "A: " + x(36), "B: " + x(33)),
            passes: Wire.get("/", "A: " + x(36), "B: " + x(34)), status: 431,
            code: "header_too_large"),
        Case(
            testDescription: "field", fits: Wire.get("/", "A: " + x(37)),
            passes: Wire.get("/", "A: " + x(38)), status: 431, code: "field_too_large"),
        Case(
            testDescription: "number of fields", fits: Wire.get("/", "A: 1", "B: 2", "C: 3"),
            passes: Wire.get("/", "A: 1", "B: 2", "C: 3", "D: 4"), status: 431,
            code: "too_many_fields"),
        Case(
            testDescription: "body of a length", fits: Wire.post("/echo", x(10)),
            passes: Wire.post("/echo", x(11)), status: 413, code: "body_too_large",
            staysOpen: true),
        Case(
            testDescription: "body in chunks",
            fits: Wire.chunked("/echo", "a\r\n\(x(10))\r\n0\r\n\r\n"),
            passes: Wire.chunked("/echo", "a\r\n\(x(10))\r\n1\r\nx\r\n0\r\n\r\n"), status: 413,
            code: "body_too_large"),
        Case(
            testDescription: "line before a chunk",
            fits: Wire.chunked("/echo", "1;abc=456789\r\nx\r\n0\r\n\r\n"),
            passes: Wire.chunked("/echo", "1;abc=4567890\r\nx\r\n0\r\n\r\n"), status: 400,
            code: "chunk_extensions_too_long"),
        Case(
            testDescription: "chunk extensions of a request",
            fits: Wire.chunked("/echo", "1;a=45678\r\nx\r\n1;b=45678\r\nx\r\n0\r\n\r\n"),
            passes: Wire.chunked(
                "/echo", "1;a=45678\r\nx\r\n1;b=45678\r\nx\r\n0;c\r\n\r\n"), status: 400,
            code: "chunk_extensions_too_long"),
        Case(
            testDescription: "trailer section", fits: trailers("A: " + x(21), "B: " + x(17)),
            passes: trailers("A: " + x(21), "B: " + x(18)), status: 431,
            code: "trailer_too_large"),
        Case(
            testDescription: "field of the trailer section", fits: trailers("A: " + x(37)),
            passes: trailers("A: " + x(38)), status: 431, code: "trailer_too_large"),
        Case(
            testDescription: "number of trailer fields", fits: trailers("A: 1", "B: 2"),
            passes: trailers("A: 1", "B: 2", "C: 3"), status: 431, code: "trailer_too_large"),
    ])
    func `what keeps a limit is answered, and what is beyond it refused`(
        _ given: Case
    ) async throws {
        try await withServer(Self.configure) { server in
            let client = try server.connect()
            #expect(try await client.exchange(given.fits).status == 200)
            let refusal = try await client.exchange(given.passes)
            #expect(refusal.status == given.status)
            #expect(refusal["Connection"] == (given.staysOpen ? nil : "close"))
            #expect(refusal["Date"] != nil && refusal["Content-Length"] != nil)
            #expect(refusal["Content-Type"] == "application/problem+json")
            #expect(refusal.text.contains("\"code\":\"\(given.code)\""))
            guard given.staysOpen else {
                let remainder = try await client.remainder()
                return #expect(remainder == [])
            }
            #expect(try await client.exchange(Wire.get("/next")).text == "/next")
        }
    }

    /// A route that takes 1,024 octets, of a server that takes more.
    @Test(arguments: [
        (Wire.post("/held/echo", x(1024)), 200),
        (Wire.post("/held/echo", x(1025)), 413),
        (Wire.chunked("/held/echo", "400\r\n\(x(1024))\r\n0\r\n\r\n"), 200),
        (Wire.chunked("/held/echo", "401\r\n\(x(1025))\r\n0\r\n\r\n"), 413),
        (Wire.postHead("/held/echo", length: 1025, "Expect: 100-continue"), 413),
    ])
    func `a route may take less than the server`(_ request: String, _ status: Int) async throws {
        try await withServer { server in
            server.responder.release.happened()
            let answer = try await server.exchange(request)
            #expect(answer.status == status)
        }
    }

    @Test func `a client that asks first is told 413 instead of to go on`() async throws {
        try await withServer(Self.configure) { server in
            let client = try server.connect()
            let head = Wire.postHead("/echo", length: 11, "Expect: 100-continue")
            let refusal = try await client.exchange(head)
            #expect(refusal.status == 413 && refusal["Connection"] == "close")
            #expect(try await client.remainder() == [])
        }
    }

    @Test func `what a client sends ahead is answered no further than the limit`() async throws {
        try await withServer { configuration in
            configuration.unsentBytesMax = 1024
            configuration.writeTimeout = .milliseconds(150)
        } _: { server in
            // More than the kernel takes for a client that does not read: it stops at some MiB.
            let socket = try TestSocket()
            socket.limitReceiving(to: 4096)
            try socket.connect(port: server.port)
            let size = 1 << 20
            try socket.send(String(repeating: Wire.get("/octets/\(size)"), count: 100))
            await server.responder.requests.wait()
            #expect(await eventually { server.connectionCount == 0 })
            #expect((1..<50).contains(server.responder.requests.count))
            #expect(try await server.exchange(Wire.get("/1")).text == "/1")
        }
    }

    @Test func `the kernel is asked to queue as many connections as are configured`() throws {
        let listener = try Listener(host: "127.0.0.1", port: 0, backlog: 17)
        var info = tcp_info()
        var length = socklen_t(MemoryLayout<tcp_info>.size)
        let code = getsockopt(
            listener.descriptor.rawValue, CInt(IPPROTO_TCP), TCP_INFO, &info, &length)
        // Of a socket that listens, this is the length of its queue.
        #expect(code == 0 && info.tcpi_sacked == 17)
    }
}
