import JSON
import Testing
import Users

@Suite("Metadata")
struct MetadataTests {
    private func metadata(_ text: String) throws -> Outcome<String> {
        let value = try Sample.json(text)
        return outcome { () throws(InvalidValue) in
            String(decoding: try Metadata(parsing: value).text, as: UTF8.self)
        }
    }

    private func nested(octetCount: Int) -> String {
        #"{"a":""# + String(repeating: "x", count: octetCount - 8) + #""}"#
    }

    @Test func `an object is kept as text without white space`() throws {
        #expect(
            try metadata(#" { "b" : [ 1, null ], "a" : { "é" : "\u0041\n" } } "#)
                == .value(#"{"b":[1,null],"a":{"é":"A\n"}}"#))
    }

    @Test(arguments: ["null", "[]", "1", "\"{}\"", "true"])
    func `anything but an object is refused`(_ text: String) throws {
        #expect(try metadata(text) == .fault(.wrongType))
    }

    @Test(arguments: [
        #"{"a":"\u0000"}"#, #"{"a\u0000":1}"#, #"{"a":[{"b":["x\u0000y"]}]}"#,
    ])
    func `a zero anywhere in a string is refused`(_ text: String) throws {
        #expect(try metadata(text) == .fault(.invalidMetadata))
    }

    @Test func `a backslash before u0000 is no zero`() throws {
        #expect(try metadata(#"{"a":"\\u0000"}"#) == .value(#"{"a":"\\u0000"}"#))
    }

    @Test func `16 KiB are kept and one octet more is refused`() throws {
        #expect(try metadata(nested(octetCount: 16_384)) == .value(nested(octetCount: 16_384)))
        #expect(try metadata(nested(octetCount: 16_385)) == .fault(.tooLarge))
    }

    @Test func `numbers count as they are spelt out`() throws {
        #expect(
            try metadata(#"{"a":[1e-9,2e20]}"#)
                == .value(#"{"a":[0.000000001,200000000000000000000.0]}"#))
        let small = Array(repeating: "1e-300", count: 100).joined(separator: ",")
        #expect(try metadata("{\"a\":[\(small)]}") == .fault(.tooLarge))
    }

    @Test func `very many values are refused`() throws {
        let zeros = Array(repeating: "0", count: 100_000).joined(separator: ",")
        #expect(try metadata("{\"a\":[\(zeros)]}") == .fault(.tooLarge))
        let most = Array(repeating: "0", count: 8_188).joined(separator: ",")
        #expect(try metadata("{\"a\":[\(most)]}") == .value("{\"a\":[\(most)]}"))
    }

    @Test func `a merge patch changes, adds and removes members`() throws {
        let stored = Metadata(trusted: Array(#"{"a": 1, "b": {"c": 2, "d": 3}}"#.utf8))
        let merged = try stored.merged(with: Sample.object(#"{"a":null,"b":{"c":4},"e":"f"}"#))
        #expect(String(decoding: merged.text, as: UTF8.self) == #"{"b":{"c":4,"d":3},"e":"f"}"#)
    }

    @Test func `a merge that grows too large is refused`() throws {
        let stored = Metadata(trusted: Array(nested(octetCount: 16_384).utf8))
        #expect(throws: MetadataMergeError.self) {
            try stored.merged(with: Sample.object(#"{"b":1}"#))
        }
    }

    @Test(arguments: ["", "[]", "{", "null"])
    func `a stored text that is no object cannot be merged`(_ text: String) throws {
        let patch = try Sample.object("{}")
        #expect(throws: MetadataMergeError.unreadable) {
            try Metadata(trusted: Array(text.utf8)).merged(with: patch)
        }
    }
}
