import HTTP
import HTTPTypes
import Testing
import UsersTesting

@Suite("Bodies that are not JSON")
struct MalformedBodyTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let body: [UInt8]
        var faults: [String] = []

        /// - Parameter body: Characters up to U+00FF, each of which stands for one octet.
        init(_ testDescription: String, _ body: String, faults: [String] = []) {
            self.testDescription = testDescription
            self.body = body.unicodeScalars.map { UInt8($0.value) }
            self.faults = faults
        }
    }

    static let cases: [Case] = [
        Case("nothing", ""), Case("spaces", "   "), Case("line breaks", "\r\n\t"),
        Case("a byte order mark", "\u{EF}\u{BB}\u{BF}{}"),
        Case("an open object", "{"), Case("an open name", #"{"email"#),
        Case("a name alone", #"{"email""#), Case("no value", #"{"email":"#),
        Case("an open string", #"{"email":"ada@a.example"#),
        Case("no closing brace", #"{"email":"ada@a.example""#),
        Case("an open escape", #"{"email":"\u00"#), Case("half a literal", #"{"email":nul"#),
        Case("two values", "{}{}"), Case("a trailing comma", #"{"email":"a@b.example",}"#),
        Case("a name without quotes", "{email:1}"), Case("single quotes", "{'email':1}"),
        Case("a comment", "{/* */}"), Case("NaN", #"{"a":NaN}"#),
        Case("a leading zero", #"{"a":01}"#), Case("a plus sign", #"{"a":+1}"#),
        Case("a point without digits", #"{"a":1.}"#),
        Case("an unknown escape", #"{"a":"\x41"}"#),
        Case("a raw line break in a string", "{\"a\":\"\n\"}"),
        Case("a raw NUL in a string", "{\"a\":\"\u{0}\"}"),
        Case("a NUL after the value", "{}\u{0}"),
        Case("half a surrogate pair", #"{"email":"\ud83e@a.example"}"#),
        Case("the other half", #"{"email":"\udd8a@a.example"}"#),
        Case("halves in the wrong order", #"{"email":"\udd8a\ud83e@a.example"}"#),
        Case("an octet of Latin-1", "{\"display_name\":\"Zo\u{EB}\"}"),
        Case("half of a letter", "{\"display_name\":\"Zo\u{C3}\"}"),
        Case("an overlong slash", "{\"display_name\":\"\u{C0}\u{AF}\"}"),
        Case("a surrogate in UTF-8", "{\"display_name\":\"\u{ED}\u{A0}\u{80}\"}"),
        Case("UTF-16", "{\u{0}}\u{0}"),
        Case("an integer above 64 bits", #"{"a":9223372036854775808}"#),
        Case("an integer below 64 bits", #"{"a":-9223372036854775809}"#),
        Case("an integer of a thousand digits", #"{"a":1\#(zeros(1_000))}"#),
        Case("a number beyond a double", #"{"a":1e309}"#),
        Case("33 lists in each other", #"{"a":"# + nested(32, "[", "]") + "}"),
        Case("33 objects in each other", nested(33, #"{"a":"#, "}", around: "1")),
        Case("a million brackets", String(repeating: "[", count: 1_000_000)),
        Case(
            "a member twice", #"{"email":"a@b.example","email":"a@b.example"}"#,
            faults: ["/email duplicate_member"]),
        Case(
            "a member twice, once in escapes", #"{"email":1,"\u0065mail":2}"#,
            faults: ["/email duplicate_member"]),
        Case(
            "a member twice within a member", #"{"metadata":{"a":[{"b/~":1,"b/~":2}]}}"#,
            faults: ["/metadata/a/0/b~1~0 duplicate_member"]),
    ]

    private static func zeros(_ count: Int) -> String { String(repeating: "0", count: count) }

    private static func nested(
        _ count: Int, _ open: String, _ close: String, around value: String = ""
    ) -> String {
        String(repeating: open, count: count) + value + String(repeating: close, count: count)
    }

    @Test(arguments: cases)
    func `one is refused, for a new user and for a change`(_ given: Case) async throws {
        let api = TestAPI()
        let path = try await api.register()
        for line in ["POST /users", "PATCH \(path)"] {
            let answer = try await api.send(
                line, fields: ["Content-Type: application/json"], body: given.body)
            #expect(answer.status == 400)
            #expect(try answer.problem == "malformed_json")
            #expect(try answer.faults == given.faults)
        }
        #expect(api.repository.inspect { $0.users.count } == 1)
    }

    @Test func `32 levels, 64 bits and names that only look alike are not refused`() async throws {
        let api = TestAPI()
        let metadata = Self.nested(31, #"{"a":"#, "}", around: "9223372036854775807")
        let answer = try await api.send(
            "POST /users",
            #"{"email":"a@b.example","display_name":"A","Email":1,"é":1,"e\u0301":2,"#
                + #""metadata":\#(metadata)}"#)
        #expect(answer.status == 201)
        #expect(answer.text.contains(metadata))
        let path = try #require(answer[.location])
        let change = try await api.send("PATCH \(path)", #"{"metadata":\#(metadata)}"#)
        #expect(change.status == 200)
    }

    @Test func `a body of the largest size is read, and one octet more is not`() async throws {
        let api = TestAPI(bodyBytesMax: 100)
        let json = #"{"email":"a@b.example","display_name":"A"}"#
        let largest = json + String(repeating: " ", count: 100 - json.utf8.count)
        #expect(try await api.send("POST /users", largest).status == 201)
        for line in ["POST /users", "PATCH /users/0190b6c5-5b1e-7cc3-a1f2-3d4e5f60718a"] {
            let answer = try await api.send(line, largest + " ")
            #expect(answer.status == 413)
            #expect(try answer.problem == "body_too_large")
        }
    }
}

@Suite("Media types of bodies")
struct MediaTypeTests {
    static let json = #"{"email":"a@b.example","display_name":"A"}"#

    @Test(arguments: [
        "application/json", "Application/JSON", "application/json;charset=utf-8",
        #"application/json; charset="UTF-8""#, "application/json ; x=y",
    ])
    func `JSON is accepted however it is spelt`(_ type: String) async throws {
        let api = TestAPI()
        let answer = try await api.send(
            "POST /users", fields: ["Content-Type: \(type)"], body: Array(Self.json.utf8))
        #expect(answer.status == 201)
        let path = try #require(answer[.location])
        let change = try await api.send(
            "PATCH \(path)", fields: ["Content-Type: \(type)"], body: Array("{}".utf8))
        #expect(change.status == 200)
    }

    @Test(arguments: ["application/merge-patch+json", "application/merge-patch+json;charset=utf-8"])
    func `a merge patch is accepted for a change only`(_ type: String) async throws {
        let api = TestAPI()
        let path = try await api.register()
        let change = try await api.send(
            "PATCH \(path)", fields: ["Content-Type: \(type)"], body: Array("{}".utf8))
        #expect(change.status == 200)
        let answer = try await api.send(
            "POST /users", fields: ["Content-Type: \(type)"], body: Array(Self.json.utf8))
        #expect(answer.status == 415)
    }

    @Test(arguments: [
        [], ["text/plain"], ["application/x-www-form-urlencoded"], ["application/json-patch+json"],
        ["application/json; charset=iso-8859-1"], ["application/json; charset=utf-16"],
        ["application/problem+json"], ["json"], ["*/*"], [""], ["application/json, text/plain"],
        ["application/json", "application/json"],
    ])
    func `anything else is refused with what is accepted`(_ types: [String]) async throws {
        let api = TestAPI()
        let path = try await api.register()
        let fields = types.map { "Content-Type: \($0)" }
        let post = try await api.send("POST /users", fields: fields, body: Array(Self.json.utf8))
        #expect(post.status == 415)
        #expect(try post.problem == "unsupported_media_type")
        #expect(post[.acceptPost] == "application/json")
        let patch = try await api.send("PATCH \(path)", fields: fields, body: Array("{}".utf8))
        #expect(patch.status == 415)
        #expect(try patch.problem == "unsupported_media_type")
        #expect(patch[.acceptPatch] == "application/merge-patch+json, application/json")
    }
}

extension HTTPField.Name {
    fileprivate static let acceptPost = HTTPField.Name("Accept-Post") ?? .accept
    fileprivate static let acceptPatch = HTTPField.Name("Accept-Patch") ?? .accept
}
