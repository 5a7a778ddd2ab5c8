import Testing

@Suite("Conformance: where content ends", .timeLimit(.minutes(2)))
struct FramingConformanceTests {
    typealias Row = ConformanceRow
    typealias Answer = ConformanceRow.Answer

    @Test(arguments: lengths + refusedLengths + codings + refusedCodings + both)
    func `it is answered as the RFC has it`(_ row: ConformanceRow) async throws {
        try await row.play()
    }

    /// A request with these fields; what it announces is never sent, so that a server which does
    /// not refuse the fields has nothing to answer.
    private static func post(_ fields: String..., version: String = "HTTP/1.1") -> String {
        Wire.head("POST /echo \(version)", fields)
    }

    static let lengths: [Row] = [
        Row("a length", "9112 §6.3", post("Content-Length: 5") + "hello", .ok("hello")),
        Row("a length of 0", "9112 §6.3", post("Content-Length: 0"), .ok("")),
        Row("no length", "9112 §6.3", post(), .ok("")),
        Row(
            "leading zeros are decimal", "9110 §8.6", post("Content-Length: 010") + "0123456789",
            .ok("0123456789")),
        Row(
            "white space", "9112 §5", post("Content-Length:\t 5 \t") + "hello", .ok("hello")),
        Row("no white space", "9112 §5", post("content-length:5") + "hello", .ok("hello")),
        Row(
            "content of a GET", "9110 §9.3.1", Wire.get("/p/1", "Content-Length: 5") + "hello",
            .ok("1")),
        Row(
            "content that is a request", "9110 §9.3.1",
            Wire.get("/p/1", "Content-Length: 28") + "GET /p/2 HTTP/1.1\r\nHost: a\r\n", .ok("1")),
        Row(
            "content of a DELETE", "9110 §9.3.5",
            Wire.head("DELETE /p/1 HTTP/1.1", ["Content-Length: 5"]) + "hello", .status(204)),
        Row(
            "content of a HEAD", "9110 §9.3.2",
            Wire.head("HEAD /p/1 HTTP/1.1", ["Content-Length: 5"]) + "hello", .open([.head(200)])),
        Row(
            "content that nothing takes", "9112 §9.3",
            Wire.head("POST /p/1 HTTP/1.1", ["Content-Length: 5"]) + "hello", .status(405)),
        Row("content to no resource", "9112 §9.3", Wire.post("/none", "hello"), .status(404)),
        Row(
            "every octet", "9112 §6",
            post("Content-Length: 256")
                + String(String.UnicodeScalarView((0...255).map { UnicodeScalar(UInt8($0)) })),
            .status(200)),
        Row(
            "CR LF behind content", "9112 §2.2",
            post("Content-Length: 5") + "hello\r\n" + Wire.get("/p/1"),
            .open([Answer(200, "hello"), Answer(200, "1")])),
        Row(
            "HTTP/1.0 with a length", "9112 §6.3",
            post("Content-Length: 5", version: "HTTP/1.0") + "hello",
            .closed([Answer(200, "hello")])),
        Row(
            "HTTP/1.0 without a length", "9112 §6.3", post(version: "HTTP/1.0"),
            .closed([Answer(200, "")])),
    ]

    static let refusedLengths: [Row] =
        [
            "", " ", "+5", "-5", "-0", "5.0", "5e0", "0x5", "0o5", "0b1", "5h", "a", "five", "5 5",
            "5\t5", "5,", ",5",
            "5, 5", "5,5", "5, 6", "5;", "5_0", "\"5\"", "'5'", "(5)", "\u{B5}", "\u{B2}",
            "5\u{A0}", "5\u{B}", "5\0",
            "1000000000000000000", "9223372036854775807", "9223372036854775808",
            "18446744073709551615",
            "18446744073709551616", "18446744073709551621", "99999999999999999999999999999999",
        ].map {
            Row(
                "length \($0.debugDescription)", "9110 §8.6", post("Content-Length: \($0)"),
                .refused(400))
        }
        + [
            Row(
                "two lengths", "9112 §6.3", post("Content-Length: 5", "Content-Length: 6"),
                .refused(400)),
            Row(
                "two lengths that are equal", "9112 §6.3",
                post("Content-Length: 5", "Content-Length: 5"), .refused(400)),
            Row(
                "two lengths of 0", "9112 §6.3", post("Content-Length: 0", "content-length: 0"),
                .refused(400)),
            Row("a folded length", "9112 §5.2", post("Content-Length:", " 5"), .refused(400)),
            Row(
                "a bad length in HTTP/1.0", "9112 §6.3",
                post("Content-Length: x", version: "HTTP/1.0"), .refused(400)),
            Row(
                "a bad length of a GET", "9112 §6.3", Wire.get("/", "Content-Length: -1"),
                .refused(400)),
            Row(
                "a bad length at no resource", "9112 §6.3", Wire.get("/none", "Content-Length: 1x"),
                .refused(400)),
        ]

    static let codings: [Row] =
        ["chunked", "Chunked", "CHUNKED", "chunked ", "\tchunked\t"].map {
            Row(
                "coding \($0.debugDescription)", "9112 §7",
                post("Transfer-Encoding: \($0)") + "1\r\na\r\n0\r\n\r\n", .ok("a"))
        }
        + [
            Row(
                "a name in capitals", "9110 §5.1",
                post("TRANSFER-ENCODING:chunked") + "1\r\na\r\n0\r\n\r\n", .ok("a")),
            Row(
                "chunked content of a GET", "9110 §9.3.1",
                Wire.get("/p/1", "Transfer-Encoding: chunked") + "1\r\na\r\n0\r\n\r\n", .ok("1")),
            Row(
                "chunked content to no resource", "9112 §9.3",
                Wire.chunked("/none", "1\r\na\r\n0\r\n\r\n"), .status(404)),
            Row(
                "chunked in HTTP/1.2", "9112 §7.1",
                post("Transfer-Encoding: chunked", version: "HTTP/1.2") + "0\r\n\r\n", .ok("")),
            Row(
                "TE is no Transfer-Encoding", "9110 §10.1.4", post("TE: chunked, trailers"), .ok("")
            ),
        ]

    static let refusedCodings: [Row] =
        [
            "", ",", "chunked,", ",chunked", "chunked,,", "\"chunked\"", "'chunked'", "chun ked",
            "chunked;q=1",
            "chunked;", "chunked;a=b", "chunked\u{B}", "\u{B}chunked", "\u{C}chunked", "chunked\0",
            "chunked\u{A0}",
            "\u{FF}chunked", "chunked\u{7F}", "[chunked]", "chunked:", "chunked=",
        ].map {
            Row(
                "coding \($0.debugDescription)", "9112 §7", post("Transfer-Encoding: \($0)"),
                .refused(400))
        }
        + [
            "identity", "gzip", "xchunked", "chunkedx", "chunke", "x-chunked", "chunked-x", "cow",
            "chunked, identity",
            "chunked, gzip", "chunked, chunked", "chunked,Chunked", "chunked, gzip, chunked",
            "gzip, deflate",
        ].map {
            Row(
                "coding \($0.debugDescription)", "9112 §6.3", post("Transfer-Encoding: \($0)"),
                .refused(400))
        }
        + [
            "gzip, chunked", "identity, chunked", "x, chunked", "gzip;a=b, chunked",
            "deflate,gzip,chunked",
        ].map {
            Row(
                "coding \($0.debugDescription)", "9112 §6.1", post("Transfer-Encoding: \($0)"),
                .refused(501))
        }
        + [
            Row(
                "chunked in two lines", "9112 §6.1",
                post("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"), .refused(400)),
            Row(
                "another coding behind", "9112 §6.3",
                post("Transfer-Encoding: chunked", "Transfer-Encoding: x"), .refused(400)),
            Row(
                "identity behind", "9112 §6.3",
                post("Transfer-Encoding: chunked", "Transfer-Encoding: identity"), .refused(400)),
            Row(
                "an empty line behind", "9112 §6.1",
                post("Transfer-Encoding: chunked", "Transfer-Encoding:"), .refused(400)),
            Row(
                "another coding before", "9112 §6.1",
                post("Transfer-Encoding: x", "Transfer-Encoding: chunked"), .refused(501)),
            Row(
                "chunked in HTTP/1.0", "9112 §6.1",
                post("Transfer-Encoding: chunked", version: "HTTP/1.0") + "0\r\n\r\n", .refused(400)
            ),
            Row(
                "chunked in HTTP/1.0, kept alive", "9112 §6.1",
                post("Transfer-Encoding: chunked", "Connection: keep-alive", version: "HTTP/1.0"),
                .refused(400)),
            Row(
                "a folded coding", "9112 §5.2", post("Transfer-Encoding:", " chunked"),
                .refused(400)),
            Row(
                "a space before the colon", "9112 §5.1", post("Transfer-Encoding : chunked"),
                .refused(400)),
            Row(
                "a tab before the colon", "9112 §5.1", post("Transfer-Encoding\t: chunked"),
                .refused(400)),
            Row(
                "LF before the coding", "9112 §2.2", post("X: a\nTransfer-Encoding: chunked"),
                .refused(400)),
        ]

    /// What a server that took one for the other would answer with a second answer.
    private static let smuggled = "0\r\n\r\nGET /p/smuggled HTTP/1.1\r\nHost: a\r\n\r\n"

    static let both: [Row] = [
        Row(
            "length, then chunked", "9112 §6.1",
            post("Content-Length: 6", "Transfer-Encoding: chunked") + smuggled, .refused(400)),
        Row(
            "chunked, then length", "9112 §6.1",
            post("Transfer-Encoding: chunked", "Content-Length: 6") + smuggled, .refused(400)),
        Row(
            "a length of 0", "9112 §6.1",
            post("Transfer-Encoding: chunked", "Content-Length: 0") + smuggled, .refused(400)),
        Row(
            "a malformed coding", "9112 §6.1",
            post("Content-Length: 6", "Transfer-Encoding: xchunked") + smuggled, .refused(400)),
        Row(
            "identity", "9112 §6.1",
            post("Content-Length: 6", "Transfer-Encoding: identity") + smuggled, .refused(400)),
        Row(
            "an empty coding", "9112 §6.1",
            post("Content-Length: 6", "Transfer-Encoding:") + smuggled, .refused(400)),
        Row(
            "a malformed length", "9112 §6.1",
            post("Transfer-Encoding: chunked", "Content-Length: x") + smuggled, .refused(400)),
        Row(
            "both in HTTP/1.0", "9112 §6.1",
            post("Content-Length: 6", "Transfer-Encoding: chunked", version: "HTTP/1.0") + smuggled,
            .refused(400)),
        Row(
            "both of a GET", "9112 §6.1",
            Wire.get("/p/1", "Content-Length: 6", "Transfer-Encoding: chunked") + smuggled,
            .refused(400)),
    ]
}
