import HTTP
import HTTPTypes
import JSON
import Testing
import Users
import UsersTesting

@Suite("What a user looks like")
struct UserShapeTests {
    let api = TestAPI()

    private func user(_ id: String, _ members: String) -> String {
        #"{"id":"\#(id)","# + members
            + #","created_at":"2026-11-22T20:46:00.123456Z""#
            + #","updated_at":"2026-11-22T20:46:00.123456Z""#
    }

    @Test func `a new user has every member, in order, with its default`() async throws {
        let answer = try await api.send(
            "POST /users", #"{"email":" Ada@A.Example ","display_name":"  Ada  "}"#)
        let path = try #require(answer[.location])
        let id = try answer.string("id")
        #expect(answer.status == 201)
        #expect(path == "/users/\(id)")
        let expected =
            user(
                id,
                #""external_id":null,"email":"Ada@A.Example","email_verified":false,"#
                    + #""display_name":"Ada","locale":null,"time_zone":null,"status":"active","#
                    + #""roles":["member"],"metadata":{},"admin_metadata":{}"#)
            + #","password_changed_at":null,"deleted_at":null,"version":1}"#
        #expect(answer.text == expected)
        #expect(answer[.contentType] == "application/json")
        #expect(answer[.eTag] == #""1-a""#)
        #expect(answer[.cacheControl] == "private, no-cache")
        #expect(answer[.vary] == "Authorization, Accept-Encoding")
        let read = try await api.send("GET \(path)")
        #expect(read.status == 200)
        #expect(read.text == expected)
        #expect(read[.eTag] == #""1-a""#)
        #expect(read[.contentType] == "application/json")
        #expect(read[.location] == nil)
    }

    @Test func `a new user has every member that was given`() async throws {
        let answer = try await api.send(
            "POST /users",
            """
            {"email":"Zoë@Bücher.Example","display_name":"Zoë \\"Z\\" \\ud83e\\udd8a",
             "locale":"EN-gb","time_zone":"Europe/London","metadata":{"b":[1,2.5,null],"a":"ü"},
             "password":"seven quiet otters swim north","status":"active","roles":["member"],
             "external_id":null,"admin_metadata":{},"id":null,"nickname":"ignored"}
            """)
        let id = try answer.string("id")
        #expect(answer.status == 201)
        #expect(
            answer.text
                == user(
                    id,
                    #""external_id":null,"email":"Zoë@Bücher.Example","email_verified":false,"#
                        + #""display_name":"Zoë \"Z\" 🦊","locale":"en-GB","#
                        + #""time_zone":"Europe/London","status":"active","roles":["member"],"#
                        + #""metadata":{"b":[1,2.5,null],"a":"ü"},"#
                        + #""admin_metadata":{}"#)
                + #","password_changed_at":"2026-11-22T20:46:00.123456Z","#
                + #""deleted_at":null,"version":1}"#)
        #expect(!answer.text.contains("otters"))
        let hashes = api.repository.inspect { $0.passwordHashes.values.map(\.self) }
        #expect(hashes == ["hash of seven quiet otters swim north"])
    }

    @Test func `admin metadata is not shown to those who may not see it`() async throws {
        let path = try await api.register()
        api.repository.inspect { state in
            for id in state.users.keys {
                state.users[id]?.adminMetadata = Metadata(trusted: Array(#"{"secret":1}"#.utf8))
            }
        }
        let reader = TestAPI(
            on: api.repository, caller: .authenticated(.administrator, [.usersRead]))
        let lines = ["GET \(path)", "GET /users", "HEAD \(path)"]
        let itself = try api.asked(byUserAt: path)
        for (api, line) in lines.map({ (reader, $0) }) + [(itself, "GET /users/me")] {
            let answer = try await api.send(line)
            #expect(answer[.eTag] != #""1-a""#)
            #expect(answer.status == 200)
            #expect(!answer.text.contains("secret"))
            #expect(!answer.text.contains("admin_metadata"))
        }
    }

    @Test func `HEAD has the fields of GET`() async throws {
        let path = try await api.register()
        let (get, head) = (try await api.send("GET \(path)"), try await api.send("HEAD \(path)"))
        for name: HTTPField.Name in [.eTag, .contentType, .cacheControl, .vary] {
            #expect(head[name] == get[name])
        }
        #expect(head.status == 200)
    }

    @Test func `a deleted user is not there`() async throws {
        let path = try await api.register()
        let deletion = try await api.send("DELETE \(path)")
        #expect(deletion.status == 204)
        #expect(deletion.text.isEmpty)
        #expect(deletion[.contentType] == nil)
        for line in ["GET \(path)", "HEAD \(path)", "DELETE \(path)", "DELETE \(path)?mode=soft"] {
            let answer = try await api.send(line)
            #expect(answer.status == 404)
            #expect(try answer.problem == "user_not_found")
        }
        let change = try await api.send("PATCH \(path)", #"{"display_name":"B"}"#)
        #expect(change.status == 404)
        #expect(try await api.send("GET /users").text.hasPrefix(#"{"items":[],"#))
    }

    @Test(arguments: [
        "x", "ME", "me.", "0190b6c55b1e7cc3a1f23d4e5f60718a", "0190b6c5-5b1e-7cc3-a1f2-3d4e5f60718",
        "0190b6c5-5b1e-7cc3-a1f2-3d4e5f60718aa", "0190b6c5-5b1e-7cc3-a1f2-3d4e5f60718g",
        "%7B0190b6c5-5b1e-7cc3-a1f2-3d4e5f60718a%7D", "urn:uuid:0190b6c5-5b1e-7cc3-a1f2-3d4e5f60",
        "0190b6c5-5b1e-7cc3-a1f2-3d4e5f60718a%20", "%C3%BC",
    ])
    func `a path with a malformed id is refused`(_ id: String) async throws {
        let answers = [
            try await api.send("GET /users/\(id)"), try await api.send("DELETE /users/\(id)"),
            try await api.send("PATCH /users/\(id)", "{}"),
        ]
        for answer in answers {
            #expect(answer.status == 400)
            #expect(try answer.problem == "malformed_id")
            #expect(try answer.string("instance") == "/users/\(id)")
        }
    }

    @Test func `an id in capitals is the same id`() async throws {
        let path = try await api.register()
        let id = path.dropFirst("/users/".count).uppercased()
        #expect(try await api.send("GET /users/\(id)").status == 200)
    }

    @Test(arguments: [
        ("PUT", "/users", "POST, GET, HEAD, OPTIONS"),
        (
            "POST", "/users/0190b6c5-5b1e-7cc3-a1f2-3d4e5f60718a",
            "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"
        ),
        ("PUT", "/users/0190b6c5-5b1e-7cc3-a1f2-3d4e5f60718a/restore", "POST, OPTIONS"),
    ])
    func `a wrong method is told the right ones`(
        _ method: String, _ path: String, _ allow: String
    ) async throws {
        let answer = try await api.send("\(method) \(path)", "{}")
        #expect(answer.status == 405)
        #expect(answer[.allow] == allow)
        #expect(try answer.problem == "method_not_allowed")
        let options = try await api.send("OPTIONS \(path)")
        #expect(options.status == 204)
        #expect(options[.allow] == allow)
    }
}
