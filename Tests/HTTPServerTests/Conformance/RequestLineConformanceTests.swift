import Testing

@Suite("Conformance: the request line", .timeLimit(.minutes(2)))
struct RequestLineConformanceTests {
    typealias Row = ConformanceRow
    typealias Answer = ConformanceRow.Answer

    @Test(arguments: methods + versions + spaces + lineEnds)
    func `it is answered as the RFC has it`(_ row: ConformanceRow) async throws {
        try await row.play()
    }

    static let methods: [Row] = [
        Row("GET", "9110 §9.3.1", Wire.get("/p/1"), .ok("1")),
        Row("a lower-case method", "9110 §9.1", Wire.head("get /p/1 HTTP/1.1"), .status(501)),
        Row("a method in mixed case", "9110 §9.1", Wire.head("Get /p/1 HTTP/1.1"), .status(501)),
        Row("an unknown method", "9110 §15.6.2", Wire.head("BREW /p/1 HTTP/1.1"), .status(501)),
        Row("unknown, at no resource", "9110 §15.6.2", Wire.head("BREW /x HTTP/1.1"), .status(501)),
        Row(
            "a method of every tchar", "9110 §5.6.2", Wire.head("!#$%&'*+-.^_`|~ / HTTP/1.1"),
            .status(501)),
        Row(
            "unknown, with content", "9110 §9.1",
            Wire.head("BREW / HTTP/1.1", ["Content-Length: 3"]) + "abc", .status(501)),
        Row(
            "a method of 33 octets", "9112 §3", Wire.head(long("M", 33) + " / HTTP/1.1"),
            .refused(501)),
        Row("a method without end", "9112 §3", long("M", 20_000), .refused(501)),
        Row(
            "CONNECT to an authority", "9110 §9.3.6", Wire.head("CONNECT a:80 HTTP/1.1"),
            .refused(501)),
        Row("CONNECT to a path", "9110 §9.3.6", Wire.head("CONNECT / HTTP/1.1"), .refused(501)),
        Row(
            "TRACE", "9110 §9.3.8", Wire.head("TRACE /p/1 HTTP/1.1"),
            .open([.field(405, "Allow", "GET, DELETE, HEAD, OPTIONS")])),
        Row("no method", "9112 §3", Wire.head("/p/1 HTTP/1.1"), .refused(400)),
        Row(
            "a method, no token", "9110 §5.6.2", Wire.head("GE(T / HTTP/1.1"), .refused(400)),
        Row(
            "a method of octets above 0x7F", "9110 §5.6.2", Wire.head("G\u{C9}T / HTTP/1.1"),
            .refused(400)),
        Row("a quoted method", "9110 §5.6.2", Wire.head("\"GET\" / HTTP/1.1"), .refused(400)),
    ]

    static let versions: [Row] =
        ["HTTP/1.2", "HTTP/1.9"].map {
            Row("\($0) is read as HTTP/1.1", "9110 §2.5", Wire.head("GET /p/1 \($0)"), .ok("1"))
        }
        + ["HTTP/0.9", "HTTP/2.0", "HTTP/3.0", "HTTP/9.9"].map {
            Row($0, "9110 §15.6.6", Wire.head("GET / \($0)"), .refused(505))
        }
        + [
            "http/1.1", "Http/1.1", "HTTP/1", "HTTP/2", "HTTP/1.", "HTTP/.1", "HTTP/1.1.1",
            "HTTP/01.1",
            "HTTP/1.01", "HTTP/1.10", "HTTP/11.1", "HTTP/1,1", "HTTP/ 1.1", "HTTP /1.1",
            "HTTP/1 .1",
            "HTTP/+1.1", "HTTP/1.x", "HTTP/A.1", "HTTP-1.1", "HTTP1.1", "HTTPS/1.1", "HTCPCP/1.0",
            "HTTP/1.1\u{B}", "HTTP/\u{B9}.1", "\"HTTP/1.1\"", "HTTP/1.1;q=1",
        ].map { Row($0, "9112 §2.3", Wire.head("GET / \($0)"), .refused(400)) }
        + [
            Row(
                "HTTP/1.0", "9112 §9.3", Wire.head("GET /p/1 HTTP/1.0"), .closed([Answer(200, "1")])
            ),
            Row("a simple request", "9112 §3", "GET /p/1\r\n", .refused(400)),
            Row("a simple request and a space", "9112 §3", "GET /p/1 \r\n", .refused(400)),
            Row(
                "the preface of HTTP/2", "9113 §3.4", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                .refused(505)),
            Row("a response", "9112 §2.1", "HTTP/1.1 200 OK\r\n\r\n", .refused(400)),
            Row(
                "a hello of TLS", "9112 §2.2",
                "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\u{FC}\u{3}\u{3}\r\n\r\n", .refused(400)),
        ]

    static let spaces: [Row] =
        [
            " GET / HTTP/1.1", "\tGET / HTTP/1.1", "GET  / HTTP/1.1", "GET /  HTTP/1.1",
            "GET\t/ HTTP/1.1", "GET /\tHTTP/1.1", "GET / HTTP/1.1 ", "GET / HTTP/1.1\t",
            "GET / HTTP/1.1 x", "GET /a b HTTP/1.1", "GET /p/1 HTTP/1.1 HTTP/1.1", "GET  HTTP/1.1",
            "GET HTTP/1.1", "GET", " ", "\t", "GET\u{A0}/ HTTP/1.1", "GET\u{C}/ HTTP/1.1",
            "GET\u{B}/ HTTP/1.1",
            "GET /\u{C}HTTP/1.1", "GET: / HTTP/1.1", "GET,/ HTTP/1.1",
        ].map { Row($0.debugDescription, "9112 §3", Wire.head($0), .refused(400)) }

    static let lineEnds: [Row] =
        (1...4).map {
            Row(
                "\($0) empty lines before", "9112 §2.2", long("\r\n", $0) + Wire.get("/p/1"),
                .ok("1"))
        }
        + [
            Row("empty lines without end", "9112 §2.2", long("\r\n", 2000), .refused(400)),
            Row("a line of LF before", "9112 §2.2", "\n" + Wire.get("/"), .refused(400)),
            Row("a line of CR before", "9112 §2.2", "\r" + Wire.get("/"), .refused(400)),
            Row(
                "white space before", "9112 §2.2", " \r\n" + Wire.get("/"), .refused(400)),
            Row("NUL before", "9112 §2.2", "\0" + Wire.get("/"), .refused(400)),
            Row(
                "a byte order mark before", "9112 §2.2", "\u{EF}\u{BB}\u{BF}" + Wire.get("/"),
                .refused(400)),
            Row("LF ends the line", "9112 §2.2", "GET / HTTP/1.1\nHost: a\r\n\r\n", .refused(400)),
            Row("LF ends every line", "9112 §2.2", "GET / HTTP/1.1\nHost: a\n\n", .refused(400)),
            Row("CR ends the line", "9112 §2.2", "GET / HTTP/1.1\rHost: a\r\n\r\n", .refused(400)),
            Row("CR ends every line", "9112 §2.2", "GET / HTTP/1.1\rHost: a\r\r", .refused(400)),
            Row(
                "CR CR LF ends the line", "9112 §2.2", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n",
                .refused(400)),
            Row(
                "LF CR ends the line", "9112 §2.2", "GET / HTTP/1.1\n\rHost: a\r\n\r\n",
                .refused(400)),
            Row(
                "NUL in the line", "9112 §2.2", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", .refused(400)
            ),
            Row(
                "CR in the target", "9112 §2.2", "GET /a\rb HTTP/1.1\r\nHost: a\r\n\r\n",
                .refused(400)),
            Row(
                "LF in the target", "9112 §2.2", "GET /a\nb HTTP/1.1\r\nHost: a\r\n\r\n",
                .refused(400)),
        ]
}

/// `text` as often as `count` says.
func long(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }
