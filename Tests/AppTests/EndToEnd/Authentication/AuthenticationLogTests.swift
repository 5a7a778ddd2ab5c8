import HTTPTesting
import JSON
import Postgres
import PostgresTesting
import Testing

@testable import App

@Suite("The log of logins")
struct AuthenticationLogTests {
    private static let email = "ada.otterly@example.com"
    private static let name = "Zaphod Quux"
    private static let password = "seven quiet otters swim"
    private static let wrong = "a wrong guess of it all"

    /// Everything that can be done with a login, and the secrets that it came with.
    private func converse(
        with application: TestApplication, _ database: TestDatabase
    ) async throws -> (id: String, secrets: [String]) {
        let json =
            #"{"email":"\#(Self.email)","display_name":"\#(Self.name)","password":"#
            + #""\#(Self.password)"}"#
        let created = try await application.send("POST /users", json, as: .nobody)
        let id = try #require(created.string("id"))
        let user = TestUser(id: id, email: Self.email)
        _ = try await application.logIn(Self.email, Self.wrong)
        _ = try await application.logIn("none.otterly@example.com", Self.wrong)
        let first = try await application.session(of: user, Self.password)
        let second = try TestSession(try await application.refresh(first.refresh))
        let third = try TestSession(try await application.refresh(second.refresh))
        _ = try await application.refresh(first.refresh)
        _ = try await application.refresh("ur1_otterly")
        let fourth = try await application.session(of: user, Self.password)
        _ = try await application.send(
            "PUT /users/me/password",
            #"{"password":"\#(Self.wrong)","current_password":"\#(Self.password)"}"#,
            as: fourth.caller)
        _ = try await application.send("GET /users?email=\(Self.email)")
        _ = try await application.send("GET /users/me", as: .token("otterly.\(first.access)"))
        _ = try await application.send("PATCH \(user.path)", #"{"status":"disabled"}"#)
        _ = try await application.logIn(Self.email, Self.wrong)
        _ = try await application.send("DELETE \(user.path)/lockout")
        let sessions = [first, second, third, fourth]
        return (id, sessions.map(\.access) + sessions.map(\.refresh))
    }

    @Test func `tells whose hash cannot be used`() async throws {
        var id = ""
        let lines = try await logOfApplication([:]) { application, database in
            let json =
                #"{"email":"\#(Self.email)","display_name":"\#(Self.name)","password":"#
                + #""\#(Self.password)"}"#
            let created = try await application.send("POST /users", json, as: .nobody)
            id = try #require(created.string("id"))
            _ = try database.connect().query(
                "UPDATE users SET password_hash = '$nonsense$' WHERE id = $1::uuid", [id])
            #expect(try await application.logIn(Self.email, Self.password).status == 401)
        }
        let line = try #require(lines.first { $0.contains("stored password hash cannot be used") })
        #expect(line.contains(#""user_id":"\#(id)""#) && !line.contains("nonsense"))
    }

    @Test func `tells what happened by ids, and nothing else of anybody`() async throws {
        var told: (id: String, secrets: [String]) = ("", [])
        let lines = try await logOfApplication([:]) { application, database in
            told = try await converse(with: application, database)
        }
        let signatures = told.secrets.flatMap { $0.split(separator: ".") }.filter { $0.count > 40 }
        let secrets =
            told.secrets + signatures.map(String.init) + [
                "otterly", "@example.com", "Zaphod", "Quux", Self.password, Self.wrong,
                TestAdministrator.email, TestAdministrator.password, "argon2id",
            ]
        for secret in secrets {
            #expect(!lines.contains { $0.contains(secret) }, "\(secret)")
        }
        let events = lines.compactMap { line -> (message: String, user: String?)? in
            guard case .object(let object) = try? JSONParser.parse(Array(line.utf8).span),
                case .string(let message) = object["message"]
            else { return nil }
            guard case .string(let user) = object["user_id"] else { return (message, nil) }
            return (message, user)
        }
        for message in [
            "User registered successfully", "User logged in", "Login failed",
            "Refresh token reused, session ended", "Password changed", "User status set",
            "Login refused to a disabled user", "Lockout cleared",
        ] {
            #expect(events.contains { $0.message == message && $0.user == told.id }, "\(message)")
        }
        // An address that is nobody's has no id.
        #expect(events.contains { $0.message == "Login failed" && $0.user == nil })
    }

    @Test func `tells that somebody was made to wait`() async throws {
        let lines = try await logOfApplication(["RATE_LIMIT_ENABLED": "true"]) { application in
            for _ in 0..<6 { _ = try await application.logIn(Self.email, Self.wrong) }
        }
        #expect(lines.contains { $0.contains("Login throttled") })
        #expect(!lines.contains { $0.contains("otterly") })
    }
}
