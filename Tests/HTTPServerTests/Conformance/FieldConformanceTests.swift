import Testing

@Suite("Conformance: the header section", .timeLimit(.minutes(2)))
struct FieldConformanceTests {
    typealias Row = ConformanceRow

    @Test(arguments: accepted + names + values + lineEnds)
    func `it is answered as the RFC has it`(_ row: ConformanceRow) async throws {
        try await row.play()
    }

    private static func get(_ lines: String) -> String {
        "GET /fields HTTP/1.1\r\nHost: a\r\n\(lines)\r\n"
    }

    static let accepted: [Row] = [
        Row("a value", "9110 §5.5", get("X-Test: b\r\n"), .ok("2 b")),
        Row("a name in another case", "9110 §5.1", get("x-TEST: b\r\n"), .ok("2 b")),
        Row("no white space behind the colon", "9112 §5", get("X-Test:b\r\n"), .ok("2 b")),
        Row("white space around", "9112 §5", get("X-Test: \t b \t \r\n"), .ok("2 b")),
        Row("white space inside", "9110 §5.5", get("X-Test: b \t c\r\n"), .ok("2 b \t c")),
        Row("an empty value", "9110 §5.5", get("X-Test:\r\n"), .ok("2 ")),
        Row("a value of white space", "9110 §5.5", get("X-Test: \t \r\n"), .ok("2 ")),
        Row("a colon inside", "9110 §5.5", get("X-Test: b:c\r\n"), .ok("2 b:c")),
        Row("two lines are a list", "9110 §5.3", get("X-Test: b\r\nX-Test: c\r\n"), .ok("3 b, c")),
        Row("UTF-8", "9110 §5.5", get("X-Test: \u{C3}\u{A9}\r\n"), .ok("2 é")),
        Row("octets above 0x7F", "9110 §5.5", get("X-Other: \u{80}\u{FF}\r\n"), .ok("2 -")),
        Row("a name of every tchar", "9110 §5.6.2", get("!#$%&'*+-.^_`|~0aZ: b\r\n"), .ok("2 -")),
        Row("a name with an underscore is another", "9110 §5.1", get("X_Test: b\r\n"), .ok("2 -")),
        Row(
            "a length with an underscore is none", "9110 §8.6", get("Content_Length: 5\r\n"),
            .ok("2 -")),
        Row(
            "a coding with an underscore is none", "9112 §6.1",
            get("Transfer_Encoding: chunked\r\n"), .ok("2 -")),
        Row("100 fields", "9110 §5.4", get(long("X: y\r\n", 99)), .ok("100 -")),
        Row(
            "a field of 16,000", "9110 §5.4", get("X: \(long("y", 16_000))\r\n"), .ok("2 -")),
        Row(
            "an upgrade that nobody knows", "9110 §7.8",
            get("Upgrade: x/1\r\nConnection: upgrade\r\n"), .ok("3 -")),
        Row(
            "an upgrade to HTTP/2", "9110 §7.8",
            get("Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AA\r\n"),
            .ok("4 -")),
        Row("a range", "9110 §14.2", get("Range: bytes=0-0\r\n"), .ok("2 -")),
        Row(
            "a connection option names Host", "9110 §7.6.1",
            get("Connection: Host, Content-Length\r\n"), .ok("2 -")),
    ]

    static let names: [Row] =
        [
            "X : b", "X\t: b", "X \t : b", "Content-Length : 0", "Transfer-Encoding : chunked",
            "Host : a",
        ].map {
            Row($0.debugDescription, "9112 §5.1", get("\($0)\r\n"), .refused(400))
        }
        + [
            "X", "X b", ":", ": b", "::", "X Y: b", "X\tY: b", "X(Y): b", "X/Y: b", "X@Y: b",
            "[X]: b", "{X}: b",
            "\"X\": b", "X,Y: b", "X;Y: b", "X=Y: b", "X?: b", "X\\: b", "<X>: b", "X\u{E9}: b",
            "\u{C3}\u{A9}: b",
            "X\u{80}: b", "X\0: b", "X\u{1}: b", "X\u{7F}: b", "\u{FF}: b", "GET / HTTP/1.1",
        ].map { Row($0.debugDescription, "9110 §5.6.2", get("\($0)\r\n"), .refused(400)) }
        + [
            Row(
                "white space before the first field", "9112 §2.2",
                "GET / HTTP/1.1\r\n Host: a\r\n\r\n", .refused(400)),
            Row(
                "a tab before the first field", "9112 §2.2",
                "GET / HTTP/1.1\r\n\tX: b\r\nHost: a\r\n\r\n", .refused(400)),
            Row(
                "a line of white space first", "9112 §2.2",
                "GET / HTTP/1.1\r\n \r\nHost: a\r\n\r\n", .refused(400)),
        ]

    static let values: [Row] =
        ["b\r\n c", "b\r\n\tc", "\r\n b", "b\r\n ", "b\r\n \r\n c", "b\r\n Host: c", "b\r\n :c"].map
    {
        Row("folded, \($0.debugDescription)", "9112 §5.2", get("X: \($0)\r\n"), .refused(400))
    }
        + (Array(0...8) + Array(0xB...0xC) + Array(0xE...0x1F) + [0x7F]).map { (octet: UInt8) in
            let text = "b\(Character(UnicodeScalar(octet)))c"
            return Row("the control \(octet)", "9110 §5.5", get("X: \(text)\r\n"), .refused(400))
        }

    static let lineEnds: [Row] = [
        Row("LF ends a line", "9112 §2.2", get("X: b\n"), .refused(400)),
        Row(
            "LF ends a line before a length", "9112 §2.2", get("X: b\nContent-Length: 5\r\n"),
            .refused(400)),
        Row("CR ends a line", "9112 §2.2", get("X: b\rY: c\r\n"), .refused(400)),
        Row("CR CR LF ends a line", "9112 §2.2", get("X: b\r\r\n"), .refused(400)),
        Row("CR inside a value", "9112 §2.2", get("X: b\rc\r\n"), .refused(400)),
        Row("CR at the end of a value", "9112 §2.2", get("X: b\r \r\n"), .refused(400)),
        Row("CR behind the colon", "9112 §2.2", get("X:\rb\r\n"), .refused(400)),
        Row("CR in a name", "9112 §2.2", get("X\r: b\r\n"), .refused(400)),
        Row("CR before a name", "9112 §2.2", get("\rX: b\r\n"), .refused(400)),
        Row("LF ends the section", "9112 §2.2", "GET / HTTP/1.1\r\nHost: a\r\n\n", .refused(400)),
        Row("LF LF ends the section", "9112 §2.2", "GET / HTTP/1.1\r\nHost: a\n\n", .refused(400)),
        Row("CR ends the section", "9112 §2.2", "GET / HTTP/1.1\r\nHost: a\r\n\rx", .refused(400)),
        Row(
            "CR CR LF ends the section", "9112 §2.2", "GET / HTTP/1.1\r\nHost: a\r\n\r\r\n",
            .refused(400)),
        Row(
            "LF CR LF ends the section", "9112 §2.2", "GET / HTTP/1.1\r\nHost: a\n\r\n",
            .refused(400)),
    ]
}
