import HTTPTesting
import Testing

@testable import HTTPServer

@Suite("Content that a handler leaves", .timeLimit(.minutes(2)))
struct UnreadContentTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let request: String
        let staysOpen: Bool
    }

    @Test(arguments: [
        Case(
            testDescription: "of a length at the limit",
            request: Wire.post("/1", String(repeating: "x", count: 64)), staysOpen: true),
        Case(
            testDescription: "of a length beyond the limit",
            request: Wire.post("/1", String(repeating: "x", count: 65)), staysOpen: false),
        Case(
            testDescription: "in chunks at the limit",
            request: Wire.chunked(
                "/1", "40\r\n" + String(repeating: "x", count: 64) + "\r\n0\r\n\r\n"),
            staysOpen: true),
        Case(
            testDescription: "in chunks beyond the limit",
            request: Wire.chunked(
                "/1", "41\r\n" + String(repeating: "x", count: 65) + "\r\n0\r\n\r\n"),
            staysOpen: false),
        Case(
            testDescription: "and that was read in part",
            request: Wire.chunked("/part", "5\r\nhello\r\n6\r\nworld!\r\n0\r\n\r\n"),
            staysOpen: true),
    ])
    func `it is dropped up to a limit, else the connection ends`(_ given: Case) async throws {
        try await withServer { configuration in
            configuration.discardedBytesMax = 64
        } _: { server in
            let client = try server.connect()
            let response = try await client.exchange(given.request)
            #expect(response.status == 200)
            #expect(response["Connection"] == (given.staysOpen ? nil : "close"))
            if given.staysOpen {
                #expect(try await client.exchange(Wire.get("/2")).text == "/2")
            } else {
                #expect(try await client.remainder() == [])
            }
        }
    }

    @Test func `content too large to be dropped is not waited for`() async throws {
        try await withServer { configuration in
            configuration.bodyTimeout = .seconds(3600)
        } _: { server in
            let client = try server.connect()
            let response = try await client.exchange(Wire.postHead("/1", length: 1 << 30))
            #expect(response.status == 200 && response["Connection"] == "close")
            #expect(try await client.remainder() == [])
        }
    }

    @Test func `the interim answer is sent once the content is read`() async throws {
        try await withServer { server in
            let client = try server.connect()
            let head = Wire.postHead("/held/echo", length: 5, "Expect: 100-continue")
            try await client.send(head)
            await server.responder.arrivals.wait()
            server.responder.release.happened()
            let interim = try await client.response()
            #expect(interim.statusLine == "HTTP/1.1 100 Continue" && interim.fields == [])
            try await client.send("hello")
            #expect(try await client.response().text == "hello")
            #expect(try await client.exchange(Wire.get("/next")).text == "/next")
        }
    }

    @Test func `the interim answer comes behind those to earlier requests`() async throws {
        try await withServer { server in
            let client = try server.connect()
            let head = Wire.postHead("/echo", length: 5, "Expect: 100-continue")
            try await client.send(Wire.get("/1") + head)
            #expect(try await client.response().text == "/1")
            #expect(try await client.response().status == 100)
            try await client.send("hello")
            #expect(try await client.response().text == "hello")
        }
    }

    struct ExpectCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let request: String
        let status: Int
        let connection: String?
    }

    @Test(arguments: [
        ExpectCase(
            testDescription: "content that nobody reads",
            request: Wire.postHead("/1", length: 5, "Expect: 100-continue"),
            status: 200, connection: "close"),
        ExpectCase(
            testDescription: "content beyond the limit",
            request: Wire.postHead("/echo", length: 1 << 21, "Expect: 100-continue"),
            status: 413, connection: "close"),
        ExpectCase(
            testDescription: "content that has come already",
            request: Wire.post("/echo", "hello", "Expect: 100-continue"),
            status: 200, connection: nil),
        ExpectCase(
            testDescription: "content of length 0",
            request: Wire.postHead("/echo", length: 0, "Expect: 100-continue"),
            status: 200, connection: nil),
        ExpectCase(
            testDescription: "no content", request: Wire.get("/echo", "Expect: 100-continue"),
            status: 200, connection: nil),
        ExpectCase(
            testDescription: "a client of HTTP/1.0",
            request: Wire.head(
                "POST /echo HTTP/1.0", ["Expect: 100-continue", "Content-Length: 5"]) + "hello",
            status: 200, connection: "close"),
        ExpectCase(
            testDescription: "something else",
            request: Wire.postHead("/echo", length: 5, "Expect: 200-ok"),
            status: 417, connection: "close"),
    ])
    func `there is no interim answer to`(_ given: ExpectCase) async throws {
        try await withServer { server in
            let response = try await server.exchange(given.request)
            #expect(response.status == given.status)
            #expect(response["Connection"] == given.connection)
        }
    }
}
