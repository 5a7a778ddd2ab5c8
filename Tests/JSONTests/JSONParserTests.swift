import JSON
import Testing

@Suite("Parsing, RFC 8259")
struct JSONParserTests {
    struct Accepted: Sendable, CustomTestStringConvertible {
        let text: String
        let value: JSONValue
        var testDescription: String { text }
        init(_ text: String, _ value: JSONValue) {
            self.text = text
            self.value = value
        }
    }

    @Test(arguments: [
        Accepted("null", .null), Accepted("true", .bool(true)), Accepted("false", .bool(false)),
        Accepted(" \t\r\n0 \t\r\n", .integer(0)), Accepted("-0", .integer(0)),
        Accepted("42", .integer(42)), Accepted("-7", .integer(-7)),
        Accepted("9223372036854775807", .integer(.max)),
        Accepted("-9223372036854775808", .integer(.min)),
        Accepted("0.5", .double(0.5)), Accepted("-0.0", .double(-0.0)), Accepted("1.0", .double(1)),
        Accepted("1e3", .double(1_000)), Accepted("1E+3", .double(1_000)),
        Accepted("25e-1", .double(2.5)), Accepted("0e0", .double(0)),
        Accepted("9223372036854775808.0", .double(9_223_372_036_854_775_808)),
        Accepted("1.7976931348623157e308", .double(.greatestFiniteMagnitude)),
        Accepted("1e-400", .double(0)),
        Accepted("0.1000000000000000055511151231257827", .double(0.1)),
        Accepted("\"\"", .string("")), Accepted("\"ada\"", .string("ada")),
        Accepted(#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{C}\n\r\t")),
        Accepted(#""a\u0000b""#, .string("a\0b")), Accepted(#""\u00e9\u00E9é""#, .string("ééé")),
        Accepted(#""\ud83d\ude00 \uD83D\uDE00""#, .string("😀 😀")),
        Accepted(#""\uffff""#, .string("\u{FFFF}")), Accepted("\"\u{7f}\"", .string("\u{7f}")),
        Accepted("\"\u{2028}\u{2029}\"", .string("\u{2028}\u{2029}")),
        Accepted("\"😀\"", .string("😀")), Accepted("[]", .array([])), Accepted("[ ]", .array([])),
        Accepted(
            "[1, [2,\t3],[]]",
            .array([.integer(1), .array([.integer(2), .integer(3)]), .array([])])),
        Accepted("{}", .object(JSONObject())), Accepted("{ }", .object(JSONObject())),
    ])
    func `a text is read`(_ given: Accepted) throws {
        #expect(try parse(given.text) == given.value)
    }

    @Test func `members keep their order and are found by name`() throws {
        let object = try parseObject(#"{"b":1,"a":{"c":[null]},"":2}"#)
        #expect(object.members.map(\.name) == ["b", "a", ""])
        #expect(object["b"] == .integer(1))
        #expect(object[""] == .integer(2))
        #expect(object["c"] == nil)
        let inner = try parseObject(#"{"c":[null]}"#)
        #expect(object["a"] == .object(inner))
    }

    @Test func `names that only look alike are two names`() throws {
        let object = try parseObject("{\"\u{E9}\":1,\"e\u{301}\":2}")
        #expect(object["\u{E9}"] == .integer(1))
        #expect(object["e\u{301}"] == .integer(2))
        #expect(try parse("\"\u{E9}\"") != parse("\"e\u{301}\""))
    }

    @Test func `objects are equal in any order, arrays are not`() throws {
        #expect(try parse(#"{"a":1,"b":[1,2]}"#) == parse(#"{"b":[1,2],"a":1}"#))
        #expect(try parse(#"{"a":1}"#) != parse(#"{"a":1,"b":2}"#))
        #expect(try parse(#"{"a":1}"#) != parse(#"{"b":1}"#))
        #expect(try parse("[1,2]") != parse("[2,1]"))
        #expect(try parse("1") != parse("1.0"))
    }

    @Test func `an object of many members is read and looked up through its index`() throws {
        let count = 50_000
        let members = (0..<count).map { "\"name\($0)\":\($0)" }.joined(separator: ",")
        let object = try parseObject("{\(members)}")
        #expect(object.members.count == count)
        #expect((0..<count).allSatisfy { object["name\($0)"] == .integer(Int64($0)) })
        #expect(object["name\(count)"] == nil)
        let reason = reasonForRefusing("{\(members),\"name7\":0}")
        #expect(reason == .duplicateMember(JSONPointer().appending("name7")))
    }

    @Test(arguments: [1, 31, 32])
    func `nesting up to the limit is read`(_ depth: Int) throws {
        let arrays = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        let objects = String(repeating: #"{"a":"#, count: depth) + "0"
        #expect(throws: Never.self) { try parse(arrays) }
        #expect(throws: Never.self) {
            try parse(objects + String(repeating: "}", count: depth))
        }
    }

    @Test func `nesting beyond the limit is refused where it is exceeded`() {
        let arrays = String(repeating: "[", count: 33) + String(repeating: "]", count: 33)
        #expect(refusal(of: arrays) == Refusal(.tooDeep, at: 32))
        let million = String(repeating: "[", count: 1_000_000)
        #expect(refusal(of: million) == Refusal(.tooDeep, at: 32))
        #expect(refusal(of: #"{"a":{"b":[]}}"#, depthMax: 2) == Refusal(.tooDeep, at: 10))
    }
}
