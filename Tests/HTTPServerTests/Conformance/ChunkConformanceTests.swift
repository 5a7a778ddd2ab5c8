import Testing

@Suite("Conformance: chunks", .timeLimit(.minutes(2)))
struct ChunkConformanceTests {
    typealias Row = ConformanceRow
    typealias Answer = ConformanceRow.Answer

    @Test(arguments: accepted + sizes + lineEnds + extensions + trailers)
    func `it is answered as the RFC has it`(_ row: ConformanceRow) async throws {
        try await row.play()
    }

    private static func refused(_ chunks: String, _ source: String, _ status: Int = 400) -> Row {
        let name =
            chunks.count > 60 ? "\(chunks.prefix(30).debugDescription)…" : chunks.debugDescription
        return Row(name, source, Wire.chunked("/echo", chunks), .refused(status))
    }

    static let accepted: [Row] =
        [
            ("one chunk", "5\r\nhello\r\n0\r\n\r\n", "hello"),
            ("two chunks", "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", "hello"),
            ("no chunk", "0\r\n\r\n", ""),
            ("zeros before a size", "0005\r\nhello\r\n000\r\n\r\n", "hello"),
            ("a size in capitals", "A\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
            ("a size in small letters", "a\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
            ("CR LF in a chunk", "4\r\n\r\n\r\n\r\n0\r\n\r\n", "\r\n\r\n"),
            ("what looks like the end", "5\r\n0\r\n\r\n\r\n0\r\n\r\n", "0\r\n\r\n"),
            ("an extension", "5;a\r\nhello\r\n0\r\n\r\n", "hello"),
            ("an extension with a value", "5;a=b\r\nhello\r\n0;c=d\r\n\r\n", "hello"),
            ("a quoted extension", "5;a=\"b;c\\\"\\\\ d\"\r\nhello\r\n0\r\n\r\n", "hello"),
            (
                "a quoted tab and octets above 0x7F", "5;a=\"\t\u{E9}\"\r\nhello\r\n0\r\n\r\n",
                "hello"
            ),
            ("white space round an extension", "5 \t; a = b ;c\r\nhello\r\n0\r\n\r\n", "hello"),
            ("a trailer field", "5\r\nhello\r\n0\r\nX: a\r\n\r\n", "hello"),
            ("many trailer fields", "0\r\n" + long("X: a\r\n", 100) + "\r\n", ""),
            ("an empty trailer field", "0\r\nX:\r\n\r\n", ""),
            (
                "a trailer field that frames", "5\r\nhello\r\n0\r\nContent-Length: 99\r\n\r\n",
                "hello"
            ),
            (
                "a trailer field that codes", "5\r\nhello\r\n0\r\nTransfer-Encoding: gzip\r\n\r\n",
                "hello"
            ),
            ("a trailer field that routes", "5\r\nhello\r\n0\r\nHost: evil\r\n\r\n", "hello"),
            ("a trailer field that ends", "5\r\nhello\r\n0\r\nConnection: close\r\n\r\n", "hello"),
        ].map { (name: String, chunks: String, body: String) in
            Row(name, "9112 §7.1", Wire.chunked("/echo", chunks), .ok(body))
        }
        + [
            Row(
                "a request behind the last chunk", "9112 §7.1",
                Wire.chunked("/echo", "1\r\na\r\n0\r\n\r\n") + Wire.get("/p/2"),
                .open([Answer(200, "a"), Answer(200, "2")])),
            Row(
                "a trailer field is no header field", "9110 §6.5.1",
                Wire.head("GET /fields HTTP/1.1", ["Transfer-Encoding: chunked"])
                    + "0\r\nX-Test: a\r\n\r\n", .ok("2 -")),
        ]

    static let sizes: [Row] =
        [
            "", " ", "g", "x", "-1", "+1", "0x1", "0X1", "1h", "1_0", "1.0", "1,", "\"1\"", " 1",
            "\t1", "1 ", "1\t", "1 1",
            "\u{B2}", "1\u{A0}", "1\0", "\01", "1\u{B}", "#1", "1=1", "10000000000000000",
            "8000000000000000",
            "FFFFFFFFFFFFFFFF", "FFFFFFFFFFFFFFFFF", "00000000000000001",
        ].map { refused("\($0)\r\na\r\n0\r\n\r\n", "9112 §7.1") }
        + [
            refused("7FFFFFFFFFFFFFFF\r\na\r\n0\r\n\r\n", "9110 §15.5.14", 413),
            refused("100001\r\na", "9110 §15.5.14", 413),
            refused("80000\r\n\(long("a", 0x80000))\r\n80001\r\n", "9110 §15.5.14", 413),
            refused(long("0", 300), "9112 §7.1"),
            refused(long("1", 100_000), "9112 §7.1"),
        ]

    static let lineEnds: [Row] = [
        "1\na\r\n0\r\n\r\n", "1\r\na\n0\r\n\r\n", "1\r\na\r\n0\n\r\n", "1\r\na\r\n0\r\n\n",
        "1\na\n0\n\n",
        "1\ra\r\n0\r\n\r\n", "1\r\r\na\r\n0\r\n\r\n", "1\r\na\r0\r\n\r\n", "1\r\na\r\r\n0\r\n\r\n",
        "1\r\na\r\n0\r\r\n\r\n",
        "1\r\na\r\n0\r\n\r\r\n", "1\n\ra\r\n0\r\n\r\n", "1\r\na0\r\n\r\n", "1\r\nab\r\n0\r\n\r\n",
        "1\r\na \r\n0\r\n\r\n",
        "1\r\nabc0\r\n\r\n", "2\r\na\r\n0\r\n\r\n", "1\r\na\r\n\r\n0\r\n\r\n",
        "\r\n1\r\na\r\n0\r\n\r\n", "0\r\nX: a\n\r\n",
        "0\r\nX: a\r\r\n\r\n", "0\r\n\n", "0;a\n\r\n", "1;\na\r\n0\r\n\r\n",
        "1;a\rb\r\na\r\n0\r\n\r\n", "0\r\rX", "hello\r\n",
    ].map { refused($0, "9112 §7.1") }

    static let extensions: [Row] =
        [
            "1;", "1; ", "1;;", "1;a;", "1;=b", "1;a=", "1;a= ", "1;a=;b", "1;a b", "1;a=b c",
            "1;a=\"b", "1;a=\"b\"c",
            "1;a=\"\\", "1;a=\"\\\u{1}\"", "1;a=b\"", "1;(a)", "1;a=(b)", "1;\u{E9}", "1;a=\u{E9}",
            "1;a\0", "1;a=\"\0\"", "1 a",
            "1,a", "1:a", "1=a", "1;a=\"\u{7F}\"", "1;a=\"\u{1B}\"",
        ].map { refused("\($0)\r\na\r\n0\r\n\r\n", "9112 §7.1.1") }
        + [
            refused("1;a=\(long("b", 300))\r\na\r\n0\r\n\r\n", "9112 §7.1.1"),
            refused("1;\(long("a", 100_000))", "9112 §7.1.1"),
            refused(long("1;a=\(long("b", 200))\r\na\r\n", 30), "9112 §7.1.1"),
        ]

    static let trailers: [Row] =
        [
            "X", ":", ": a", "X : a", "X\t: a", " X: a", "\tX: a", "X: a\r\n b", "X Y: a",
            "X\u{E9}: a", "X: \0", "X: a\u{1}",
            "X: \u{7F}", "GET / HTTP/1.1",
        ].map { refused("0\r\n\($0)\r\n\r\n", "9112 §7.1.2") }
        + [
            refused("0\r\n\(long("X: a\r\n", 101))\r\n", "6585 §5", 431),
            refused("0\r\nX: \(long("a", 20_000))", "6585 §5", 431),
            refused("0\r\n\(long("X: \(long("a", 1000))\r\n", 40))\r\n", "6585 §5", 431),
        ]
}
