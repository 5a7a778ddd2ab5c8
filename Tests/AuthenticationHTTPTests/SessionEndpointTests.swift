import Ambient
import Authentication
import AuthenticationTesting
import HTTPTypes
import Testing
import Users

@Suite("Sessions, passwords and lockouts of a user")
struct SessionEndpointTests {
    private static let me = "\(Account.sample().id.uuid)"
    private static let other = "\(Account.sample(2).id.uuid)"
    private static let nobody = "\(Account.sample(9).id.uuid)"

    @Test(arguments: ["me", me])
    func `sessions are listed with the one that asks marked`(_ id: String) async throws {
        try await withAPI { api in
            let first = try await api.logIn().string("session_id")
            api.clock.advance(bySeconds: 60)
            let token = try await api.token()
            let second = try #require(token.split(separator: "/").last)
            let answer = try await api.send("GET /users/\(id)/sessions", token: token)
            #expect(answer.status == 200)
            #expect(answer[.cacheControl] == "no-store")
            #expect(
                answer.text
                    == #"{"items":[{"id":"\#(second)","created_at":"2026-11-22T20:47:00.123456Z","#
                    + #""last_seen_at":"2026-11-22T20:47:00.123456Z","#
                    + #""expires_at":"2026-12-06T20:47:00.123456Z","address":null,"#
                    + #""user_agent":null,"is_current":true},"#
                    + #"{"id":"\#(first)","created_at":"2026-11-22T20:46:00.123456Z","#
                    + #""last_seen_at":"2026-11-22T20:46:00.123456Z","#
                    + #""expires_at":"2026-12-06T20:46:00.123456Z","address":null,"#
                    + #""user_agent":null,"is_current":false}]}"#)
        }
    }

    @Test(arguments: [
        ("", 0), ("?keep_current=false", 0), ("?keep_current=true", 1),
    ])
    func `all sessions end, or all but the one that asks`(
        query: String, left: Int
    ) async throws {
        try await withAPI { api in
            _ = try await api.logIn()
            let token = try await api.token()
            let answer = try await api.send("DELETE /users/me/sessions\(query)", token: token)
            #expect(answer.status == 204 && answer[.cacheControl] == "no-store")
            #expect(api.repository.inspect { $0.logins.count } == left)
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String { "\(line) \(permissions.rawValue)" }
        let line: String
        let permissions: PermissionSet
        let outcome: String
        var body: String?

        init(
            _ line: String, _ permissions: PermissionSet = [], _ outcome: String,
            body: String? = nil
        ) {
            self.line = line
            self.permissions = permissions
            self.outcome = outcome
            self.body = body
        }
    }

    private static let new = #"{"password":"eleven loud herons sing"}"#

    static let requests = [
        Case("DELETE /users/me/sessions?keep_current=1", [], "400 invalid_flag"),
        Case("DELETE /users/me/sessions?keep=true", [], "400 unknown_parameter"),
        Case("DELETE /users/me/sessions/\(nobody)", [], "404 session_not_found"),
        Case("DELETE /users/me/sessions/nonsense", [], "404 session_not_found"),
        Case("GET /users/\(other)/sessions", [], "403 forbidden"),
        Case("GET /users/\(other)/sessions", .usersRead, "403 forbidden"),
        Case("GET /users/\(other)/sessions", .usersWrite, "200"),
        Case("GET /users/\(nobody)/sessions", [], "403 forbidden"),
        Case("GET /users/\(nobody)/sessions", .usersWrite, "404 user_not_found"),
        Case("DELETE /users/\(other)/sessions", [], "403 forbidden"),
        Case("DELETE /users/\(other)/sessions", .usersWrite, "204"),
        Case("DELETE /users/\(nobody)/sessions", .usersWrite, "404 user_not_found"),
        Case("DELETE /users/\(other)/sessions/\(nobody)", [], "403 forbidden"),
        Case("DELETE /users/nonsense/sessions", .usersWrite, "400 malformed_id"),
        Case("DELETE /users/me/lockout", [], "403 forbidden"),
        Case("DELETE /users/me/lockout", .usersWrite, "204"),
        Case("DELETE /users/\(other)/lockout", .usersWrite, "204"),
        Case("DELETE /users/\(nobody)/lockout", .usersWrite, "404 user_not_found"),
        Case("PUT /users/me/password", [], "422 validation_failed", body: new),
        Case("PUT /users/\(other)/password", [], "403 forbidden", body: new),
        Case("PUT /users/\(other)/password", .usersWrite, "204", body: new),
        Case("PUT /users/\(nobody)/password", .usersWrite, "404 user_not_found", body: new),
        Case("PUT /users/me/password", [], "422 validation_failed", body: "{}"),
        Case("PUT /users/me/password", [], "400 malformed_json", body: "{"),
        Case("PUT /users/me/password", [], "415 unsupported_media_type"),
        Case(
            "PUT /users/me/password", [], "422 validation_failed",
            body: #"{"password":"short","current_password":"seven quiet otters swim"}"#),
        Case(
            "PUT /users/me/password", [], "422 validation_failed",
            body: #"{"password":"eleven loud herons sing","current_password":7}"#),
        Case(
            "PUT /users/me/password", [], "403 wrong_current_password",
            body: #"{"password":"eleven loud herons sing","current_password":"wrong"}"#),
        Case(
            "PUT /users/me/password", [], "204",
            body: """
                {"password":"eleven loud herons sing","current_password":"seven quiet otters swim"}
                """),
    ]

    @Test(arguments: requests)
    func `who may do it does it, and the rest is told`(_ given: Case) async throws {
        try await withAPI { api in
            api.repository.add(.sample(2))
            let token = try await api.token(given.permissions)
            let answer = try await api.send(given.line, given.body, token: token)
            #expect(try answer.outcome == given.outcome)
            #expect(answer[.cacheControl] == "no-store")
            let anonymous = try await api.send(given.line, given.body)
            #expect(try anonymous.outcome == "401 authentication_required")
            #expect(anonymous[.wwwAuthenticate] == "Bearer")
            #expect(anonymous[.cacheControl] == "no-store")
            let rubbish = try await api.send(given.line, given.body, token: "rubbish")
            #expect(try rubbish.outcome == "401 invalid_token")
            #expect(rubbish[.wwwAuthenticate] == #"Bearer error="invalid_token""#)
            #expect(rubbish[.cacheControl] == "no-store")
        }
    }

    @Test func `every fault of a new password is told`() async throws {
        try await withAPI { api in
            let token = try await api.token()
            for (body, faults) in [
                ("{}", ["/password required"]),
                (
                    #"{"password":7,"current_password":[]}"#,
                    ["/current_password wrong_type", "/password wrong_type"]
                ),
                (#"{"password":"short"}"#, ["/password too_short"]),
                (Self.new, ["/current_password required"]),
            ] {
                let answer = try await api.send("PUT /users/me/password", body, token: token)
                #expect(try answer.faults == faults)
            }
        }
    }

    @Test func `guessing the current password is told of as failed logins are`() async throws {
        try await withAPI { api in
            let token = try await api.token()
            let line = "PUT /users/me/password"
            let wrong = #"{"password":"eleven calm badgers","current_password":"wrong"}"#
            for left in (0...4).reversed() {
                let answer = try await api.send(line, wrong, token: token)
                #expect(try answer.outcome == "403 wrong_current_password")
                #expect(
                    answer["RateLimit"] == #""login-id";r=\#(left);t=\#(left == 0 ? 330 : 300)"#)
                #expect(answer["RateLimit-Policy"] == #""login-id";q=5;w=300"#)
            }
            let answer = try await api.send(line, wrong, token: token)
            #expect(answer.status == 429 && answer["Retry-After"] == "30")
            #expect(answer["RateLimit"] == #""login-id";r=0;t=330"#)
            #expect(answer["RateLimit-Policy"] == #""login-id";q=5;w=300"#)
            // Who need not know the current one is told nothing of guessing.
            api.repository.inspect { $0.members[Account.sample().id]?.permissions = .usersWrite }
            let set = try await api.send(line, Self.new, token: token)
            #expect(set.status == 204 && set["RateLimit"] == nil)
        }
    }

    @Test func `who sets his own password stays logged in where he does`() async throws {
        try await withAPI { api in
            _ = try await api.logIn()
            let token = try await api.token(.usersWrite)
            let answer = try await api.send("PUT /users/me/password", Self.new, token: token)
            #expect(answer.status == 204)
            #expect(
                api.repository.inspect { $0.logins.keys.map { "\($0.uuid)" } }
                    == [token.split(separator: "/")[3]].map(String.init))
        }
    }

    @Test func `a session is ended by its id`() async throws {
        try await withAPI { api in
            let session = try await api.logIn().string("session_id")
            let token = try await api.token()
            let line = "DELETE /users/me/sessions/\(session)"
            #expect(try await api.send(line, token: token).status == 204)
            #expect(try await api.send(line, token: token).outcome == "404 session_not_found")
            #expect(api.repository.inspect { $0.logins.count } == 1)
        }
    }
}
