import HTTP
import HTTPTypes
import JSON
import Testing
import Users
import UsersTesting

@Suite("Changing users by merge patch, RFC 7396")
struct ChangeTests {
    let api = TestAPI()

    static let everything = """
        {"email":"ada@a.example","display_name":"Ada","locale":"en-GB","time_zone":"Europe/London",
         "metadata":{"a":{"b":1,"c":2},"d":[1,2]}}
        """

    @Test func `a change shows the user with it, and nothing else changes`() async throws {
        let path = try await api.register(Self.everything)
        let before = try await api.send("GET \(path)").text
        let change = try await api.send("PATCH \(path)", #"{"display_name":" Countess "}"#)
        let changedAt = #""updated_at":"2026-11-22T20:46:01"#
        #expect(change.status == 200)
        #expect(change[.eTag] == #""2-a""#)
        #expect(change[.cacheControl] == "private, no-cache")
        #expect(
            change.text
                == before.replacing(#""Ada""#, with: #""Countess""#)
                .replacing(#""version":1"#, with: #""version":2"#)
                .replacing(#""updated_at":"2026-11-22T20:46:00"#, with: changedAt))
        #expect(try await api.send("GET \(path)").text == change.text)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let member: String
        let patch: String
        let expected: String

        init(_ member: String, _ patch: String, _ expected: String) {
            testDescription = "\(member) by \(patch)"
            self.member = member
            self.patch = patch
            self.expected = expected
        }
    }

    @Test(arguments: [
        Case("email", #""Eve@A.Example""#, #""Eve@A.Example""#),
        Case("locale", #""de""#, #""de""#), Case("locale", "null", "null"),
        Case("time_zone", #""Asia/Tokyo""#, #""Asia/Tokyo""#), Case("time_zone", "null", "null"),
        Case("metadata", "{}", #"{"a":{"b":1,"c":2},"d":[1,2]}"#),
        Case("metadata", #"{"a":null}"#, #"{"d":[1,2]}"#),
        Case("metadata", #"{"a":{"b":null}}"#, #"{"a":{"c":2},"d":[1,2]}"#),
        Case("metadata", #"{"a":{"b":[null]}}"#, #"{"a":{"b":[null],"c":2},"d":[1,2]}"#),
        Case("metadata", #"{"a":7}"#, #"{"a":7,"d":[1,2]}"#),
        Case("metadata", #"{"d":[]}"#, #"{"a":{"b":1,"c":2},"d":[]}"#),
        Case("metadata", #"{"e":{"f":null,"g":1}}"#, #"{"a":{"b":1,"c":2},"d":[1,2],"e":{"g":1}}"#),
        Case("metadata", #"{"a":null,"d":null}"#, "{}"),
        Case("nickname", #""x""#, "-"), Case("a/b", "null", "-"),
    ])
    func `a member becomes what the patch says`(_ given: Case) async throws {
        let path = try await api.register(Self.everything)
        let change = try await api.send("PATCH \(path)", #"{"\#(given.member)":\#(given.patch)}"#)
        #expect(change.status == 200)
        let member = try change.member(given.member)
        let expected = try? JSONParser.parse(Array(given.expected.utf8).span)
        #expect(member == expected)
    }

    /// Those whose target or patch is no object stand in a member, which `null` removes.
    @Test(arguments: [
        (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
        (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
        (#"{"a":"b"}"#, #"{"a":null}"#, "{}"),
        (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
        (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
        (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
        (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
        (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#),
        (#"{"e":null}"#, #"{"a":1}"#, #"{"e":null,"a":1}"#),
        ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
        (#"{"x":["a","b"]}"#, #"{"x":["c","d"]}"#, #"{"x":["c","d"]}"#),
        (#"{"x":{"a":"b"}}"#, #"{"x":["c"]}"#, #"{"x":["c"]}"#),
        (#"{"x":{"a":"foo"}}"#, #"{"x":null}"#, "{}"),
        (#"{"x":{"a":"foo"}}"#, #"{"x":"bar"}"#, #"{"x":"bar"}"#),
        (#"{"x":[1,2]}"#, #"{"x":{"a":"b","c":null}}"#, #"{"x":{"a":"b"}}"#),
    ])
    func `the examples of RFC 7396, Appendix A`(
        _ original: String, _ patch: String, _ result: String
    ) async throws {
        let path = try await api.register(
            #"{"email":"ada@a.example","display_name":"Ada","metadata":\#(original)}"#)
        let change = try await api.send("PATCH \(path)", #"{"metadata":\#(patch)}"#)
        #expect(change.status == 200)
        #expect(try change.member("metadata") == JSONParser.parse(Array(result.utf8).span))
    }

    @Test(arguments: ["{}", #"{"nickname":"x"}"#, #"{"metadata":{}}"#])
    func `a patch that asks for nothing changes nothing`(_ patch: String) async throws {
        let path = try await api.register(Self.everything)
        let before = try await api.send("GET \(path)").text
        let change = try await api.send("PATCH \(path)", patch)
        #expect(change.status == 200)
        #expect(change.text == before)
    }

    @Test func `metadata that grows too large stays as it was`() async throws {
        let path = try await api.register(Self.everything)
        let half = String(repeating: "x", count: 9_000)
        let first = try await api.send("PATCH \(path)", #"{"metadata":{"x":"\#(half)"}}"#)
        #expect(first.status == 200)
        let second = try await api.send("PATCH \(path)", #"{"metadata":{"y":"\#(half)"}}"#)
        #expect(second.status == 422)
        #expect(try second.faults == ["/metadata too_large"])
        #expect(try await api.send("GET \(path)").text == first.text)
    }

    static let readOnly = [
        "id", "email_verified", "created_at", "updated_at", "password_changed_at", "deleted_at",
        "version",
    ]

    @Test func `members that the service sets may be sent back as they are`() async throws {
        let path = try await api.register(Self.everything)
        guard case .object(let user) = try await api.send("GET \(path)").json else { return }
        var patch = JSONObject()
        for name in Self.readOnly { _ = patch.append(name, try #require(user[name])) }
        _ = patch.append("display_name", .string("B"))
        let json = String(decoding: JSONValue.object(patch).text, as: UTF8.self)
        let change = try await api.send("PATCH \(path)", json)
        #expect(change.status == 200)
        #expect(try change.string("display_name") == "B")
        // Now two of them are not what they were.
        let repetition = try await api.send("PATCH \(path)", json)
        #expect(repetition.status == 422)
        #expect(try repetition.faults == ["/updated_at read_only", "/version read_only"])
    }

    @Test func `a user may be sent back as it was read, with a new name`() async throws {
        let path = try await api.register(Self.everything)
        let read = try await api.send("GET \(path)")
        let renamed = read.text.replacing(#""Ada""#, with: #""Countess""#)
        let change = try await api.send("PATCH \(path)", renamed, fields: [#"If-Match: "1""#])
        #expect(change.status == 200)
        #expect(try change.string("display_name") == "Countess")
        #expect(change[.eTag] == #""2-a""#)
        let promoted = change.text.replacing(#"["member"]"#, with: #"["admin","member"]"#)
        let writer = TestAPI(
            on: api.repository, caller: .authenticated(.administrator, [.usersRead, .usersWrite]))
        #expect(try await writer.send("PATCH \(path)", promoted).status == 403)
        #expect(try await writer.send("PATCH \(path)", change.text).status == 200)
    }

    @Test(arguments: readOnly.flatMap { [($0, #""x""#), ($0, "0"), ($0, "{}")] })
    func `members that the service sets may not be changed`(
        _ name: String, _ value: String
    ) async throws {
        let path = try await api.register(Self.everything)
        let change = try await api.send("PATCH \(path)", #"{"\#(name)":\#(value)}"#)
        #expect(change.status == 422)
        #expect(try change.faults == ["/\(name) read_only"])
    }

    @Test func `all faults of a change are told at once`() async throws {
        let path = try await api.register(Self.everything)
        let change = try await api.send(
            "PATCH \(path)",
            #"{"password":"x","version":9,"email":null,"display_name":"","metadata":null,"id":"x"}"#
        )
        #expect(
            try change.faults == [
                "/id read_only", "/version read_only", "/email wrong_type",
                "/display_name too_short", "/metadata wrong_type", "/password read_only",
            ])
    }

    @Test func `an address that another user has is refused`() async throws {
        let path = try await api.register(Self.everything)
        _ = try await api.register(#"{"email":"eve@a.example","display_name":"Eve"}"#)
        let change = try await api.send("PATCH \(path)", #"{"email":"EVE@A.EXAMPLE"}"#)
        #expect(change.status == 409)
        #expect(try change.problem == "email_taken")
        #expect(try change.faults == ["/email email_taken"])
        let own = try await api.send("PATCH \(path)", #"{"email":"ADA@a.example"}"#)
        #expect(own.status == 200)
    }
}
