import HTTPTesting
import Postgres
import PostgresTesting
import Testing

/// A user whom SQL puts in, with the password of the administrator.
struct TestUser: Sendable {
    let id: String
    let email: String

    init(id: String, email: String) { (self.id, self.email) = (id, email) }

    /// Somebody who is nobody else.
    init() {
        let digits = String(UInt64.random(in: 1 << 44..<1 << 48), radix: 16)
        self.init(id: "01900000-0000-7000-8000-\(digits)", email: "\(digits)@example.com")
    }

    /// The user's path.
    var path: String { "/users/\(id)" }
}

extension DirectConnection {
    /// Puts a user in, unless there is one of this id.
    @discardableResult
    func add(
        _ user: TestUser = TestUser(), roles: [String] = ["member"], status: String = "active",
        passwordHash: String = TestAdministrator.passwordHash, isDeleted: Bool = false
    ) throws -> TestUser {
        _ = try query(
            """
            INSERT INTO users (
                id, created_at, updated_at, version, email_verified, status, email, email_key,
                display_name, roles, metadata, admin_metadata, password_hash, password_changed_at,
                search_text, deleted_at
            ) VALUES (
                $1, '2026-01-01Z', '2026-01-01Z', 1, false, $4, $2, $2,
                'Somebody', $3, '{}', '{}', $5, '2026-01-01Z',
                'somebody ' || $2, CASE WHEN $6 THEN timestamptz '2026-01-02Z' END
            ) ON CONFLICT (id) DO NOTHING
            """,
            [
                user.id, user.email, "{\(roles.joined(separator: ","))}", status, passwordHash,
                "\(isDeleted)",
            ])
        return user
    }

    /// Puts a role in.
    func addRole(_ name: String, _ permissions: String...) throws {
        _ = try query(
            """
            INSERT INTO roles (created_at, updated_at, access_epoch, name, permissions)
            VALUES (now(), now(), 0, $1, $2)
            """, [name, "{\(permissions.joined(separator: ","))}"])
    }
}

/// What a login has brought.
struct TestSession: Sendable {
    let access: String
    let refresh: String
    let id: String
    let userID: String

    init(_ answer: RawResponse) throws {
        guard answer.status == 200, let access = answer.string("access_token"),
            let refresh = answer.string("refresh_token"), let id = answer.string("session_id"),
            let userID = answer.string("user_id")
        else { throw RefusedLogin(answer: answer) }
        (self.access, self.refresh, self.id, self.userID) = (access, refresh, id, userID)
    }

    /// Whom a request with it speaks for.
    var caller: TestCaller { .token(access) }
}

extension TestPeer {
    /// Logs a user in, who can.
    func session(
        of user: TestUser, _ password: String = TestAdministrator.password
    ) async throws -> TestSession {
        try TestSession(try await logIn(user.email, password))
    }

    /// Asks for new tokens.
    func refresh(_ token: String) async throws -> RawResponse {
        try await send("POST /auth/refresh", #"{"refresh_token":"\#(token)"}"#)
    }

    /// The status of a read of the own user with a token.
    func status(with session: TestSession) async throws -> Int {
        try await send("GET /users/me", as: session.caller).status
    }
}

extension RawResponse {
    /// Whether `text` stands in one of its fields.
    func tells(_ text: String) -> Bool { fields.contains { $0.value.contains(text) } }
}
