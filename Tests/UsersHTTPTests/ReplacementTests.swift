import Ambient
import HTTP
import HTTPTypes
import JSON
import Testing
import Users
import UsersTesting

@Suite("Replacing users, PUT")
struct ReplacementTests {
    let api = TestAPI(caller: .administrator)

    static let everything = """
        {"external_id":"crm-1","email":"ada@a.example","display_name":"Ada","locale":"en-GB",
         "time_zone":"Europe/London","status":"disabled","roles":["admin","member"],
         "metadata":{"a":1},"admin_metadata":{"b":2}}
        """
    static let least = #"{"email":"eve@a.example","display_name":"Eve"}"#
    static let path = "/users/0190b6c5-5b1e-7cc3-a1f2-000000000001"

    @Test func `what is absent becomes null, empty or active, but the roles stay`() async throws {
        let path = try await api.register(Self.everything)
        let answer = try await api.send("PUT \(path)", Self.least)
        #expect(answer.status == 200)
        #expect(answer[.eTag] == #""2-a""#)
        for (name, expected) in [
            ("email", #""eve@a.example""#), ("display_name", #""Eve""#), ("external_id", "null"),
            ("locale", "null"), ("time_zone", "null"), ("status", #""active""#),
            ("roles", #"["admin","member"]"#), ("metadata", "{}"), ("admin_metadata", "{}"),
            ("version", "2"),
        ] {
            let value = try JSONParser.parse(Array(expected.utf8).span)
            #expect(try answer.member(name) == value, "\(name)")
        }
        #expect(try await api.send("GET \(path)").text == answer.text)
    }

    @Test func `a user may be put back as it was read`() async throws {
        let path = try await api.register(Self.everything)
        let read = try await api.send("GET \(path)").text
        let answer = try await api.send("PUT \(path)", read, fields: [#"If-Match: "1-a""#])
        #expect(answer.status == 200)
        #expect(try answer.member("admin_metadata") != .object(JSONObject()))
        let again = try await api.send("PUT \(path)", read)
        #expect(again.status == 422)
        #expect(try again.faults == ["/updated_at read_only", "/version read_only"])
    }

    @Test func `all faults are told at once`() async throws {
        let path = try await api.register(Self.everything)
        let answer = try await api.send(
            "PUT \(path)", #"{"display_name":"","locale":7,"status":null,"password":"x","id":"y"}"#)
        #expect(answer.status == 422)
        #expect(
            try answer.faults == [
                "/id read_only", "/email required", "/display_name too_short",
                "/locale wrong_type", "/status wrong_type", "/password read_only",
            ])
    }

    @Test(arguments: [[], [#"If-Match: "1""#], ["If-Match: *"], [#"If-None-Match: "1""#]])
    func `who is not there is not replaced`(_ fields: [String]) async throws {
        let answer = try await api.send("PUT \(Self.path)", Self.least, fields: fields)
        #expect(answer.status == 404)
        #expect(try answer.problem == "user_not_found")
    }

    @Test(arguments: [
        ("text/plain", "{}", 415), ("application/merge-patch+json", "{}", 415),
        ("application/json", "{", 400), ("application/json", "[]", 422),
    ])
    func `a body that is no user is refused`(
        _ type: String, _ body: String, _ status: Int
    ) async throws {
        let answer = try await api.send(
            "PUT \(Self.path)", fields: ["Content-Type: \(type)", "If-None-Match: *"],
            body: Array(body.utf8))
        #expect(answer.status == status)
    }

    @Test func `a user is made under a chosen id, once`() async throws {
        let fields = ["If-None-Match: *"]
        let created = try await api.send("PUT \(Self.path)", Self.everything, fields: fields)
        #expect(created.status == 201)
        #expect(created[.location] == Self.path && created[.eTag] == #""1-a""#)
        #expect(try created.string("id") == String(Self.path.dropFirst("/users/".count)))
        #expect(try await api.send("GET \(Self.path)").text == created.text)
        let again = try await api.send("PUT \(Self.path)", Self.least, fields: fields)
        #expect(again.status == 412)
        #expect(try again.problem == "version_mismatch")
        _ = try await api.send("DELETE \(Self.path)")
        let deleted = try await api.send("PUT \(Self.path)", Self.least, fields: fields)
        #expect(deleted.status == 409)
        #expect(try deleted.problem == "id_taken")
    }

    @Test(arguments: [(#"If-Match: "3""#, 412), ("If-Match: *", 412), ("If-Match: 3", 400)])
    func `nobody is made who must be there already`(_ field: String, _ status: Int) async throws {
        let answer = try await api.send(
            "PUT \(Self.path)", Self.least, fields: ["If-None-Match: *", field])
        #expect(answer.status == status)
        #expect(api.repository.inspect { $0.users.isEmpty })
    }

    @Test func `an address that stays as it is stays verified`() async throws {
        let path = try await api.register(Self.everything)
        api.repository.inspect { state in
            for id in state.users.keys { state.users[id]?.isEmailVerified = true }
        }
        let read = try await api.send("GET \(path)")
        let same = try await api.send("PUT \(path)", read.text)
        #expect(try same.member("email_verified") == .bool(true))
        let other = try await api.send(
            "PUT \(path)", #"{"email":"ADA@a.example","display_name":"Ada"}"#)
        #expect(try other.member("email_verified") == .bool(false))
    }

    @Test func `the id in the body is that of the path`() async throws {
        let fields = ["If-None-Match: *"]
        let id = UserID.administrator.uuid
        let other = #"{"id":"\#(id)","email":"a@b.example","display_name":"A"}"#
        let refused = try await api.send("PUT \(Self.path)", other, fields: fields)
        #expect(refused.status == 422)
        #expect(try refused.faults == ["/id read_only"])
        let own = other.replacing(
            UserID.administrator.uuid.description, with: Self.path.dropFirst("/users/".count))
        #expect(try await api.send("PUT \(Self.path)", own, fields: fields).status == 201)
    }

    @Test(arguments: [
        (#"If-Match: "1""#, 200), (#"If-Match: "2""#, 412), (#"If-None-Match: "1""#, 412),
        (#"If-None-Match: "2""#, 200), ("If-Match: 1", 400),
    ])
    func `conditions count`(_ field: String, _ status: Int) async throws {
        let path = try await api.register(Self.everything)
        let answer = try await api.send("PUT \(path)", Self.least, fields: [field])
        #expect(answer.status == status)
    }

    @Test func `a change without a condition is refused where one is required`() async throws {
        let api = TestAPI(requiresIfMatch: true, caller: .administrator)
        let path = try await api.register(Self.everything)
        #expect(try await api.send("PUT \(path)", Self.least).status == 428)
        let created = try await api.send(
            "PUT \(Self.path)", Self.least, fields: ["If-None-Match: *"])
        #expect(created.status == 201)
    }

    @Test func `what another user has is refused`() async throws {
        let path = try await api.register(Self.everything)
        _ = try await api.register(Self.least)
        let answer = try await api.send("PUT \(path)", Self.least)
        #expect(answer.status == 409)
        #expect(try answer.problem == "email_taken")
    }

    @Test(
        arguments: [
            ([.usersWrite, .usersRead], 200), ([.usersRead], 403), ([.rolesWrite], 403),
        ] as [(PermissionSet, Int)])
    func `it needs the permission to write users`(
        _ permissions: PermissionSet, _ status: Int
    ) async throws {
        let path = try await api.register(
            #"{"email":"ada@a.example","display_name":"Ada"}"#)
        let caller = Caller.authenticated(UserID.administrator, permissions)
        let api = TestAPI(on: api.repository, caller: caller)
        #expect(try await api.send("PUT \(path)", Self.least).status == status)
        let creation = try await api.send(
            "PUT \(Self.path)", #"{"email":"b@b.example","display_name":"B"}"#,
            fields: ["If-None-Match: *"])
        #expect(creation.status == (status == 200 ? 201 : 403))
    }

    @Test(arguments: ["PUT", "PATCH"])
    func `who may write and not read may send back what the answer to a change has shown`(
        _ method: String
    ) async throws {
        let path = try await api.register(
            #"{"email":"ada@a.example","display_name":"Ada"}"#)
        let caller = Caller.authenticated(UserID.administrator, [.usersWrite])
        let api = TestAPI(on: api.repository, caller: caller)
        let shown = try await api.send("PATCH \(path)", #"{"display_name":"Ada L."}"#)
        let tag = try #require(shown[.eTag])
        let again = try await api.send(
            "\(method) \(path)", shown.text, fields: ["If-Match: \(tag)"])
        #expect(again.status == 200)
        let known = try await api.send(
            "\(method) \(path)", shown.text, fields: ["If-None-Match: \(again[.eTag] ?? "")"])
        #expect(try known.status == 412 && known.problem == "version_mismatch")
        let changed = try await api.send(
            "\(method) \(path)", again.text.replacing(#""version":"#, with: #""version":1"#))
        #expect(try changed.faults == ["/version read_only"])
        #expect(try await api.send("GET \(path)").status == 403)
    }

    @Test func `roles may be sent back, and changed by those who may write them`() async throws {
        try api.repository.addRole("editor")
        let path = try await api.register(
            #"{"email":"ada@a.example","display_name":"Ada","roles":["editor","member"]}"#)
        let caller = Caller.authenticated(UserID.administrator, [.usersWrite, .usersRead])
        let api = TestAPI(on: api.repository, caller: caller)
        let body = { (roles: String) in
            #"{"email":"ada@a.example","display_name":"Ada","roles":\#(roles)}"#
        }
        let same = try await api.send("PUT \(path)", body(#"["member","editor"]"#))
        #expect(same.status == 200)
        let other = try await api.send("PUT \(path)", body(#"["member"]"#))
        #expect(other.status == 403)
        #expect(try other.string("detail") == "It needs the permission roles:write.")
    }
}
