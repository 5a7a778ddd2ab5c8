import HTTPServer
import HTTPTesting
import Testing

@Suite("Conformance: answers", .timeLimit(.minutes(2)))
struct AnswerConformanceTests {
    typealias Row = ConformanceRow
    typealias Answer = ConformanceRow.Answer

    @Test(arguments: methods + limits + unread + refusedHeads)
    func `it is answered as the RFC has it`(_ row: ConformanceRow) async throws {
        try await row.play()
    }

    static let methods: [Row] = [
        Row(
            "HEAD", "9110 §9.3.2", Wire.head("HEAD /p/abc HTTP/1.1"),
            .open([head(200, length: "3")])),
        Row(
            "HEAD of no resource", "9110 §9.3.2", Wire.head("HEAD /none HTTP/1.1"),
            .open([.head(404)])),
        Row(
            "HEAD where there is no GET", "9110 §9.3.2", Wire.head("HEAD /echo HTTP/1.1"),
            .open([.head(405)])),
        Row(
            "HEAD of what is unchanged", "9110 §15.4.5", Wire.head("HEAD /unchanged HTTP/1.1"),
            .open([.head(304)])),
        Row(
            "HEAD, then GET", "9110 §9.3.2", Wire.head("HEAD /p/1 HTTP/1.1") + Wire.get("/p/1"),
            .open([.head(200), Answer(200, "1")])),
        Row(
            "204", "9110 §15.3.5", Wire.head("DELETE /p/1 HTTP/1.1"),
            .open([.field(204, "Content-Length", nil)])),
        Row(
            "304", "9110 §15.4.5", Wire.get("/unchanged"),
            .open([.field(304, "Content-Length", nil)])),
        Row(
            "405 to POST", "9110 §15.5.6", Wire.post("/", ""),
            .open([.field(405, "Allow", "GET, HEAD, OPTIONS")])),
        Row(
            "405 to GET", "9110 §15.5.6", Wire.get("/echo"),
            .open([.field(405, "Allow", "POST, PUT, OPTIONS")])),
        Row(
            "405 to PATCH", "9110 §15.5.6", Wire.head("PATCH /p/1 HTTP/1.1"),
            .open([.field(405, "Allow", "GET, DELETE, HEAD, OPTIONS")])),
        Row(
            "404 to PUT", "9110 §15.5.5", Wire.head("PUT /none HTTP/1.1", ["Content-Length: 0"]),
            .open([.field(404, "Allow", nil)])),
        Row(
            "HTTP/1.1 to HTTP/1.0", "9110 §2.5", Wire.head("GET /none HTTP/1.0"),
            .closed([Answer(404)])),
    ]

    /// The content is left unread by whatever answers, and is read all the same.
    static let unread: [Row] =
        [
            "POST /none", "POST /p/1", "DELETE /p/1", "GET /p/1", "BREW /p/1", "OPTIONS *",
        ].flatMap { line in
            ["x\r\n", "1\na\r\n0\r\n\r\n", "1\r\nab\r\n", "0\r\nX : a\r\n\r\n"].map { chunks in
                Row(
                    "\(line) \(chunks.debugDescription)", "9112 §7.1",
                    Wire.head("\(line) HTTP/1.1", ["Transfer-Encoding: chunked"]) + chunks,
                    .refused(400))
            }
        }

    /// HEAD is told of its faults by the header section alone.
    static let refusedHeads: [Row] = [
        Row("no Host", "9110 §9.3.2", "HEAD / HTTP/1.1\r\n\r\n", .closed([.head(400)])),
        Row(
            "a malformed field", "9110 §9.3.2", Wire.head("HEAD / HTTP/1.1", ["X : a"]),
            .closed([.head(400)])),
        Row(
            "an expectation", "9110 §9.3.2", Wire.head("HEAD / HTTP/1.1", ["Expect: x"]),
            .closed([.head(417)])),
        Row(
            "too long a field", "9110 §9.3.2",
            Wire.head("HEAD / HTTP/1.1", ["X: " + long("a", 20_000)]), .closed([.head(431)])),
    ]

    private static func head(_ status: Int, length: String) -> Answer {
        var answer = Answer.head(status)
        answer.field = ("Content-Length", length)
        return answer
    }

    static let limits: [Row] = [
        Row(
            "a target too long", "9110 §15.5.15", Wire.get("/p/" + long("a", 16 * 1024)),
            .refused(414)),
        Row("a target without end", "9110 §15.5.15", "GET /" + long("a", 100_000), .refused(414)),
        Row("a query without end", "9110 §15.5.15", "GET /?" + long("a", 100_000), .refused(414)),
        Row(
            "an absolute target without end", "9110 §15.5.15", "GET http://" + long("a", 100_000),
            .refused(414)),
        Row(
            "a value too long", "6585 §5", Wire.get("/", "X: " + long("a", 16 * 1024)),
            .refused(431)),
        Row(
            "a value without end", "6585 §5",
            "GET / HTTP/1.1\r\nHost: a\r\nX: " + long("a", 100_000), .refused(431)),
        Row(
            "a name without end", "6585 §5", "GET / HTTP/1.1\r\nHost: a\r\n" + long("X", 100_000),
            .refused(431)),
        Row(
            "a Host without end", "6585 §5", "GET / HTTP/1.1\r\nHost: " + long("a", 100_000),
            .refused(431)),
        Row(
            "a section too large", "6585 §5",
            "GET / HTTP/1.1\r\nHost: a\r\n" + long("X: \(long("a", 1000))\r\n", 40), .refused(431)),
        Row(
            "101 fields", "6585 §5",
            Wire.head("GET / HTTP/1.1", [String](repeating: "X: y", count: 100)), .refused(431)),
        Row(
            "10,000 fields", "6585 §5", "GET / HTTP/1.1\r\nHost: a\r\n" + long("X: y\r\n", 10_000),
            .refused(431)),
        Row(
            "content of 1 MiB", "9110 §15.5.14", Wire.post("/echo", long("a", 1 << 20)),
            .ok(long("a", 1 << 20))),
        Row(
            "content too large", "9110 §15.5.14", Wire.postHead("/echo", length: 1 << 20 + 1),
            .refused(413)),
        Row(
            "content far too large", "9110 §15.5.14",
            Wire.postHead("/echo", length: 999_999_999_999_999_999), .refused(413)),
    ]

    @Test(arguments: [
        ("nonsense\r\n\r\n", 400), ("GET /" + long("a", 20_000), 414),
        (Wire.postHead("/echo", length: 200_000_000), 413),
        (Wire.postHead("/none", length: 200_000_000), 404), (Wire.chunked("/echo", "x\r\n"), 400),
    ])
    func `a client that goes on sending reads the whole answer`(_ request: String, _ status: Int)
        async throws
    {
        try await withConformanceService { configuration in
            // A busy machine lets the client wait between what it sends.
            configuration.lingerTimeout = .seconds(60)
        } _: { service in
            let client = try service.connect()
            try await client.send(request + long("x", 100_000))
            try await client.send(long("x", 50_000))
            let response = try await client.response()
            #expect(response.status == status && response["Connection"] == "close")
            try await client.send(long("x", 50_000))
            #expect(try await client.remainder() == [])
        }
    }

    @Test(arguments: 1...8)
    func `an exchange means the same in pieces`(_ pieceLength: Int) async throws {
        let requests =
            Wire.get("/p/1") + Wire.post("/echo", "abc")
            + Wire.chunked("/echo", "3;a=b\r\nabc\r\n0\r\nX: y\r\n\r\n")
            + "\r\n" + Wire.head("HEAD /p/1 HTTP/1.1") + "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n"
        try await withConformanceService { service in
            let client = try service.connect()
            try await client.send(Array(requests.utf8), pieceLength: pieceLength)
            #expect(try await client.response().text == "1")
            #expect(try await client.response().text == "abc")
            #expect(try await client.response().text == "abc")
            #expect(try await client.response(toHead: true).status == 200)
            #expect(try await client.response().status == 400)
            #expect(try await client.remainder() == [])
        }
    }
}
