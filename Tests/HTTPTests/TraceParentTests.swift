import HTTP
import Testing

@Suite("traceparent, W3C Trace Context Level 2")
struct TraceParentTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let span = "00f067aa0ba902b7"

    private func parsed(_ text: String) -> TraceParent? {
        TraceParent(parsing: Array(text.utf8).span)
    }

    @Test func `its parts are the trace, the span and the flags`() throws {
        let parent = try #require(parsed("00-\(Self.trace)-\(Self.span)-01"))
        #expect(parent.traceID == TraceID(high: 0x4bf9_2f35_77b3_4da6, low: 0xa3ce_929d_0e0e_4736))
        #expect(parent.spanID == SpanID(rawValue: 0x00f0_67aa_0ba9_02b7))
        #expect(parent.flags == .sampled)
        #expect(parent.traceID.description == Self.trace)
        #expect(parent.spanID.description == Self.span)
    }

    @Test(arguments: [
        // What is given, and what is handed on; nil if it is refused.
        ("00-\(trace)-\(span)-00", "00-\(trace)-\(span)-00"),
        ("00-\(trace)-\(span)-03", "00-\(trace)-\(span)-03"),
        // Flags that this version does not know are not handed on.
        ("00-\(trace)-\(span)-ff", "00-\(trace)-\(span)-03"),
        ("00-\(trace)-\(span)-fc", "00-\(trace)-\(span)-00"),
        // A later version is answered in ours.
        ("cc-\(trace)-\(span)-01", "00-\(trace)-\(span)-01"),
        ("cc-\(trace)-\(span)-01-what-comes", "00-\(trace)-\(span)-01"),
        ("cc-\(trace)-\(span)-01-", "00-\(trace)-\(span)-01"),
        ("cc-\(trace)-\(span)-01.what-comes", nil), ("00-\(trace)-\(span)-01-what-comes", nil),
        ("00-\(trace)-\(span)-01-", nil), ("ff-\(trace)-\(span)-01", nil),
        ("00-\(trace)-\(span)", nil), ("00-\(trace)-\(span)-0", nil), ("00-\(trace)-\(span)-", nil),
        ("00-\(trace)-\(span)-1 ", nil), ("0-\(trace)-\(span)-001", nil),
        ("00-\(trace)_\(span)-01", nil), ("00_\(trace)-\(span)-01", nil),
        ("00-\(trace)-\(span)_01", nil), ("0g-\(trace)-\(span)-01", nil),
        ("00-4BF92F3577B34DA6A3CE929D0E0E4736-\(span)-01", nil),
        ("00-\(trace)-00F067AA0BA902B7-01", nil), ("00-\(trace)-\(span)-0G", nil),
        ("00-00000000000000000000000000000000-\(span)-01", nil),
        ("00-\(trace)-0000000000000000-01", nil), ("00-\(trace)-\(span)-0g", nil),
        ("00-\(trace)-\(span)-01, 00-\(trace)-\(span)-01", nil), ("", nil), ("-", nil),
    ])
    func `what is not well formed is none`(_ given: String, _ handedOn: String?) {
        #expect(parsed(given)?.description == handedOn)
    }
}

@Suite("tracestate, W3C Trace Context Level 2")
struct TraceStateTests {
    private static let letters = "abcdefghijklmnopqrstuvwxyz"
    private static let digits = "0123456"
    private static let keys256 = String(repeating: "a", count: 256)

    private func parsed(_ text: String) -> String? {
        TraceState(parsing: Array(text.utf8).span)?.text
    }

    @Test(arguments: [
        ("congo=t61rcWkgMzE", "congo=t61rcWkgMzE"),
        ("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"),
        ("rojo=1 ,\t congo=2", "rojo=1,congo=2"), ("rojo=1,,congo=2,", "rojo=1,congo=2"),
        ("", ""), (" , ", ""), ("fw529a3039@dt=FfAAc", "fw529a3039@dt=FfAAc"),
        ("0a_-*/@=!~", "0a_-*/@=!~"), ("a=b c", "a=b c"),
        ("\(keys256)=1,b=2", "\(keys256)=1,b=2"),
        ("a=1,a=2", nil), ("A=1", nil), ("_a=1", nil), ("a.b=1", nil), ("a", nil), ("=1", nil),
        ("a=", nil), ("a=b=c", nil), ("a=é", nil), ("a b=1", nil), ("\(keys256)a=1", nil),
    ])
    func `members have keys that differ, and values`(_ given: String, _ expected: String?) {
        #expect(parsed(given) == expected)
    }

    @Test func `32 members are read, and 33 are none`() {
        let members = zip(Self.letters + Self.digits, 0...).map { "\($0)=\($1)" }
        #expect(members.count == 33)
        #expect(parsed(members.dropLast().joined(separator: ",")) != nil)
        #expect(parsed(members.joined(separator: ",")) == nil)
    }

    @Test func `of too many octets the long members go, then those at the end`() throws {
        let long = "long=\(String(repeating: "x", count: 124))"
        let members = Self.letters.map { "\($0)=\(String(repeating: "x", count: 23))" }
        let given = ([long] + members.prefix(20)).joined(separator: ",")
        let kept = members.prefix(19).joined(separator: ",")
        #expect(given.utf8.count == 129 + 20 * 26)
        #expect(try #require(parsed(given)) == kept)
        #expect(parsed("\(long),a=1") == "\(long),a=1")
    }
}
