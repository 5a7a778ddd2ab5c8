import HTTP
import Testing

/// What a decoder made of some octets.
struct ChunkedOutcome: Equatable {
    var body: [UInt8] = []
    var taken = 0
    var isComplete = false
    var error: RequestParseError?
}

/// Limits small enough to test every cut.
private let smallLimits = {
    var limits = RequestLimits()
    limits.chunkLineBytesMax = 24
    limits.chunkExtensionBytesMax = 40
    limits.trailerBytesMax = 30
    limits.fieldBytesMax = 16
    limits.trailerCountMax = 3
    return limits
}()

/// Feeds a decoder the octets in pieces that end where `cuts` say, each without what it has taken.
func decode(
    _ bytes: [UInt8], cuts: some Sequence<Int>, limits: RequestLimits = smallLimits,
    bodyBytesMax: Int = 20
) -> ChunkedOutcome {
    var decoder = ChunkedDecoder(limits: limits)
    var outcome = ChunkedOutcome()
    for cut in cuts where cut > outcome.taken && !outcome.isComplete {
        do {
            let piece = Array(bytes[outcome.taken..<cut])
            outcome.taken += try decoder.decode(
                piece.span, into: &outcome.body, bodyBytesMax: bodyBytesMax)
            outcome.isComplete = decoder.isComplete
        } catch {
            outcome.error = error
            break
        }
    }
    return outcome
}

/// What a decoder makes of octets given whole, after checking that it makes the same of them octet
/// by octet, and cut in two at every index.
private func decodeInAllWays(_ bytes: [UInt8]) -> ChunkedOutcome {
    let whole = decode(bytes, cuts: [bytes.count])
    for cuts in [Array(0...bytes.count)] + bytes.indices.map({ [$0, bytes.count] }) {
        let cut = decode(bytes, cuts: cuts)
        #expect(cut.error == whole.error, "\(cuts)")
        guard whole.error == nil else { continue }
        #expect(cut == whole, "\(cuts)")
    }
    return whole
}

@Suite("Chunked content that is accepted")
struct AcceptedChunkTests {
    @Test(
        arguments: [
            ("0\r\n\r\n", ""), ("3\r\nabc\r\n0\r\n\r\n", "abc"), ("1\r\n\n\r\n0\r\n\r\n", "\n"),
            ("2\r\n\r\n\r\n0\r\n\r\n", "\r\n"), ("1\r\na\r\n2\r\nbc\r\n00\r\n\r\n", "abc"),
            ("a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n", "01234567890123456789"),
            ("0000000000000001\r\na\r\n0000000000000000\r\n\r\n", "a"),
            ("1;a\r\nx\r\n0;b=c;d\r\n\r\n", "x"),
            ("1 ; a = \"b;\\\"\" \t;c\r\nx\r\n0\r\n\r\n", "x"),
            ("0\r\nX: y\r\nZ:\r\n\r\n", ""), ("0\r\nContent-Length:9\r\nHost: b\r\n\r\n", ""),
        ] as [(Wire, Wire)])
    func `it is decoded alike however it arrives`(_ coded: Wire, _ content: Wire) {
        let outcome = decodeInAllWays(coded.octets)
        #expect(outcome.error == nil)
        #expect(outcome.isComplete)
        #expect(outcome.taken == coded.octets.count)
        #expect(outcome.body == content.octets)
    }

    @Test(arguments: ["0\r\n\r\n", "1\r\na\r\n0\r\nX: y\r\n\r\n"] as [Wire])
    func `what follows the content is left alone`(_ wire: Wire) {
        let outcome = decodeInAllWays(wire.octets + octets("\0 GET"))
        #expect(outcome.isComplete)
        #expect(outcome.taken == wire.octets.count)
    }

    @Test(
        arguments: ["", "0", "0\r\n", "0\r\n\r", "5\r\nabc", "1\r\na\r", "0\r\nX: y\r\n"] as [Wire])
    func `what has not ended is incomplete`(_ wire: Wire) {
        let outcome = decodeInAllWays(wire.octets)
        #expect(outcome.error == nil)
        #expect(!outcome.isComplete)
        #expect(outcome.taken == wire.octets.count)
    }

    @Test func `a decoder that is complete takes nothing more`() throws {
        var decoder = ChunkedDecoder(limits: RequestLimits())
        var body: [UInt8] = []
        let bytes = octets("0\r\n\r\n")
        #expect(try decoder.decode(bytes.span, into: &body, bodyBytesMax: 0) == 5)
        #expect(try decoder.decode(bytes.span, into: &body, bodyBytesMax: 0) == 0)
    }

    @Test func `a hundred fields fit into the trailer that the defaults allow`() {
        let bytes = octets("0\r\n" + String(repeating: "X: y\r\n", count: 100) + "\r\n")
        let outcome = decode(bytes, cuts: [bytes.count], limits: RequestLimits())
        #expect(outcome.isComplete)
    }
}

@Suite("Chunked content that is refused")
struct RefusedChunkTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let text: String
        let expected: RequestParseError

        init(_ text: String, _ expected: RequestParseError) {
            self.text = text
            self.expected = expected
        }

        var testDescription: String { "\(expected): \(text.debugDescription)" }
    }

    static let rows = sizes + extensions + ends + trailers

    static let sizes =
        [
            "", "g", "-1", "+1", "0x1", " 1", "1 ", "\t1", "1\t", "1 1", "1,1", "x", "1g", "\u{B2}",
            "8000000000000000", "FFFFFFFFFFFFFFFF", "10000000000000000", "00000000000000001",
        ].map { Row("\($0)\r\n", .malformedChunk) }
        + ["15\r\n", "7FFFFFFFFFFFFFFF\r\n", "14\r\n01234567890123456789\r\n1\r\n"].map {
            Row($0, .bodyTooLarge)
        }
        + [
            Row("1\0", .malformedChunk), Row("1\n", .bareLineFeed),
            Row("1\ra", .bareCarriageReturn),
            Row("1\r\r\n", .bareCarriageReturn),
        ]

    static let extensions =
        [
            ";", "; ", ";;a", ";a;", ";=a", ";a=", ";a= ;b", ";a=b c", ";a=\"b", ";a=\"b\"c",
            ";a b",
            ";a=\"\\", ";(a)", ";a=(", ";a=\"b\\\"",
        ].map { Row("1\($0)\r\n", .malformedChunk) }
        + [
            Row("1;a\n", .bareLineFeed), Row("1;a=\"\u{1}", .malformedChunk),
            Row("1;234567890123456789012345", .chunkExtensionsTooLong),
            Row(
                String(repeating: "1;567890123456789012345\r\nx\r\n", count: 2),
                .chunkExtensionsTooLong),
        ]

    static let ends = [
        Row("1\r\nab", .malformedChunk), Row("1\r\na0\r\n", .malformedChunk),
        Row("1\r\na\n", .bareLineFeed), Row("1\r\na\r0", .bareCarriageReturn),
        Row("1\r\na\t", .malformedChunk), Row("1\r\na\0", .malformedChunk),
        Row("1\r\na\r\n\r\n", .malformedChunk),
    ]

    static let trailers = [
        Row("0\r\nX\r\n", .malformedField), Row("0\r\n: y\r\n", .malformedField),
        Row("0\r\nX: \0", .malformedField), Row("0\r\n X: y\r\n", .obsoleteFolding),
        Row("0\r\nX: y\r\n z\r\n", .obsoleteFolding), Row("0\r\nX : y\r\n", .whitespaceBeforeColon),
        Row("0\r\nX: y\n", .bareLineFeed), Row("0\r\n\n", .bareLineFeed),
        Row("0\r\nX: y\r\r", .bareCarriageReturn), Row("0\r\n\rX", .bareCarriageReturn),
        Row("0\r\nX: 4567890123456x", .trailerTooLarge),
        Row("0\r\nX: 4567890123\r\nX: 4567890123\r\nX", .trailerTooLarge),
        Row("0\r\nA:\r\nB:\r\nC:\r\nD:\r\n", .trailerTooLarge),
    ]

    @Test(arguments: rows)
    func `it is refused alike however it arrives`(_ row: Row) {
        #expect(decodeInAllWays(octets(row.text)).error == row.expected)
    }

    @Test func `a chunk that is too large is refused before any of it is decoded`() {
        let bytes = octets("15\r\n012345678901234567890\r\n")
        #expect(decode(bytes, cuts: [bytes.count]).body.isEmpty)
    }

    @Test func `extensions of single octets are bounded over all chunks`() {
        let bytes = octets(String(repeating: "1;a\r\nx\r\n", count: 3000))
        let outcome = decode(
            bytes, cuts: [bytes.count], limits: RequestLimits(), bodyBytesMax: 1 << 20)
        #expect(outcome.error == .chunkExtensionsTooLong)
    }
}
