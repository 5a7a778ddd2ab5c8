import HTTP
import HTTPTypes
import Testing

/// The octets of a text whose characters stand for one octet each, U+0000 to U+00FF.
func octets(_ text: String) -> [UInt8] {
    text.unicodeScalars.map { UInt8($0.value) }
}

/// Octets to send, written as for ``octets(_:)``, that stand in a test's name with their escapes.
struct Wire: Sendable, ExpressibleByStringLiteral, CustomTestStringConvertible {
    let octets: [UInt8]
    let testDescription: String

    init(stringLiteral text: String) {
        octets = HTTPTests.octets(text)
        testDescription = text.debugDescription
    }
}

/// What a parser made of some octets, in a form that can be compared.
enum ParseOutcome: Equatable {
    case incomplete
    case refused(RequestParseError)
    case head(HeadSummary)
}

/// All that a head says, but for the fields, of which only the number is compared.
struct HeadSummary: Equatable {
    let method: String
    let path: String
    let query: String?
    let minorVersion: Int
    let fieldCount: Int
    let authority: String?
    let framing: BodyFraming
    let isPersistent: Bool
    let expectsContinue: Bool
    let byteCount: Int

    init(_ parsed: ParsedHead) {
        method = parsed.head.method.rawValue
        path = parsed.head.target.path
        query = parsed.head.target.query
        minorVersion = parsed.head.minorVersion
        fieldCount = parsed.head.fields.count
        authority = parsed.head.authority
        framing = parsed.head.framing
        isPersistent = parsed.head.isPersistent
        expectsContinue = parsed.head.expectsContinue
        byteCount = parsed.byteCount
    }
}

/// Feeds a parser the first octets of `bytes`, as many as each of `lengths` says in turn, until it
/// has made something of them.
func parse(
    _ bytes: [UInt8], in lengths: some Sequence<Int>, limits: RequestLimits = RequestLimits()
) -> ParseOutcome {
    var parser = RequestParser(limits: limits)
    for length in lengths {
        do {
            let prefix = Array(bytes[..<length])
            if let parsed = try parser.parse(prefix.span) { return .head(HeadSummary(parsed)) }
        } catch {
            return .refused(error)
        }
    }
    return .incomplete
}

/// What a parser makes of `bytes` given whole, after checking that it makes the same of them given
/// octet by octet, and cut in two at every index.
func parseInAllWays(
    _ bytes: [UInt8], limits: RequestLimits = RequestLimits(),
    sourceLocation: SourceLocation = #_sourceLocation
) -> ParseOutcome {
    let whole = parse(bytes, in: [bytes.count], limits: limits)
    let dripped = parse(bytes, in: 0...bytes.count, limits: limits)
    #expect(dripped == whole, "octet by octet", sourceLocation: sourceLocation)
    for index in bytes.indices {
        let cut = parse(bytes, in: [index, bytes.count], limits: limits)
        #expect(cut == whole, "cut at \(index)", sourceLocation: sourceLocation)
    }
    return whole
}

/// The head that begins a text, which must be well formed.
func requireHead(_ text: String) throws -> RequestHead {
    var parser = RequestParser(limits: RequestLimits())
    let bytes = octets(text)
    let parsed = try parser.parse(bytes.span)
    return try #require(parsed).head
}

/// A request line and fields, each to be ended by CRLF, as the octets of a head.
func head(_ lines: String...) -> String {
    lines.map { $0 + "\r\n" }.joined() + "\r\n"
}
