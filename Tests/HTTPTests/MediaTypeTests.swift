import HTTP
import Testing

@Suite("Media types")
struct MediaTypeTests {
    @Test(arguments: [
        ("application/json", "application/json", [:]),
        (" Application/JSON\t", "application/json", [:]),
        ("application/merge-patch+json", "application/merge-patch+json", [:]),
        ("a/b;c=d", "a/b", ["c": "d"]), ("a/b ; C=D ;\te=\"f g\"", "a/b", ["c": "D", "e": "f g"]),
        ("a/b;c=\"d\\\"\\\\;\"", "a/b", ["c": "d\"\\;"]), ("a/b;c=\"\"", "a/b", ["c": ""]),
        ("a/b;", "a/b", [:]), ("a/b; ;c=d;;", "a/b", ["c": "d"]),
        ("a/b;c=\"é\"", "a/b", ["c": "é"]),
    ])
    func `a media type is read`(
        _ value: String, _ essence: String, _ parameters: [String: String]
    ) throws {
        let type = try #require(MediaType(parsing: value))
        #expect(type.essence == essence)
        #expect(
            Dictionary(uniqueKeysWithValues: type.parameters.map { ($0.name, $0.value) })
                == parameters)
    }

    @Test(arguments: [
        "", " ", "a", "a/", "/b", "a /b", "a/ b", "a//b", "a/b c", "a/b,c/d", "a/b;c", "a/b;c=",
        "a/b;=d", "a/b;c =d", "a/b;c= d", "a/b;c=d e", "a/b;c=\"d", "a/b;c=\"d\"e", "a/b;c=\"\\",
        "a/b;c=d;C=e", "a/é", "a/b\u{0}", "a/b;c=\"\u{0}\"", "\"a/b\"",
    ])
    func `what is malformed is nothing`(_ value: String) {
        #expect(MediaType(parsing: value) == nil)
    }

    @Test(arguments: [
        ("application/json", true), ("application/json;charset=utf-8", true),
        ("application/json; Charset=\"UTF-8\"", true), ("application/json;a=b", true),
        ("application/json;charset=utf8", false), ("application/json;charset=latin1", false),
        ("application/json;charset=\"\"", false),
    ])
    func `a charset is UTF-8 or absent`(_ value: String, _ isUTF8: Bool) throws {
        #expect(try #require(MediaType(parsing: value)).isUTF8 == isUTF8)
    }
}
