import Testing

@Suite("Conformance: the Host field", .timeLimit(.minutes(2)))
struct HostConformanceTests {
    typealias Row = ConformanceRow
    typealias Answer = ConformanceRow.Answer

    @Test(arguments: fields + accepted + refused)
    func `it is answered as the RFC has it`(_ row: ConformanceRow) async throws {
        try await row.play()
    }

    private static func get(_ fields: String...) -> String {
        (["GET /authority HTTP/1.1"] + fields + ["", ""]).joined(separator: "\r\n")
    }

    static let fields: [Row] = [
        Row("no Host", "9112 §3.2", get(), .refused(400)),
        Row("no Host among others", "9112 §3.2", get("X-Host: a", "Hos: a"), .refused(400)),
        Row("no Host in HTTP/1.2", "9112 §3.2", "GET / HTTP/1.2\r\n\r\n", .refused(400)),
        Row(
            "no Host in HTTP/1.0", "9112 §3.2", "GET /authority HTTP/1.0\r\n\r\n",
            .closed([Answer(200, "-")])),
        Row("no Host, but a forwarded one", "9112 §3.2", get("X-Forwarded-Host: a"), .refused(400)),
        Row("two", "9112 §3.2", get("Host: a", "Host: b"), .refused(400)),
        Row("two that are equal", "9112 §3.2", get("Host: a", "Host: a"), .refused(400)),
        Row("two, one in capitals", "9112 §3.2", get("Host: a", "HOST: a"), .refused(400)),
        Row(
            "two, far apart", "9112 §3.2", get("Host: a", "X:", "Y:", "host: b"), .refused(400)),
        Row("two, the second empty", "9112 §3.2", get("Host: a", "Host:"), .refused(400)),
        Row("two, the first empty", "9112 §3.2", get("Host:", "Host: a"), .refused(400)),
        Row(
            "two in HTTP/1.0", "9112 §3.2", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n",
            .refused(400)),
        Row(
            "malformed in HTTP/1.0", "9112 §3.2", "GET / HTTP/1.0\r\nHost: a@b\r\n\r\n",
            .refused(400)),
        Row("a name in capitals", "9110 §5.1", get("HOST: a"), .ok("a")),
        Row("behind other fields", "9110 §5.3", get("Accept: */*", "Host: a"), .ok("a")),
        Row("no white space", "9112 §5.1", get("Host:a"), .ok("a")),
        Row("tabs and spaces around", "9110 §5.6.3", get("Host:\t \ta \t"), .ok("a")),
        Row("a folded line", "9112 §5.2", get("Host: a", " b"), .refused(400)),
    ]

    static let accepted: [Row] = [
        "example.com", "EXAMPLE.com", "example.com.", "a_b.example", "xn--9ca.example", "a:80",
        "a:", "a:0",
        "a:65535", "a:00080", "127.0.0.1", "127.0.0.1:80", "256.1.1.1", "[::1]", "[::1]:80",
        "[::1]:", "[::]",
        "[2001:DB8::1]", "[::ffff:192.0.2.1]", "[1:2:3:4:5:6:7:8]", "[v1.a:b]", "%C3%A9.example",
        "%61", "a-b", "-",
        "a!$&'()*+;=b", "~",
    ].map { Row($0, "3986 §3.2.2", get("Host: \($0)"), .ok($0)) }

    static let refused: [Row] = [
        "", ":", ":80", "@", "u@a", "u:p@a", "@a", "a@", "a:b", "a:80a", "a:-1", "a:+80", "a: 80",
        "a :80",
        "a:80:80", "a::80", "a:65536", "a:99999", "a:18446744073709551696", "a:0x50", "a:8.0",
        "a:\u{B2}",
        "a b", "a\tb", "a,b", "a, b", "a;b c", "a/", "a/b", "/a", "a?b", "a#b", "a\\b", "http://a",
        "//a",
        "\"a\"", "<a>", "a^b", "a`b", "{a}", "a|b", "(a) b", "\u{E9}.example", "\u{C3}\u{A9}",
        "a\u{80}", "a\u{FF}",
        "a\u{7F}", "a\u{1}", "a\0", "a\0b", "a\u{B}", "%", "%4", "%zz", "a%", "a%00", "a%2F",
        "a%40b", "a%3A80",
        "a%20b", "a%0D%0Ab", "a%2Cb",
        "[", "]", "[]", "[]:80", "[::1", "::1", "::1]", "[::1]]", "[[::1]]", "[::1]a", "[::1]80",
        "[::1]:x",
        "[::1]:65536", "a[::1]", "[:]", "[:::]", "[1]", "[1:2:3:4:5:6:7]", "[1:2:3:4:5:6:7:8:9]",
        "[1::2::3]",
        "[12345::]", "[g::]", "[:1:2:3:4:5:6:7]", "[1:2:3:4:5:6:7:]", "[127.0.0.1]", "[::1.2.3]",
        "[::1.2.3.256]",
        "[::01.2.3.4]", "[fe80::1%eth0]", "[fe80::1%25eth0]", "[::1%]", "[v1]", "[v.a]", "[v1.]",
        "[vg.a]",
        "[a.example]", "[::1 ]", "[\u{E9}]",
    ].map { Row($0.debugDescription, "9112 §3.2", get("Host: \($0)"), .refused(400)) }
}
