import Ambient
import JSON
import Testing

@Suite("Refusing what is not JSON, RFC 8259")
struct JSONRefusalTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let expected: Refusal
        var testDescription: String { text }
        init(_ text: String, _ reason: JSONError.Reason, at offset: Int) {
            self.text = text
            self.expected = Refusal(reason, at: offset)
        }
    }

    @Test(arguments: [
        Case("", .empty, at: 0), Case(" \n\t ", .empty, at: 0),
        Case("\u{FEFF}{}", .byteOrderMark, at: 0),
        Case("{} {}", .trailingBytes, at: 3), Case("[]]", .trailingBytes, at: 2),
        Case("1 2", .trailingBytes, at: 2), Case("null\0", .trailingBytes, at: 4),
        Case("nul", .truncated, at: 3), Case("nule", .unexpectedByte, at: 3),
        Case("True", .unexpectedByte, at: 0), Case("nullx", .trailingBytes, at: 4),
        Case("NaN", .unexpectedByte, at: 0), Case("Infinity", .unexpectedByte, at: 0),
        Case("'a'", .unexpectedByte, at: 0), Case("// a\n1", .unexpectedByte, at: 0),
        Case("\u{A0}1", .unexpectedByte, at: 0), Case("\u{0B}1", .unexpectedByte, at: 0),
    ])
    func `a text that is not one value`(_ given: Case) {
        #expect(refusal(of: given.text) == given.expected)
    }

    @Test(arguments: [
        Case("[", .truncated, at: 1), Case("[1", .truncated, at: 2), Case("[1,", .truncated, at: 3),
        Case("[1,]", .unexpectedByte, at: 3), Case("[,1]", .unexpectedByte, at: 1),
        Case("[1 2]", .unexpectedByte, at: 3), Case("[1}", .unexpectedByte, at: 2),
        Case("[1,,2]", .unexpectedByte, at: 3), Case("]", .unexpectedByte, at: 0),
        Case("{", .truncated, at: 1), Case(#"{"a""#, .truncated, at: 4),
        Case(#"{"a":"#, .truncated, at: 5), Case(#"{"a":1"#, .truncated, at: 6),
        Case(#"{"a":1,"#, .truncated, at: 7), Case(#"{"a":1,}"#, .unexpectedByte, at: 7),
        Case("{,}", .unexpectedByte, at: 1), Case("{a:1}", .unexpectedByte, at: 1),
        Case("{1:1}", .unexpectedByte, at: 1), Case(#"{"a" 1}"#, .unexpectedByte, at: 5),
        Case(#"{"a":}"#, .unexpectedByte, at: 5), Case(#"{"a":1]"#, .unexpectedByte, at: 6),
        Case(#"{"a":1 "b":2}"#, .unexpectedByte, at: 7), Case(#"{"a"}"#, .unexpectedByte, at: 4),
        Case(#"{null:1}"#, .unexpectedByte, at: 1),
    ])
    func `an array or object that is not well formed`(_ given: Case) {
        #expect(refusal(of: given.text) == given.expected)
    }

    @Test(arguments: [
        Case("01", .malformedNumber, at: 0), Case("-01", .malformedNumber, at: 1),
        Case("00", .malformedNumber, at: 0), Case("-", .truncated, at: 1),
        Case("+1", .unexpectedByte, at: 0), Case(".5", .unexpectedByte, at: 0),
        Case("1.", .truncated, at: 2), Case("[1.]", .malformedNumber, at: 3),
        Case("[1.e2]", .malformedNumber, at: 3), Case("[-]", .malformedNumber, at: 2),
        Case("[1e]", .malformedNumber, at: 3), Case("[1e+]", .malformedNumber, at: 4),
        Case("1e", .truncated, at: 2), Case("1_000", .trailingBytes, at: 1),
        Case("0x1F", .trailingBytes, at: 1), Case("1,5", .trailingBytes, at: 1),
        Case("--1", .malformedNumber, at: 1), Case("-Infinity", .malformedNumber, at: 1),
        Case("9223372036854775808", .numberOutOfRange, at: 0),
        Case("[-9223372036854775809]", .numberOutOfRange, at: 1),
        Case("1e309", .numberOutOfRange, at: 0), Case("-1e400", .numberOutOfRange, at: 0),
        Case("1e99999999999999999999", .numberOutOfRange, at: 0),
    ])
    func `a number that is malformed or does not fit`(_ given: Case) {
        #expect(refusal(of: given.text) == given.expected)
    }

    @Test(arguments: [
        Case("\"", .truncated, at: 1), Case("\"abc", .truncated, at: 4),
        Case("\"a\\", .truncated, at: 3), Case("\"a\\\"", .truncated, at: 4),
        Case("\"a\nb\"", .controlCharacter, at: 2), Case("\"\0\"", .controlCharacter, at: 1),
        Case("\"\u{1F}\"", .controlCharacter, at: 1), Case("\"\\n\t\"", .controlCharacter, at: 3),
        Case(#""\a""#, .invalidEscape, at: 1), Case(#""\'""#, .invalidEscape, at: 1),
        Case(#""\U0041""#, .invalidEscape, at: 1), Case(#""\x41""#, .invalidEscape, at: 1),
        Case(#""\u004""#, .invalidEscape, at: 1), Case(#""\u00g0""#, .invalidEscape, at: 1),
        Case(#""\u+041""#, .invalidEscape, at: 1), Case(#""\u00"#, .truncated, at: 5),
        Case(#""x\ud83d""#, .loneSurrogate, at: 2), Case(#""\ude00""#, .loneSurrogate, at: 1),
        Case(#""\ud83dx""#, .loneSurrogate, at: 1), Case(#""\ud83d\n""#, .loneSurrogate, at: 1),
        Case(#""\ud83d\ud83d""#, .loneSurrogate, at: 1),
        Case(#""\ud83d\u0041""#, .loneSurrogate, at: 1),
        Case(#""\ude00\ud83d""#, .loneSurrogate, at: 1),
        Case(#""\ud83d\u12"#, .truncated, at: 11), Case(#""\ud83d"#, .loneSurrogate, at: 1),
    ])
    func `a string that is malformed`(_ given: Case) {
        #expect(refusal(of: given.text) == given.expected)
    }

    @Test(arguments: [
        (#"{"a":1,"a":2}"#, "/a", 7), (#"{"a":1,"\u0061":2}"#, "/a", 7),
        (#"{"x":[0,{"b":1,"c":2,"b":3}]}"#, "/x/1/b", 21), (#"{"":1,"":1}"#, "/", 6),
        (#"{"a/b~":{"~1":1,"~1":1}}"#, "/a~1b~0/~01", 16),
        (#"[[],{"é":null,"é":null}]"#, "/1/é", 15),
    ])
    func `a name that appears twice in one object`(_ text: String, _ pointer: String, _ offset: Int)
    {
        let refusal = refusal(of: text)
        guard case .duplicateMember(let place) = refusal?.reason else {
            Issue.record("Not refused as a duplicate: \(String(describing: refusal)).")
            return
        }
        #expect(place.text == pointer)
        #expect(refusal?.offset == offset)
    }

    @Test(
        arguments: [
            ([0x22, 0xFF, 0x22], 1), ([0x22, 0xC3, 0x22], 1), ([0x22, 0xC0, 0x80, 0x22], 1),
            ([0x22, 0xED, 0xA0, 0x80, 0x22], 1), ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], 1),
            ([0x22, 0xE2, 0x82], 1), ([0x5B, 0x80, 0x5D], 1), ([0xFF, 0xFE, 0x31, 0x00], 0),
        ] as [([UInt8], Int)])
    func `octets that are not UTF-8`(_ octets: [UInt8], _ offset: Int) {
        #expect(refusal(of: octets) == Refusal(.invalidUTF8, at: offset))
    }
}

@Suite("Any octets give a value or an error")
struct JSONMutationTests {
    static let sample = Array(
        #"{"id":"0é😀\ud83d\ude00\n","list":[1,-2.5e+3,true,false,null,{}],"o":{"a":[[]],"b":""}}"#
            .utf8)

    @Test func `a text cut anywhere is refused as cut, at its end`() {
        for length in 1..<Self.sample.count {
            let refusal = refusal(of: Array(Self.sample.prefix(length)))
            #expect(refusal != nil, "Cut after \(length) octets.")
            #expect((refusal?.offset ?? 0) <= length)
        }
    }

    @Test func `mutated texts never trap, and what is read is written and read again`() {
        let seed: UInt64 = 20_261_122
        let entropy = Entropy.seeded(seed)
        let alphabet = Array("{}[]\",:\\u0019dDeE+-.tfn \u{FF}é".utf8)
        var acceptedCount = 0
        for round in 0..<100_000 {
            var octets = Self.sample
            for _ in 0...(entropy.next() % 3) {
                let place = Int(entropy.next() % UInt64(octets.count))
                let octet = alphabet[Int(entropy.next() % UInt64(alphabet.count))]
                switch entropy.next() % 3 {
                case 0: octets[place] = octet
                case 1: octets.insert(octet, at: place)
                default: octets.remove(at: place)
                }
            }
            guard let value = try? JSONParser.parse(octets.span) else { continue }
            acceptedCount += 1
            let text = value.text
            #expect(
                (try? JSONParser.parse(text.span)) == value, "Seed \(seed), round \(round).")
        }
        #expect(acceptedCount > 1_000)
    }
}
