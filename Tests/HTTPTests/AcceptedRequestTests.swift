import HTTP
import HTTPTypes
import Testing

@Suite("Requests that are accepted")
struct AcceptedRequestTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        var method = "GET"
        var path = "/"
        var query: String?
        var minorVersion = 1
        var authority: String? = "a"
        var framing = BodyFraming.none
        var isPersistent = true
        var expectsContinue = false

        init(_ testDescription: String, _ text: String, _ change: (inout Row) -> Void = { _ in }) {
            self.testDescription = testDescription
            self.text = text
            change(&self)
        }
    }

    @Test(arguments: AcceptedRequests.all)
    func `it is read alike however it arrives`(_ row: Row) throws {
        let outcome = parseInAllWays(octets(row.text))
        guard case .head(let head) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(head.method == row.method)
        #expect(head.path == row.path)
        #expect(head.query == row.query)
        #expect(head.minorVersion == row.minorVersion)
        #expect(head.authority == row.authority)
        #expect(head.framing == row.framing)
        #expect(head.isPersistent == row.isPersistent)
        #expect(head.expectsContinue == row.expectsContinue)
        #expect(head.byteCount == row.text.unicodeScalars.count)
    }

    @Test(arguments: AcceptedRequests.all)
    func `what follows the head is left alone`(_ row: Row) {
        let bytes = octets(row.text)
        let alone = parse(bytes, in: [bytes.count])
        let followed = bytes + octets("\0 whatever \r\n")
        #expect(parse(followed, in: [followed.count]) == alone)
    }

    @Test(arguments: AcceptedRequests.all)
    func `without its last octet it is incomplete`(_ row: Row) {
        let bytes = octets(row.text).dropLast()
        #expect(parse(Array(bytes), in: 0...bytes.count) == .incomplete)
    }

    @Test(arguments: [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "GETS", "M",
        "!#$%&'*+-.^_`|~09azAZ", String(repeating: "M", count: 32),
    ])
    func `a token is a method`(_ method: String) throws {
        let head = try requireHead(head("\(method) / HTTP/1.1", "Host: a"))
        #expect(head.method == HTTPRequest.Method(method))
    }
}

/// The rows, a list for each part of a request.
enum AcceptedRequests {
    typealias Row = AcceptedRequestTests.Row

    static let all = lines + targets + hosts + framings + connections

    static let lines = [
        Row("only what must be there", head("GET / HTTP/1.1", "Host: a")),
        Row("an empty line before", "\r\n" + head("GET / HTTP/1.1", "Host: a")),
        Row("four empty lines before", "\r\n\r\n\r\n\r\n" + head("GET / HTTP/1.1", "Host: a")),
        Row("version 1.0", head("GET / HTTP/1.0", "Host: a")) {
            $0.minorVersion = 0
            $0.isPersistent = false
        },
        Row("version 1.2, understood as 1.1", head("GET / HTTP/1.2", "Host: a")),
        Row("version 1.9, understood as 1.1", head("GET / HTTP/1.9", "Host: a")),
        Row("no white space behind the colon", head("GET / HTTP/1.1", "Host:a")),
        Row("white space round the value", head("GET / HTTP/1.1", "Host: \t a \t ")),
        Row("an empty value", head("GET / HTTP/1.1", "X:", "Host: a")),
        Row("a value of white space", head("GET / HTTP/1.1", "X: \t ", "Host: a")),
        Row("a tab within a value", head("GET / HTTP/1.1", "X: a\tb", "Host: a")),
        Row("octets above 0x7F", head("GET / HTTP/1.1", "X: \u{80}\u{E4}\u{FF}", "Host: a")),
        Row("a name of every kind", head("GET / HTTP/1.1", "!#$%&'*+-.^_`|~9z: x", "Host: a")),
        Row("a name in capitals", head("GET / HTTP/1.1", "HOST: a")),
    ]

    static let targets = [
        Row("a path", head("GET /users/1 HTTP/1.1", "Host: a")) { $0.path = "/users/1" },
        Row("a query", head("GET /u?a=1&b=?/ HTTP/1.1", "Host: a")) {
            $0.path = "/u"
            $0.query = "a=1&b=?/"
        },
        Row("an empty query", head("GET /? HTTP/1.1", "Host: a")) { $0.query = "" },
        Row("every character of a path", head("GET /-._~!$&'()*+,;=:@az09/ HTTP/1.1", "Host: a")) {
            $0.path = "/-._~!$&'()*+,;=:@az09/"
        },
        Row("empty segments", head("GET //a//b/ HTTP/1.1", "Host: a")) { $0.path = "//a//b/" },
        Row("escapes", head("GET /%41%c3%A9?%2F%5c HTTP/1.1", "Host: a")) {
            $0.path = "/%41%c3%A9"
            $0.query = "%2F%5c"
        },
        Row("dots that are no dot segments", head("GET /.a/..b/.../a. HTTP/1.1", "Host: a")) {
            $0.path = "/.a/..b/.../a."
        },
        Row("dots in a query", head("GET /?/../. HTTP/1.1", "Host: a")) { $0.query = "/../." },
        Row("the asterisk", head("OPTIONS * HTTP/1.1", "Host: a")) {
            $0.method = "OPTIONS"
            $0.path = "*"
        },
        Row("the absolute form", head("GET http://b:80/p?q HTTP/1.1", "Host: a")) {
            $0.path = "/p"
            $0.query = "q"
            $0.authority = "b:80"
        },
        Row("an absolute form without path", head("GET HTTP://b HTTP/1.1", "Host: a")) {
            $0.authority = "b"
        },
        Row("an absolute form with a query only", head("GET http://b?q HTTP/1.1", "Host: a")) {
            $0.query = "q"
            $0.authority = "b"
        },
        Row("an absolute form with an empty Host", head("GET http://b/ HTTP/1.1", "Host:")) {
            $0.authority = "b"
        },
        Row("an absolute form in HTTP/1.0", head("GET http://b/ HTTP/1.0")) {
            $0.minorVersion = 0
            $0.authority = "b"
            $0.isPersistent = false
        },
    ]

    static let hosts =
        [
            Row("no Host in HTTP/1.0", head("GET / HTTP/1.0")) {
                $0.minorVersion = 0
                $0.authority = nil
                $0.isPersistent = false
            }
        ]
        + [
            "localhost", "localhost:8000", "127.0.0.1:65535", "a:", "a:0", "[::1]", "[::1]:8000",
            "[::]", "[1:2:3:4:5:6:7:8]", "[1:2:3:4:5:6:7::]", "[::2:3:4:5:6:7:8]",
            "[fe80::1:0ABC]", "[::ffff:127.0.0.1]", "[1:2:3:4:5:6:1.2.3.255]", "[v1f.a:b]",
            "%41.example", "%c3%a9.example", "999.999.999.999", "-._~!$&'()*+;=",
        ].map { (host: String) in
            Row("Host: \(host)", head("GET / HTTP/1.1", "Host: \(host)")) { $0.authority = host }
        }

    static let framings = [
        Row("a length", head("PUT / HTTP/1.1", "Host: a", "Content-Length: 42")) {
            $0.method = "PUT"
            $0.framing = .length(42)
        },
        Row("a length of 0", head("GET / HTTP/1.1", "Host: a", "content-length:0")) {
            $0.framing = .length(0)
        },
        Row(
            "a length of 18 digits",
            head("GET / HTTP/1.1", "Host: a", "Content-Length: 999999999999999999")
        ) { $0.framing = .length(999_999_999_999_999_999) },
        Row("chunked", head("GET / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked")) {
            $0.framing = .chunked
        },
        Row("Chunked", head("GET / HTTP/1.1", "Host: a", "TRANSFER-encoding:  Chunked ")) {
            $0.framing = .chunked
        },
        Row("100-continue", head("GET / HTTP/1.1", "Host: a", "Expect: 100-Continue")) {
            $0.expectsContinue = true
        },
        Row("100-continue twice", head("GET / HTTP/1.1", "Host: a", "Expect: 100-continue,,")) {
            $0.expectsContinue = true
        },
        Row("100-continue in 1.0", head("GET / HTTP/1.0", "Host: a", "Expect: 100-continue")) {
            $0.minorVersion = 0
            $0.isPersistent = false
        },
        Row("an empty expectation", head("GET / HTTP/1.1", "Host: a", "Expect:")),
    ]

    static let connections = [
        Row("close", head("GET / HTTP/1.1", "Host: a", "Connection: Close")) {
            $0.isPersistent = false
        },
        Row("close in a list", head("GET / HTTP/1.1", "Host: a", "Connection: x,\tclose , y")) {
            $0.isPersistent = false
        },
        Row(
            "close in a second line",
            head("GET / HTTP/1.1", "Connection: x", "Host: a", "Connection: close")
        ) {
            $0.isPersistent = false
        },
        Row(
            "options that contain close",
            head("GET / HTTP/1.1", "Host: a", "Connection: closed, not-close")),
        Row("keep-alive", head("GET / HTTP/1.1", "Host: a", "Connection: keep-alive")),
        Row("keep-alive in 1.0", head("GET / HTTP/1.0", "Host: a", "Connection: x, Keep-Alive")) {
            $0.minorVersion = 0
        },
        Row(
            "close and keep-alive in 1.0",
            head("GET / HTTP/1.0", "Host: a", "Connection: keep-alive, close")
        ) {
            $0.minorVersion = 0
            $0.isPersistent = false
        },
    ]
}
