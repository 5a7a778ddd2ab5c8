import HTTPServer
import HTTPTesting
import Testing

@Suite("Conformance: time", .timeLimit(.minutes(2)))
struct DeadlineConformanceTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        /// What follows again and again, if anything does.
        var drip: String?
        /// Nil: the connection ends without a word.
        let status: Int?
    }

    /// Much shorter than in production, much longer than the pauses of a drip.
    private static let short = Duration.milliseconds(150)

    @Test(arguments: [
        Case(testDescription: "nothing", text: "", status: nil),
        Case(testDescription: "an empty line", text: "\r\n", status: nil),
        Case(testDescription: "a part of a method", text: "GE", status: 408),
        Case(testDescription: "a part of a request line", text: "GET / HTTP/1.1", status: 408),
        Case(testDescription: "a request line", text: "GET / HTTP/1.1\r\n", status: 408),
        Case(
            testDescription: "fields without their end", text: "GET / HTTP/1.1\r\nHost: a\r\n",
            status: 408),
        Case(testDescription: "a target in a drip", text: "GET /", drip: "a", status: 408),
        Case(
            testDescription: "a value in a drip", text: "GET / HTTP/1.1\r\nX: ", drip: "a",
            status: 408),
        Case(
            testDescription: "fields in a drip", text: "GET / HTTP/1.1\r\n", drip: "X: a\r\n",
            status: 408),
        Case(testDescription: "no content", text: Wire.postHead("/echo", length: 5), status: 408),
        Case(
            testDescription: "a part of content", text: Wire.postHead("/echo", length: 5) + "ab",
            status: 408),
        Case(
            testDescription: "content in a drip", text: Wire.postHead("/echo", length: 99_999),
            drip: "a", status: 408),
        Case(testDescription: "no chunk", text: Wire.chunked("/echo", ""), status: 408),
        Case(
            testDescription: "a part of a chunk", text: Wire.chunked("/echo", "5\r\nab"),
            status: 408),
        Case(
            testDescription: "no last chunk", text: Wire.chunked("/echo", "1\r\na\r\n"), status: 408
        ),
        Case(
            testDescription: "no end of the trailers", text: Wire.chunked("/echo", "0\r\nX: a\r\n"),
            status: 408),
        Case(
            testDescription: "chunks in a drip", text: Wire.chunked("/echo", ""),
            drip: "1\r\na\r\n", status: 408),
        Case(
            testDescription: "an extension in a drip", text: Wire.chunked("/echo", "1;"), drip: "a",
            status: 408),
    ])
    func `a client that takes too long is answered with 408 and let go`(_ given: Case) async throws
    {
        try await withConformanceService { configuration in
            // A busy machine may take longer to bring the first octet of those that send one.
            if given.status == nil { configuration.firstOctetTimeout = Self.short }
            configuration.headTimeout = Self.short
            configuration.bodyTimeout = Self.short
        } _: { service in
            let client = try service.connect()
            try await client.send(given.text)
            if let drip = given.drip { try await client.drip(drip, pauseMilliseconds: 10) }
            if let status = given.status {
                let response = try await client.response()
                #expect(response.status == status)
                #expect(response["Connection"] == "close")
                response.checkForm()
            }
            #expect(try await client.remainder() == [])
        }
    }

    @Test func `a client that stays silent between requests is let go without a word`() async throws
    {
        try await withConformanceService { configuration in
            configuration.idleTimeout = Self.short
        } _: { service in
            let client = try service.connect()
            #expect(try await client.exchange(Wire.get("/p/1")).text == "1")
            #expect(try await client.remainder() == [])
        }
    }
}
