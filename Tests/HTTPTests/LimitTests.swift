import HTTP
import Testing

@Suite("Limits of a request's head")
struct LimitTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let expected: RequestParseError
        /// The shortest beginning of `text` that is refused, in octets.
        let refusedFrom: Int

        init(
            _ testDescription: String, _ text: String, _ expected: RequestParseError,
            from refusedFrom: Int
        ) {
            self.testDescription = testDescription
            self.text = text
            self.expected = expected
            self.refusedFrom = refusedFrom
        }
    }

    /// Limits small enough to test every cut.
    static let limits = {
        var limits = RequestLimits()
        limits.requestLineBytesMax = 20
        limits.methodBytesMax = 8
        limits.headerBytesMax = 30
        limits.fieldBytesMax = 16
        limits.fieldCountMax = 3
        return limits
    }()

    static let rows = [
        Row("a target that does not end", "GET /567890123456789x", .targetTooLong, from: 21),
        Row(
            "a request line one octet too long", "GET /567890x HTTP/1.1\r\nHost: a\r\n\r\n",
            .targetTooLong, from: 21),
        Row(
            "a method that does not end", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", .unsupportedMethod, from: 21
        ),
        Row(
            "a method one octet too long", "ABCDEFGHI / HTTP/1.1\r\n", .unsupportedMethod,
            from: 22),
        Row(
            "a field that does not end", "GET / HTTP/1.1\r\nX: 4567890123456x", .fieldTooLarge,
            from: 33),
        Row(
            "a field one octet too long", "GET / HTTP/1.1\r\nX: 4567890123456x\r\n",
            .fieldTooLarge, from: 33),
        Row(
            "a header section one octet too large",
            "GET / HTTP/1.1\r\nHost: abc\r\nX: 4567890123456\r\n\r\n", .headerTooLarge, from: 45),
        Row(
            "a header section that does not end",
            "GET / HTTP/1.1\r\nHost: a\r\nX: 5678901\r\nY: 45678", .headerTooLarge, from: 45),
        Row(
            "a field too many", "GET / HTTP/1.1\r\nHost:a\r\nA:\r\nB:\r\nC:\r\n", .tooManyFields,
            from: 36),
    ]

    @Test(arguments: rows)
    func `it is refused as soon as the limit is passed`(_ row: Row) {
        let bytes = octets(row.text)
        #expect(parseInAllWays(bytes, limits: Self.limits) == .refused(row.expected))
        let shortest = bytes.indices.map { Array(bytes[...$0]) }.first {
            parse($0, in: [$0.count], limits: Self.limits) == .refused(row.expected)
        }
        #expect(shortest?.count == row.refusedFrom)
    }

    @Test(
        arguments: [
            "GET /567890 HTTP/1.1\r\nHost: a\r\n\r\n",
            "ABCDEFGH / HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost:a\r\nX: 4567890123456\r\n\r\n",
            "GET / HTTP/1.1\r\nHost:a\r\nA:\r\nB:\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: ab\r\nX: 4567890123456\r\n\r\n",
        ] as [Wire])
    func `what just fits is accepted`(_ wire: Wire) {
        guard case .head = parseInAllWays(wire.octets, limits: Self.limits) else {
            Issue.record("It is refused.")
            return
        }
    }

    @Test func `the defaults let a request line of 16 KiB pass, and no longer one`() {
        let limit = RequestLimits().requestLineBytesMax
        let path = String(repeating: "a", count: limit - "GET / HTTP/1.1".count)
        let fits = octets(head("GET /\(path) HTTP/1.1", "Host: a"))
        let passes = octets(head("GET /\(path)a HTTP/1.1", "Host: a"))
        guard case .head = parse(fits, in: 0...fits.count) else {
            Issue.record("16 KiB are refused.")
            return
        }
        #expect(parse(passes, in: 0...passes.count) == .refused(.targetTooLong))
    }

    @Test func `the defaults let a hundred fields pass, and no more`() {
        let fields = String(repeating: "X: a\r\n", count: 99) + "Host: a\r\n"
        let fits = octets("GET / HTTP/1.1\r\n\(fields)\r\n")
        let passes = octets("GET / HTTP/1.1\r\n\(fields)X: a\r\n")
        guard case .head = parse(fits, in: [fits.count]) else {
            Issue.record("A hundred fields are refused.")
            return
        }
        #expect(parse(passes, in: [passes.count]) == .refused(.tooManyFields))
    }
}
