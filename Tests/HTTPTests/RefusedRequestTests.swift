import HTTP
import Testing

@Suite("Requests that are refused")
struct RefusedRequestTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let text: String
        let expected: RequestParseError

        init(_ text: String, _ expected: RequestParseError) {
            self.text = text
            self.expected = expected
        }

        var testDescription: String { "\(expected): \(text.debugDescription)" }
    }

    @Test(arguments: RefusedRequests.all)
    func `it is refused alike however it arrives`(_ row: Row) {
        #expect(parseInAllWays(octets(row.text)) == .refused(row.expected))
    }

    @Test func `there is a row for every error`() {
        let errors =
            RefusedRequests.all.map(\.expected) + LimitTests.rows.map(\.expected)
            + RefusedChunkTests.rows.map(\.expected)
        #expect(Set(errors) == Set(RequestParseError.allCases))
    }
}

/// The rows, a list for each part of a request.
enum RefusedRequests {
    typealias Row = RefusedRequestTests.Row

    static let all =
        lineEnds + requestLines + versions + targets + fieldLines + hosts + lengths + codings

    static let lineEnds = [
        Row("\n", .bareLineFeed),
        Row("\r\r", .bareCarriageReturn),
        Row("\rG", .bareCarriageReturn),
        Row("\r\n\r\n\r\n\r\n\r\n", .malformedRequestLine),
        Row("GET / HTTP/1.1\n", .bareLineFeed),
        Row("GET / HTTP/1.1\r\r", .bareCarriageReturn),
        Row("GET / HTTP/1.1\rHost: a", .bareCarriageReturn),
        Row("GET / HTTP/1.1\r\nHost: a\n", .bareLineFeed),
        Row("GET / HTTP/1.1\r\nHost: a\r\n\n", .bareLineFeed),
        Row("GET / HTTP/1.1\r\nX: a\rb", .bareCarriageReturn),
        Row("GET / HTTP/1.1\r\nHost: a\r\n\r\r", .bareCarriageReturn),
    ]

    /// The control is the last octet: it is refused before its line ends.
    static let requestLines =
        ["\u{16}", "GET /\0", "GET /\u{1}", "GET /\u{7F}", "GET / HTTP/1.1\u{B}"].map {
            Row($0, .malformedRequestLine)
        }
        + [
            "GET", "GET /", "GET / ", "GET  HTTP/1.1", " GET / HTTP/1.1", "GET / HTTP/1.1 ",
            "GET\t/ HTTP/1.1", "GET / HTTP/1.1\t", "G@T / HTTP/1.1", "GE\u{E9} / HTTP/1.1",
            "/ HTTP/1.1", " / HTTP/1.1", "HTTP/1.1 200 OK",
        ].map { Row($0 + "\r\n", .malformedRequestLine) }
        + ["CONNECT a:80", "CONNECT /", String(repeating: "M", count: 33) + " /"].map {
            Row($0 + " HTTP/1.1\r\n", .unsupportedMethod)
        }

    static let versions =
        [
            "http/1.1", "Http/1.1", "HTTP/1", "HTTP/1.", "HTTP/1.10", "HTTP/11.1", "HTTP/1,1",
            "HTTP/x.1", "HTTP/1.x", "HTTP 1.1", "HTTPS/1.1", "XTTP/1.1", "HTTP/2",
        ].map { Row("GET / \($0)\r\n", .malformedRequestLine) }
        + ["HTTP/2.0", "HTTP/3.0", "HTTP/0.9", "HTTP/9.9"].map {
            Row("GET / \($0)\r\n", .unsupportedVersion)
        }
        + [Row("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .unsupportedVersion)]

    static let targets =
        [
            "*", "users", "?a", "a b", "/a b", "/a\tb", " /", "/ ", "/#a", "/?a#b", "/\u{E9}",
            "/\u{FF}", "/?\u{80}", "/\"", "/<", "/>", "/\\", "/^", "/`", "/{", "/|", "/}", "/[",
            "/]",
            "/?\"", "/?<", "/?\\", "/?^", "/?`", "/?{", "/?|", "/?[",
            "/%", "/%4", "/%g0", "/%0g", "/a%", "/%%41", "/?%", "/?%1", "/?%zz", "/%u0041",
            "/%00", "/a%00b", "/?%00", "/%2F", "/%2f", "/%5c", "/a%5Cb",
            "/%01", "/%09", "/a%0d%0aX:b", "/%1F", "/%7f",
            "/.", "/..", "/./", "/../", "/a/./b", "/a/../b", "/a/..", "/a/.", "/%2e", "/%2E%2e/",
            "/.%2e", "/a/%2e./b", "/..?a",
            "http:", "http:/", "http://", "http:///a", "http://?a", "ftp://a/", "http:a", "://a/",
            "http//a", "http://u@a/", "http://u:p@a/", "http://a:x/", "http://a:65536/",
            "http://[::1/",
            "http://a b/", "http://a\\b/", "http://a/#b", "http://a/../b", "mailto:a", "a:80",
            "http://%zz/", "http://\u{E9}/",
        ].map { Row("GET \($0) HTTP/1.1\r\n", .malformedTarget) }
        + ["**", "*?", "*/"].map { Row("OPTIONS \($0) HTTP/1.1\r\n", .malformedTarget) }
        + ["https://a", "HTTPS://a:443/b?c"].map {
            Row("GET \($0) HTTP/1.1\r\n", .misdirectedRequest)
        }
        + ["https:a", "https://", "https://u@a/", "httpss://a/"].map {
            Row("GET \($0) HTTP/1.1\r\n", .malformedTarget)
        }

    static let fieldLines =
        [
            "Host", "Host a", ":", ": a", "H@st: a", "Ho st: a", "H\u{E9}: a", "(x): a", "\"x\": a",
            "Host a:", "X\u{A0}: a",
        ].map { Row("GET / HTTP/1.1\r\n\($0)\r\n", .malformedField) }
        + ["X: \0", "X: a\u{1}", "X\u{0}", "X: \u{7F}", "X: \u{8}", "X: \u{1B}"].map {
            Row("GET / HTTP/1.1\r\n\($0)", .malformedField)
        }
        + ["Host : a", "Host\t: a", "Host \t :"].map {
            Row("GET / HTTP/1.1\r\n\($0)\r\n", .whitespaceBeforeColon)
        }
        + [" Host: a", "\tHost: a", " ", "Host: a\r\n b", "Host: a\r\n\tb", "X: a\r\n "].map {
            Row("GET / HTTP/1.1\r\n\($0)\r\n", .obsoleteFolding)
        }

    static let hosts =
        [
            Row(head("GET / HTTP/1.1"), .missingHost),
            Row(head("GET / HTTP/1.1", "X: a"), .missingHost),
            Row(head("GET / HTTP/1.2"), .missingHost),
            Row(head("GET http://a/ HTTP/1.1"), .missingHost),
            Row("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n", .repeatedHost),
            Row("GET / HTTP/1.1\r\nHost: a\r\nhost:\r\n", .repeatedHost),
            Row("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n", .repeatedHost),
            Row(head("GET / HTTP/1.1", "Host:"), .malformedHost),
            Row(head("OPTIONS * HTTP/1.1", "Host: "), .malformedHost),
            Row(head("GET / HTTP/1.0", "Host:"), .malformedHost),
            Row("GET http://b/ HTTP/1.1\r\nHost: a@b\r\n", .malformedHost),
        ]
        + [
            ":", ":80", "u@a", "u:p@a", "a:x", "a:-1", "a:+1", "a:80:80", "a:65536", "a:8 0",
            "a:999999999999999999999", "a b", "a, b", "a,b", "a%2Cb", "a%00", "a%0Ab", "a%20b",
            "a%2Fb", "a%40b", "a%3A80", "a%5B", "%25", "%7f", "a\tb", "a/b", "a?b", "a#b",
            "http://a",
            "\u{E9}", "a\u{80}", "a\\b", "<a>", "a^b", "%", "%4", "%zz", "[", "]", "[]", "[::1",
            "::1", "[::1]x", "[::1]80", "[::1]:x", "[:]", "[:::]", "[1]", "[1:2]", "[12345::]",
            "[1:2:3:4:5:6:7]", "[1:2:3:4:5:6:7:8:9]", "[1:2:3:4:5:6:7:8::]", "[1::2::3]", "[:1]",
            "[1:]", "[g::]", "[fe80::1%25eth0]", "[fe80::1%eth0]", "[::1.2.3]", "[::1.2.3.4.5]",
            "[::1.2.3.256]", "[::01.2.3.4]", "[::1.2..4]", "[::1.2.3.]", "[1.2.3.4]",
            "[1:2:3:4:5:6:7:1.2.3.4]", "[::1.2.3.4:1]", "[v.a]", "[v1.]", "[v1]", "[vg.a]",
            "[v1.@]", "[::1]]", "a[::1]",
        ]
        .map { Row("GET / HTTP/1.1\r\nHost: \($0)\r\n", .malformedHost) }

    static let lengths =
        [
            "", "-1", "+1", "1 1", "1,1", "1, 1", "1;", "0x1", "1a", "a", "1.0", "1e3", "\u{B2}",
            "1000000000000000000", "18446744073709551616", "99999999999999999999999999999999",
        ].map { Row("GET / HTTP/1.1\r\nContent-Length: \($0)\r\n", .malformedContentLength) }
        + ["1", "2", "x"].map {
            Row(
                "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: \($0)\r\n",
                .repeatedContentLength)
        }

    static let codings =
        [
            "", ",", "chunked,", ",chunked", "chunked;a=b", "chunked ;", "\"chunked\"", "chun ked",
            "chunked\u{A0}",
        ].map { Row("GET / HTTP/1.1\r\nTransfer-Encoding: \($0)\r\n", .malformedTransferCoding) }
        + [
            "gzip", "identity", "xchunked", "chunked, gzip", "chunked, chunked",
            "chunked, gzip, chunked",
        ]
        .map {
            Row(
                head("GET / HTTP/1.1", "Host: a", "Transfer-Encoding: \($0)"),
                .misorderedTransferCoding)
        }
        + [
            Row(
                head(
                    "GET / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked",
                    "Transfer-Encoding: chunked"), .misorderedTransferCoding),
            Row(
                head("GET / HTTP/1.1", "Host: a", "Transfer-Encoding: gzip;q=1, chunked"),
                .unsupportedTransferCoding),
            Row(
                head(
                    "GET / HTTP/1.1", "Host: a", "Transfer-Encoding: identity",
                    "Transfer-Encoding: chunked"), .unsupportedTransferCoding),
            Row(
                head("GET / HTTP/1.0", "Host: a", "Transfer-Encoding: chunked"),
                .transferCodingInHTTP10),
            Row(
                head(
                    "GET / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked", "Content-Length: 1"),
                .ambiguousFraming),
            Row(
                head("GET / HTTP/1.1", "Host: a", "Content-Length: 0", "Transfer-Encoding: gzip"),
                .ambiguousFraming),
            Row(head("GET / HTTP/1.1", "Host: a", "Expect: x"), .unsupportedExpectation),
            Row(
                head("GET / HTTP/1.1", "Host: a", "Expect: 100-continue, x=\"y\""),
                .unsupportedExpectation),
            Row(head("GET / HTTP/1.1", "Host: a", "Expect: 100"), .unsupportedExpectation),
        ]
}
