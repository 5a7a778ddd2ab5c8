import HTTP
import Testing

@Suite("Targets of requests")
struct RequestTargetTests {
    @Test(arguments: [
        ("", ""), ("users", "users"), ("a%20b", "a b"), ("%41%5a%7E", "AZ~"), ("%C3%A9", "é"),
        ("é", "é"), ("a+b", "a+b"), ("%25", "%"), ("%252F", "%2F"), ("..", ".."), ("%0D", "\r"),
    ])
    func `a segment is decoded`(_ segment: String, _ expected: String) {
        let bytes = Array(segment.utf8)
        #expect(RequestTarget.decodeSegment(bytes.span) == expected)
    }

    @Test(arguments: [
        "%", "%4", "%4g", "%g4", "a%", "%%", "%00", "a%00b", "%2F", "%2f", "%5C", "a/b", "%41/",
        "%FF", "%C3", "%C3%28", "%ED%A0%80", "\u{FF}", "\u{C3}",
    ])
    func `a malformed segment is nothing`(_ segment: String) {
        let bytes = octets(segment)
        #expect(RequestTarget.decodeSegment(bytes.span) == nil)
    }

    @Test(arguments: ["/", "/users/1?a=b", "http://a/users", "http://a", "http://a?b"])
    func `the octets of the path are the path`(_ target: String) throws {
        let parsed = try requireHead(head("GET \(target) HTTP/1.1", "Host: a")).target
        let bytes = parsed.withPathBytes { path in path.indices.map { path[$0] } }
        #expect(bytes == Array(parsed.path.utf8))
        #expect(!parsed.isAsterisk)
    }

    @Test func `the asterisk is told from a path`() throws {
        #expect(try requireHead(head("OPTIONS * HTTP/1.1", "Host: a")).target.isAsterisk)
        #expect(try !requireHead(head("OPTIONS /* HTTP/1.1", "Host: a")).target.isAsterisk)
    }

    @Test(arguments: [
        ("OPTIONS http://a", true), ("OPTIONS http://a:80", true), ("OPTIONS http://a/", false),
        ("OPTIONS http://a?", false), ("GET http://a", false),
    ])
    func `the absolute form without a path is the asterisk to OPTIONS alone`(
        _ line: String, _ isAsterisk: Bool
    ) throws {
        let parsed = try requireHead(head("\(line) HTTP/1.1", "Host: a")).target
        #expect(parsed.isAsterisk == isAsterisk)
    }
}
