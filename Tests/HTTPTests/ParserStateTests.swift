import HTTP
import HTTPTypes
import Testing

@Suite("A parser between requests")
struct ParserStateTests {
    @Test(
        arguments: [
            ("", false), ("\r", false), ("\r\n", false), ("\r\n\r\n\r", false), ("G", true),
            ("\r\nG", true), ("GET / HTTP/1.1\r\n", true),
            ("GET / HTTP/1.1\r\nHost: a\r\n\r", true),
        ] as [(Wire, Bool)])
    func `only an octet of a request starts one`(_ wire: Wire, _ hasStarted: Bool) throws {
        var parser = RequestParser(limits: RequestLimits())
        #expect(try parser.parse(wire.octets.span) == nil)
        #expect(parser.hasStarted == hasStarted)
    }

    @Test func `requests that arrive together are read one after another`() throws {
        let texts = [
            head("GET /1 HTTP/1.1", "Host: a", "X: y"), "\r\n" + head("PUT /2 HTTP/1.0"),
            head("GET /3 HTTP/1.1", "Host: c"),
        ]
        var parser = RequestParser(limits: RequestLimits())
        var rest = octets(texts.joined())
        for (text, path) in zip(texts, ["/1", "/2", "/3"]) {
            let parsed = try parser.parse(rest.span)
            let head = try #require(parsed)
            #expect(head.byteCount == text.utf8.count)
            #expect(head.head.target.path == path)
            #expect(!parser.hasStarted)
            rest.removeFirst(head.byteCount)
        }
        #expect(rest.isEmpty)
    }

    @Test func `nothing of a request is left for the next`() throws {
        var parser = RequestParser(limits: RequestLimits())
        let first = octets(
            head(
                "POST / HTTP/1.1", "Host: a", "Content-Length: 1", "Connection: close",
                "Expect: 100-continue"))
        _ = try parser.parse(first.span)
        let second = octets(head("GET / HTTP/1.1", "Host: b"))
        let parsed = try parser.parse(second.span)
        let head = try #require(parsed).head
        #expect(head.framing == .none)
        #expect(head.isPersistent)
        #expect(!head.expectsContinue)
        #expect(head.authority == "b")
        #expect(head.fields.count == 1)
    }

    @Test func `a head keeps its octets when the buffer it came from changes`() throws {
        var parser = RequestParser(limits: RequestLimits())
        var buffer = octets(head("GET /users?a=b HTTP/1.1", "Host: a", "User-Agent: x"))
        let parsed = try parser.parse(buffer.span)
        for index in buffer.indices { buffer[index] = 0 }
        let head = try #require(parsed).head
        #expect(head.target.path == "/users")
        #expect(head.target.query == "a=b")
        #expect(head.fields.value(of: .userAgent) == "x")
    }
}
