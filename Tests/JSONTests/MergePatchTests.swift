import JSON
import Testing

@Suite("Merge patch, RFC 7396")
struct MergePatchTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let target: String
        let patch: String
        let result: String
        var testDescription: String { "\(target) with \(patch)" }
        init(_ target: String, _ patch: String, _ result: String) {
            self.target = target
            self.patch = patch
            self.result = result
        }
    }

    @Test(
        "the examples of Appendix A",
        arguments: [
            Case(#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
            Case(#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
            Case(#"{"a":"b"}"#, #"{"a":null}"#, "{}"),
            Case(#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
            Case(#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
            Case(#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
            Case(#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
            Case(#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#),
            Case(#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
            Case(#"{"a":"b"}"#, #"["c"]"#, #"["c"]"#),
            Case(#"{"a":"foo"}"#, "null", "null"),
            Case(#"{"a":"foo"}"#, #""bar""#, #""bar""#),
            Case(#"{"e":null}"#, #"{"a":1}"#, #"{"e":null,"a":1}"#),
            Case("[1,2]", #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
            Case("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
        ])
    func examples(_ given: Case) throws {
        #expect(
            try parse(given.target).mergePatched(with: parse(given.patch)) == parse(given.result))
    }

    @Test(arguments: [
        Case(#"{"a":1,"b":2,"c":3}"#, #"{"d":4,"b":5}"#, #"{"a":1,"b":5,"c":3,"d":4}"#),
        Case(#"{"a":{"x":1},"b":2}"#, #"{"a":7}"#, #"{"a":7,"b":2}"#),
        Case(#"{"a":1}"#, #"{"a":{"n":null,"m":1}}"#, #"{"a":{"m":1}}"#),
        Case(#"{"a":1}"#, "{}", #"{"a":1}"#),
        Case(#"{"a":[null]}"#, #"{"a":[null,{"b":null}]}"#, #"{"a":[null,{"b":null}]}"#),
    ])
    func `members that stay keep their place, new ones follow`(_ given: Case) throws {
        let result = try parse(given.target).mergePatched(with: parse(given.patch))
        #expect(String(decoding: result.text, as: UTF8.self) == given.result)
    }
}
