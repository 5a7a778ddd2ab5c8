import Testing

@Suite("Conformance: the target", .timeLimit(.minutes(2)))
struct TargetConformanceTests {
    typealias Row = ConformanceRow

    @Test(arguments: origin + absolute + asterisk + refused)
    func `it is answered as the RFC has it`(_ row: ConformanceRow) async throws {
        try await row.play()
    }

    private static func get(_ target: String, host: String = "a") -> String {
        "GET \(target) HTTP/1.1\r\nHost: \(host)\r\n\r\n"
    }

    static let origin: [Row] = [
        Row("the root", "9112 §3.2.1", get("/"), .ok("root")),
        Row("a query", "3986 §3.4", get("/query?a=1&b=/?:@"), .ok("a=1&b=/?:@")),
        Row("an empty query", "3986 §3.4", get("/query?"), .ok("")),
        Row("a query behind the root", "3986 §3.4", get("/?a"), .ok("root")),
        Row(
            "an escaped query", "3986 §2.1", get("/query?%2F%5C%20%c3%a9%0a"),
            .ok("%2F%5C%20%c3%a9%0a")),
        Row("escapes of either case", "3986 §2.1", get("/p/%4A%4a"), .ok("JJ")),
        Row("an escape of a letter is the letter", "9110 §4.2.3", get("/%70/1"), .ok("1")),
        Row("letters in escapes", "9110 §4.2.3", get("/%71%75%65%72%79?a"), .ok("a")),
        Row("an escape is resolved once", "3986 §2.4", get("/%2570/1"), .status(404)),
        Row("an escaped percent sign", "3986 §2.4", get("/p/%252F"), .ok("%2F")),
        Row("an escaped space", "3986 §2.1", get("/p/a%20b"), .ok("a b")),
        Row("a plus sign is no space", "3986 §2.2", get("/p/a+b"), .ok("a+b")),
        Row("escaped UTF-8", "3986 §2.5", get("/p/%C3%A9"), .ok("é")),
        Row("an escaped question mark", "3986 §2.2", get("/p/a%3Fb"), .ok("a?b")),
        Row("sub-delimiters", "3986 §3.3", get("/p/!$&'()*+,;=:@-._~"), .ok("!$&'()*+,;=:@-._~")),
        Row("dots in a name", "3986 §3.3", get("/p/..."), .ok("...")),
        Row("dots in a query", "3986 §3.4", get("/query?/../"), .ok("/../")),
        Row("an empty segment", "3986 §3.3", get("//p/1"), .status(404)),
        Row("a slash at the end", "3986 §3.3", get("/p/1/"), .status(404)),
        Row("another case of letters", "3986 §6.2.2.1", get("/P/1"), .status(404)),
        Row("no resource", "9110 §15.5.5", get("/none"), .status(404)),
        Row("UTF-8 in too many octets", "3629 §3", get("/p/%C0%AF"), .status(404)),
        Row("half a surrogate pair", "3629 §3", get("/p/%ED%A0%80"), .status(404)),
        Row(
            "a target of 8,000 octets", "9112 §3", get("/p/" + long("a", 7997)),
            .ok(long("a", 7997))),
        Row(
            "no CR LF comes out of a query", "9110 §5.5", get("/injected?to=a%0D%0AX:%20b"),
            .open([.field(200, "Location", "a  X: b")])),
        Row(
            "no control comes out of a query", "9110 §5.5", get("/injected?to=a%01b%7Fc"),
            .open([.field(200, "Location", "a b c")])),
    ]

    static let absolute: [Row] = [
        Row("the absolute form", "9112 §3.2.2", get("http://a/p/1"), .ok("1")),
        Row("a scheme in capitals", "3986 §3.1", get("HTTP://a/p/1"), .ok("1")),
        Row("a scheme in mixed case", "3986 §3.1", get("hTtP://a/p/1"), .ok("1")),
        Row("a port", "9112 §3.2.2", get("http://a:8080/p/1"), .ok("1")),
        Row("an empty port", "3986 §3.2.3", get("http://a:/p/1"), .ok("1")),
        Row("an IPv6 host", "3986 §3.2.2", get("http://[::1]:80/p/1"), .ok("1")),
        Row("no path", "9110 §4.2.3", get("http://a"), .ok("root")),
        Row("a query without a path", "9110 §4.2.3", get("http://a?b"), .ok("root")),
        Row("a query", "9112 §3.2.2", get("http://a/query?b"), .ok("b")),
        Row(
            "the Host field is ignored", "9112 §3.2.2", get("http://b:81/authority", host: "c"),
            .ok("b:81")),
        Row(
            "an empty Host field is ignored", "9112 §3.2.2", get("http://b/authority", host: ""),
            .ok("b")),
        Row(
            "the Host field in the origin form", "9110 §7.2", get("/authority", host: "c:8"),
            .ok("c:8")),
        Row(
            "a malformed Host field all the same", "9112 §3.2", get("http://b/", host: "c@d"),
            .refused(400)),
        Row(
            "no Host field all the same", "9112 §3.2", "GET http://a/ HTTP/1.1\r\n\r\n",
            .refused(400)),
        Row("https without TLS", "9110 §7.4", get("https://a/p/1"), .refused(421)),
        Row("HTTPS without TLS", "9110 §7.4", get("HTTPS://a:443"), .refused(421)),
    ]

    static let asterisk: [Row] = [
        Row(
            "OPTIONS *", "9110 §9.3.7", Wire.head("OPTIONS * HTTP/1.1"),
            .open([.field(204, "Allow", methods)])),
        Row(
            "OPTIONS, absolute without path", "9110 §4.2.3", Wire.head("OPTIONS http://a HTTP/1.1"),
            .open([.field(204, "Allow", methods)])),
        Row(
            "OPTIONS, absolute with the root", "9110 §4.2.3",
            Wire.head("OPTIONS http://a/ HTTP/1.1"),
            .open([.field(204, "Allow", "GET, HEAD, OPTIONS")])),
        Row(
            "OPTIONS of a path", "9110 §9.3.7", Wire.head("OPTIONS /echo HTTP/1.1"),
            .open([.field(204, "Allow", "POST, PUT, OPTIONS")])),
        Row(
            "OPTIONS with content", "9110 §9.3.7",
            Wire.head("OPTIONS * HTTP/1.1", ["Content-Length: 3"]) + "abc", .status(204)),
        Row(
            "OPTIONS of no resource", "9110 §15.5.5", Wire.head("OPTIONS /none HTTP/1.1"),
            .status(404)),
        Row("OPTIONS **", "9112 §3.2.4", Wire.head("OPTIONS ** HTTP/1.1"), .refused(400)),
        Row("OPTIONS *?", "9112 §3.2.4", Wire.head("OPTIONS *?a HTTP/1.1"), .refused(400)),
        Row("GET *", "9112 §3.2.4", Wire.head("GET * HTTP/1.1"), .refused(400)),
        Row(
            "HEAD of an escaped asterisk", "9112 §3.2.4", Wire.head("GET /p/%2A HTTP/1.1"), .ok("*")
        ),
    ]

    private static let methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"

    static let refused: [Row] =
        [
            "a", "p/1", "?a", "a:80", "example.com", "[::1]:80", ".", "..", "http", "http:",
            "http:/",
            "http://", "http:///p/1", "http://?a", "http://:80/", "http:a/p/1", "http//a/", "://a/",
            "//", "http://u@a/", "http://u:p@a/", "http://@a/", "http://a#f", "http://a/#f",
            "http://a:x/",
            "http://a:65536/", "http://a:-1/", "http://a b/", "http://[::1/", "http://::1/",
            "http://a,b/",
            "http://a%2Fb/", "http://a%00/", "http://\u{E9}/", "http://a\\b/", "ftp://a/",
            "ws://a/",
            "file:///p/1", "urn:a:b", "mailto:a@b", "javascript:1", "http+unix://a/",
        ].filter { $0 != "//" }
        .map { Row($0, "9112 §3.2", get($0), .refused(400)) }
        + [
            "/#", "/#a", "/?a#b", "/p/\"", "/p/<", "/p/>", "/p/\\", "/p/^", "/p/`", "/p/{", "/p/|",
            "/p/}", "/p/[", "/p/]", "/p/\u{80}", "/p/\u{E9}", "/p/\u{C3}\u{A9}", "/p/\u{FF}",
            "/p/\u{7F}",
            "/p/\u{1}", "/p/\u{1B}", "\\p\\1", "/?\"", "/?<", "/?\\", "/?{", "/?|", "/?\u{E9}",
            "/?\u{7F}",
        ].map { Row($0.debugDescription, "3986 §3.3", get($0), .refused(400)) }
        + ["/p/%", "/p/%4", "/p/%zz", "/p/%4z", "/p/%%", "/p/%u0041", "/p/%-1", "/?%", "/?%z1"].map
    {
        Row($0, "3986 §2.1", get($0), .refused(400))
    }
        + [
            "/p/%00", "/p/a%00b", "/?%00", "/p/%0d%0aX:1", "/p/%0A", "/p/%7F", "/p/%2f", "/p/a%2Fb",
            "/p/%5c", "/p/..%5Cx",
        ].map {
            Row("\($0), which hides what it is", "3986 §7.3", get($0), .refused(400))
        }
        + [
            "/p/..", "/p/../p/1", "/..", "/../", "/.", "/./p/1", "/p/.", "/p/%2e%2e", "/p/%2E./",
            "/%2e/p",
            "/p/.%2e/.%2E/etc/passwd", "http://a/../p",
        ].map { Row($0, "3986 §5.2.4", get($0), .refused(400)) }
}
