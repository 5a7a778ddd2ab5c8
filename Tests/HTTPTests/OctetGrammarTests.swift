import HTTP
import Testing

@Suite("Octets that the grammars allow")
struct OctetGrammarTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let before: String
        let after: String
        let allowed: Set<UInt8>
    }

    static let letters = octets("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    static let tokens = Set(letters + octets("!#$%&'*+-.^_`|~"))
    static let names = Set(letters + octets("-._~!$&'()*+,;="))
    static let values = Set([0x09] + Array(0x20...0x7E) + Array(0x80...0xFF) as [UInt8])

    /// Each list holds what the grammar allows at the place, and what begins something else there.
    static let rows = [
        Row(
            testDescription: "in a method", before: "M", after: "M / HTTP/1.1\r\nHost: a\r\n\r\n",
            allowed: tokens),
        Row(
            testDescription: "in a path, or its end", before: "GET /",
            after: "a HTTP/1.1\r\nHost: a\r\n\r\n", allowed: names.union(octets(":@/?"))),
        Row(
            testDescription: "in a query", before: "GET /?",
            after: "a HTTP/1.1\r\nHost: a\r\n\r\n", allowed: names.union(octets(":@/?"))),
        Row(
            testDescription: "in an escape", before: "GET /%4",
            after: " HTTP/1.1\r\nHost: a\r\n\r\n", allowed: Set(octets("0123456789abcdefABCDEF"))),
        Row(
            testDescription: "in a field's name, or its end",
            before: "GET / HTTP/1.1\r\nHost: a\r\nX",
            after: "x: a\r\n\r\n", allowed: tokens.union(octets(":"))),
        Row(
            testDescription: "in a field's value", before: "GET / HTTP/1.1\r\nHost: a\r\nX: a",
            after: "b\r\n\r\n", allowed: values),
        Row(
            testDescription: "in a Host", before: "GET / HTTP/1.1\r\nHost: a", after: "b\r\n\r\n",
            allowed: names.subtracting(octets(","))),
    ]

    @Test(arguments: rows)
    func `of a head`(_ row: Row) {
        for octet in UInt8.min ... .max {
            let bytes = octets(row.before) + [octet] + octets(row.after)
            guard case .head = parse(bytes, in: [bytes.count]) else {
                #expect(!row.allowed.contains(octet), "\(octet) is refused.")
                continue
            }
            #expect(row.allowed.contains(octet), "\(octet) is accepted.")
        }
    }

    /// Octets are examined eight at a time, so the place matters.
    @Test(arguments: 0..<20)
    func `of a value, wherever the octet stands`(_ count: Int) {
        let before =
            octets("GET / HTTP/1.1\r\nHost: a\r\nX: ") + Array(repeating: 0x61, count: count)
        for octet in UInt8.min ... .max {
            let bytes = before + [octet] + octets("b\r\n\r\n")
            let outcome = parse(bytes, in: [bytes.count])
            let isHead = if case .head = outcome { true } else { false }
            #expect(isHead == Self.values.contains(octet), "\(octet)")
            #expect(parse(bytes, in: 0...bytes.count) == outcome, "\(octet)")
        }
    }

    /// Blocks of 32 octets are passed over, so the place matters.
    @Test(arguments: 20..<120)
    func `of a long value, wherever the octet stands`(_ count: Int) {
        for octet in [0, 8, 9, 10, 13, 0x1F, 0x20, 0x7E, 0x7F, 0x80, 0x9F, 0xFF] as [UInt8] {
            let value = Array(repeating: 0x61, count: count) + [octet] + octets("b")
            let bytes = octets("GET / HTTP/1.1\r\nHost: a\r\nX: ") + value + octets("\r\n\r\n")
            let outcome = parse(bytes, in: [bytes.count])
            let isHead = if case .head = outcome { true } else { false }
            #expect(isHead == Self.values.contains(octet), "\(octet)")
            #expect(parse(bytes, in: [count, bytes.count]) == outcome, "\(octet)")
        }
    }

    @Test func `of a quoted string, or an escape in it`() {
        let allowed = Self.values.subtracting(octets("\""))
        for octet in UInt8.min ... .max {
            let bytes = octets("1;a=\"b") + [octet] + octets("b\"\r\nx\r\n0\r\n\r\n")
            #expect(
                decode(bytes, cuts: [bytes.count]).isComplete == allowed.contains(octet), "\(octet)"
            )
        }
    }

    @Test func `of an entity tag`() {
        let allowed = Self.values.subtracting(octets("\t \""))
        for octet in UInt8.min ... .max {
            let condition = EntityTagCondition(parsing: "\"\(UnicodeScalar(octet))\"")
            #expect((condition != nil) == allowed.contains(octet), "\(octet)")
        }
    }
}
