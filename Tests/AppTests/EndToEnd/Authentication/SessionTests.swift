import HTTPTesting
import JSON
import Postgres
import PostgresTesting
import Testing

@testable import App

@Suite("Logging in, staying logged in, logging out")
struct SessionTests {
    private static let password = "seven quiet otters swim"
    private static let ada = #"""
        {"email":"Ada@Example.com","display_name":"Ada","password":"seven quiet otters swim"}
        """#

    @Test func `register, log in, read oneself, refresh, log out`() async throws {
        try await withApplication { application, _ in
            let created = try await application.send("POST /users", Self.ada, as: .nobody)
            #expect(created.status == 201 && created["ETag"] == "\"1\"")
            let login = try await application.logIn("ADA@example.com", Self.password)
            #expect(login.status == 200 && login["Cache-Control"] == "no-store")
            #expect(login.string("token_type") == "Bearer")
            #expect(login.object["expires_in"] == .integer(600))
            let session = try TestSession(login)
            #expect(session.userID == created.string("id"))
            #expect(session.access.utf8.count <= 2048 && session.refresh.hasPrefix("ur1_"))

            let me = try await application.send("GET /users/me", as: session.caller)
            #expect(me.status == 200 && me.body == created.body)

            let refreshed = try TestSession(try await application.refresh(session.refresh))
            #expect(refreshed.id == session.id && refreshed.refresh != session.refresh)
            #expect(try await application.status(with: refreshed) == 200)
            // It is good until it runs out, or until its session ends.
            #expect(try await application.status(with: session) == 200)

            let logout = try await application.send("POST /auth/logout", as: refreshed.caller)
            #expect(logout.status == 204 && logout["Cache-Control"] == "no-store")
            for ended in [session, refreshed] {
                let answer = try await application.send("GET /users/me", as: ended.caller)
                #expect(answer.status == 401 && answer.string("code") == "invalid_token")
                #expect(answer["WWW-Authenticate"]?.contains(#"error="invalid_token""#) == true)
                let refresh = try await application.refresh(ended.refresh)
                #expect(refresh.status == 401)
                #expect(refresh.string("code") == "invalid_refresh_token")
            }
        }
    }

    @Test func `a refresh token logs out, as often as it likes`() async throws {
        try await withApplication { application, database in
            let session = try await application.session(of: try database.connect().add())
            for token in [session.refresh, session.refresh, "ur1_nonsense"] {
                let json = #"{"refresh_token":"\#(token)"}"#
                #expect(try await application.send("POST /auth/logout", json).status == 204)
            }
            #expect(try await application.status(with: session) == 401)
            let nobody = try await application.send("POST /auth/logout", as: .nobody)
            #expect(nobody.status == 204)
        }
    }

    @Test func `without a token the answer says how to come by one, and no more`() async throws {
        try await withApplication { application, _ in
            let answer = try await application.send("GET /users/me", as: .nobody)
            #expect(answer.status == 401 && answer["WWW-Authenticate"] == "Bearer")
            #expect(answer.string("code") == "authentication_required")
        }
    }

    @Test func `another password ends the other sessions, and the tokens of all`() async throws {
        try await withApplication { application, database in
            let user = try database.connect().add()
            let own = try await application.session(of: user)
            let other = try await application.session(of: user)
            let new = "forty-two blue herons"
            let change =
                #"{"current_password":"\#(TestAdministrator.password)","password":"\#(new)"}"#
            let answer = try await application.send(
                "PUT /users/me/password", change, as: own.caller)
            #expect(answer.status == 204)
            for session in [own, other] {
                #expect(try await application.status(with: session) == 401)
            }
            #expect(try await application.refresh(other.refresh).status == 401)
            let goesOn = try TestSession(try await application.refresh(own.refresh))
            #expect(goesOn.id == own.id)
            #expect(try await application.status(with: goesOn) == 200)
            let old = try await application.logIn(user.email, TestAdministrator.password)
            #expect(old.status == 401)
            #expect(try await application.logIn(user.email, new).status == 200)
        }
    }

    @Test func `an administrator's choice of a password ends every session`() async throws {
        try await withApplication { application, database in
            let user = try database.connect().add()
            let session = try await application.session(of: user)
            let answer = try await application.send(
                "PUT \(user.path)/password", #"{"password":"forty-two blue herons"}"#)
            #expect(answer.status == 204)
            #expect(try await application.status(with: session) == 401)
            #expect(try await application.refresh(session.refresh).status == 401)
        }
    }

    @Test func `sessions are listed, and end one by one, all others, or all`() async throws {
        try await withApplication { application, database in
            let user = try database.connect().add()
            var sessions: [TestSession] = []
            for _ in 0..<5 { sessions.append(try await application.session(of: user)) }
            let own = sessions[4]

            var listed = try await self.listed(application, own.caller)
            #expect(listed.map(\.id) == sessions.map(\.id).reversed())
            #expect(listed.map(\.isCurrent) == [true, false, false, false, false])

            let one = "DELETE /users/me/sessions/\(sessions[0].id)"
            #expect(try await application.send(one, as: own.caller).status == 204)
            let again = try await application.send(one, as: own.caller)
            #expect(again.status == 404 && again.string("code") == "session_not_found")
            #expect(try await application.status(with: sessions[0]) == 401)
            #expect(try await application.status(with: sessions[1]) == 200)

            let others = "DELETE /users/me/sessions?keep_current=true"
            #expect(try await application.send(others, as: own.caller).status == 204)
            listed = try await self.listed(application, own.caller)
            #expect(listed.map(\.id) == [own.id])
            #expect(try await application.status(with: sessions[1]) == 401)

            let all = try await application.send("DELETE /users/me/sessions", as: own.caller)
            #expect(all.status == 204)
            #expect(try await application.status(with: own) == 401)
            listed = try await self.listed(application, .administrator, of: user.path)
            #expect(listed.isEmpty)
        }
    }

    @Test func `a session of somebody else is none of one's own`() async throws {
        try await withApplication { application, database in
            let own = try await application.session(of: try database.connect().add())
            let other = try await application.session(of: try database.connect().add())
            let answer = try await application.send(
                "DELETE /users/me/sessions/\(other.id)", as: own.caller)
            #expect(answer.status == 404 && answer.string("code") == "session_not_found")
            #expect(try await application.status(with: other) == 200)
        }
    }

    @Test func `a session tells from where it was begun`() async throws {
        try await withApplication { application, database in
            let user = try database.connect().add()
            let json = #"{"email":"\#(user.email)","password":"\#(TestAdministrator.password)"}"#
            let login = try await application.send(
                "POST /auth/login", json, fields: ["User-Agent: Otter/1.0"])
            let session = try TestSession(login)
            let list = try await application.send("GET /users/me/sessions", as: session.caller)
            #expect(list["Cache-Control"] == "no-store")
            guard case .array(let items) = list.object["items"], case .object(let item) = items[0]
            else {
                Issue.record("no list: \(list.text)")
                return
            }
            #expect(item["user_agent"] == .string("Otter/1.0"))
            #expect(item["address"] == .string("127.0.0.1"))
        }
    }

    private func listed(
        _ application: TestApplication, _ caller: TestCaller, of path: String = "/users/me"
    ) async throws -> [(id: String, isCurrent: Bool)] {
        let answer = try await application.send("GET \(path)/sessions", as: caller)
        guard case .array(let items) = answer.object["items"] else { return [] }
        return items.compactMap {
            guard case .object(let item) = $0, case .string(let id) = item["id"],
                case .bool(let isCurrent) = item["is_current"]
            else { return nil }
            return (id, isCurrent)
        }
    }
}
