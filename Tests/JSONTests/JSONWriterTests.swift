import Ambient
import JSON
import Testing

@Suite("Writing, RFC 8259")
struct JSONWriterTests {
    private func text(_ write: (inout JSONObjectWriter) -> Void) -> String {
        String(decoding: JSONWriter.object(write), as: UTF8.self)
    }

    @Test func `an object without members is two brackets`() {
        #expect(text { _ in } == "{}")
    }

    @Test func `members of every kind stand in order, with commas between them`() {
        let written = text { object in
            object.member("string", "ada")
            object.member("no_string", String?.none)
            object.member("bool", true)
            object.member("integer", -12)
            object.member("double", double: 0.5)
            object.member("value", value: JSONValue.array([.null, .bool(false)]))
            object.member("json", json: Array(#"{"a": 1}"#.utf8))
            object.member("id", UUID(high: 0, low: 1))
            object.null("nothing")
        }
        #expect(
            written == """
                {"string":"ada","no_string":null,"bool":true,"integer":-12,"double":0.5,\
                "value":[null,false],"json":{"a": 1},"id":"00000000-0000-0000-0000-000000000001",\
                "nothing":null}
                """)
    }

    @Test func `times, thousandths and joined strings have their forms`() {
        let written = text { object in
            object.member("time", Timestamp(microsecondsSince1970: 0))
            object.member("no_time", Timestamp?.none)
            object.member("small", thousandths: 7)
            object.member("large", thousandths: 12_345_678)
            object.member("joined") { string in
                string.append("a\"b")
                string.append(" ")
                string.append(-42)
                string.append("\n")
            }
        }
        #expect(
            written == #"""
                {"time":"1970-01-01T00:00:00.000000Z","no_time":null,"small":0.007,\#
                "large":12345.678,"joined":"a\"b -42\n"}
                """#)
    }

    @Test(arguments: [0x00, 0x1F, 0x22, 0x5C] as [UInt8])
    func `an octet to be escaped is found wherever it stands`(_ octet: UInt8) throws {
        for length in 1...24 {
            for place in 0..<length {
                var octets = [UInt8](repeating: 0x7F, count: length)
                octets[place] = octet
                let given = String(decoding: octets, as: UTF8.self)
                let read = try parseObject(text { $0.member("text", given) })
                #expect(read.members.map(\.value) == [.string(given)])
            }
        }
    }

    @Test func `objects and arrays nest`() {
        let written = text { object in
            object.array("empty") { _ in }
            object.array("items") { items in
                items.element("a")
                items.element(7)
                items.element(value: .null)
                items.object { $0.member("b", 1) }
                items.array { $0.element("c") }
            }
            object.object("inner") { $0.object("most") { _ in } }
        }
        #expect(
            written == #"{"empty":[],"items":["a",7,null,{"b":1},["c"]],"inner":{"most":{}}}"#)
    }

    @Test func `members that were made before stand first, between and alone`() {
        let made = JSONMembers { members in
            members.member("a", "\"")
            members.member("b", Int64(1))
        }
        let none = JSONMembers { _ in }
        let text = JSONWriter.object { object in
            object.members(none)
            object.members(made)
            object.member("c", true)
            object.members(none)
            object.members(JSONMembers { $0.null("d") })
        }
        #expect(
            String(decoding: text, as: UTF8.self) == #"{"a":"\"","b":1,"c":true,"d":null}"#)
        #expect(JSONWriter.object { $0.members(none) } == Array("{}".utf8))
    }

    @Test func `appending leaves what the buffer held`() {
        var bytes = Array("body: ".utf8)
        JSONWriter.appendObject(to: &bytes) { $0.member("a", 1) }
        JSONWriter.appendArray(to: &bytes) { $0.element(2) }
        #expect(String(decoding: bytes, as: UTF8.self) == #"body: {"a":1}[2]"#)
    }

    @Test(arguments: [
        ("", #""""#), ("plain", #""plain""#), ("a\"b\\c/d", #""a\"b\\c/d""#),
        ("\u{8}\t\n\u{C}\r", #""\b\t\n\f\r""#),
        ("\0\u{1}\u{B}\u{E}\u{F}", #""\u0000\u0001\u000b\u000e\u000f""#),
        ("\u{10}\u{1A}\u{1F}\u{7F}", "\"\\u0010\\u001a\\u001f\u{7F}\""),
        ("grüße 😀 \u{2028}\u{2029}", "\"grüße 😀 \u{2028}\u{2029}\""),
        (
            "a string that is longer than fifteen octets \n",
            #""a string that is longer than fifteen octets \n""#
        ),
    ])
    func `a string is quoted, and escaped where it must be`(_ string: String, _ written: String) {
        #expect(String(decoding: JSONValue.string(string).text, as: UTF8.self) == written)
    }

    @Test func `every code point of the first 300 comes back from its text`() throws {
        for code in (0 as UInt8)...255 {
            let value = JSONValue.string("a\(Unicode.Scalar(code))b")
            #expect(try JSONParser.parse(value.text.span) == value)
        }
    }

    @Test(arguments: [0, 1, -1, 9, 10, 99, 100, 1_234_567_890, Int64.max, .min])
    func `an integer is written in decimal`(_ integer: Int64) {
        #expect(String(decoding: JSONValue.integer(integer).text, as: UTF8.self) == "\(integer)")
    }

    @Test(
        arguments: [
            (0, "0.0"), (-0.0, "-0.0"), (0.1, "0.1"), (2.5, "2.5"), (-1e15, "-1000000000000000.0"),
            (1e16, "10000000000000000.0"), (1.5e17, "150000000000000000.0"),
            (1.2345678901234568e17, "123456789012345680.0"), (1e-4, "0.0001"), (1e-5, "0.00001"),
            (-1.5e-7, "-0.00000015"), (.infinity, "null"), (-.infinity, "null"), (.nan, "null"),
        ] as [(Double, String)])
    func `a double is written with its fewest digits and no exponent`(
        _ double: Double, _ written: String
    ) {
        #expect(String(decoding: JSONValue.double(double).text, as: UTF8.self) == written)
    }

    @Test func `doubles of all sizes come back from their texts`() throws {
        let entropy = Entropy.seeded(8259)
        let extremes = [
            Double.leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude,
        ]
        let drawn = (0..<20_000).map { _ in Double(bitPattern: entropy.next()) }
        for double in extremes + drawn where double.isFinite {
            let value = JSONValue.double(double)
            #expect(try JSONParser.parse(value.text.span) == value)
        }
    }
}
