import HTTP
import HTTPTesting
import Testing

@testable import HTTPServer

@Suite("Content of requests", .timeLimit(.minutes(2)))
struct ContentTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let request: String
        /// What `/echo` answers.
        let content: String
    }

    static let cases = [
        Case(testDescription: "none", request: Wire.get("/echo"), content: ""),
        Case(testDescription: "length 0", request: Wire.post("/echo", ""), content: ""),
        Case(testDescription: "length", request: Wire.post("/echo", "hello"), content: "hello"),
        Case(
            testDescription: "no chunk", request: Wire.chunked("/echo", "0\r\n\r\n"),
            content: ""),
        Case(
            testDescription: "chunks",
            request: Wire.chunked(
                "/echo", "5\r\nhello\r\n1\r\n,\r\n00A\r\n 123456789\r\n0\r\n\r\n"),
            content: "hello, 123456789"),
        Case(
            testDescription: "extensions and trailers",
            request: Wire.chunked(
                "/echo",
                "2;name=value;flag\r\nhe\r\n3 ; q=\"a;\\\"b\"\r\nllo\r\n"
                    + "0;last\r\nX-Checksum: 1\r\nX-Other:2\r\n\r\n"),
            content: "hello"),
    ]

    @Test(arguments: cases)
    func `content comes to the handler whole, sent at once or octet by octet`(
        _ given: Case
    ) async throws {
        try await withServer { server in
            let client = try server.connect()
            for pieceLength in [Int.max / 2, 1, 2, 3, 7] {
                try await client.send(Array(given.request.utf8), pieceLength: pieceLength)
                #expect(try await client.response().text == given.content)
            }
        }
    }

    @Test func `a large body passes through many reads`() async throws {
        try await withServer { server in
            let content = String(repeating: "0123456789abcdef", count: 1 << 15)
            let chunk = "80000\r\n\(content)\r\n0\r\n\r\n"
            let client = try server.connect()
            #expect(try await client.exchange(Wire.post("/echo", content)).text == content)
            #expect(try await client.exchange(Wire.chunked("/echo", chunk)).text == content)
        }
    }

    @Test(arguments: [
        Case(
            testDescription: "length at the limit", request: Wire.post("/echo", "0123456789"),
            content: "0123456789"),
        Case(
            testDescription: "chunks at the limit",
            request: Wire.chunked(
                "/echo", "5\r\n01234\r\n5;x=y\r\n56789\r\n0\r\nTrailer: 1\r\n\r\n"),
            content: "0123456789"),
        Case(
            testDescription: "chunks of one octet up to the limit",
            request: Wire.chunked(
                "/echo", (0..<10).map { "1\r\n\($0)\r\n" }.joined() + "0\r\n\r\n"),
            content: "0123456789"),
    ])
    func `content that just keeps the limit is taken`(_ given: Case) async throws {
        try await withServer { configuration in
            configuration.request.bodyBytesMax = 10
        } _: { server in
            let client = try server.connect()
            #expect(try await client.exchange(given.request).text == given.content)
            #expect(try await client.exchange(Wire.get("/next")).text == "/next")
        }
    }

    @Test func `without a limit content is taken too`() async throws {
        try await withServer { configuration in
            configuration.request.bodyBytesMax = .max
        } _: { server in
            let client = try server.connect()
            let chunks = Wire.chunked("/echo", "5\r\nhello\r\n0\r\n\r\n")
            try await client.send(Wire.get("/1") + chunks + Wire.post("/echo", "world"))
            #expect(try await client.response().text == "/1")
            #expect(try await client.response().text == "hello")
            #expect(try await client.response().text == "world")
        }
    }

    @Test(arguments: [
        Case(
            testDescription: "length", request: Wire.post("/echo", "0123456789a"), content: ""),
        Case(
            testDescription: "one chunk",
            request: Wire.chunked("/echo", "b\r\n0123456789a\r\n0\r\n\r\n"), content: ""),
        Case(
            testDescription: "the second chunk",
            request: Wire.chunked("/echo", "a\r\n0123456789\r\n1\r\na\r\n0\r\n\r\n"),
            content: ""),
        Case(
            testDescription: "a chunk size of sixteen digits",
            request: Wire.chunked("/echo", "0fffffffffffffff\r\nx"), content: ""),
    ])
    func `content beyond the limit is answered with 413`(_ given: Case) async throws {
        try await withServer { configuration in
            configuration.request.bodyBytesMax = 10
        } _: { server in
            let response = try await server.exchange(given.request)
            #expect(response.status == 413)
            #expect(response.text.contains(#""code":"body_too_large""#))
        }
    }

    @Test(arguments: [
        "z\r\n", "5\r\nhello0\r\n\r\n", "5\nhello\r\n0\r\n\r\n", "-1\r\n\r\n", "5 5\r\nhello",
        "0\r\nno colon\r\n\r\n",
    ])
    func `malformed chunks are answered with 400, and the connection ends`(
        _ encoded: String
    ) async throws {
        try await withServer { server in
            let client = try server.connect()
            let response = try await client.exchange(Wire.chunked("/echo", encoded))
            #expect(response.status == 400)
            #expect(response["Connection"] == "close")
            #expect(try await client.remainder() == [])
        }
    }

    @Test func `a client that waits for the answer before its content gets it`() async throws {
        try await withServer { server in
            let client = try server.connect()
            try await client.send(
                Wire.get("/1") + Wire.postHead("/echo", length: 5))
            // The second request is not whole; the first one's answer must not wait for that.
            #expect(try await client.response().text == "/1")
            try await client.send("hello")
            #expect(try await client.response().text == "hello")
        }
    }
}
