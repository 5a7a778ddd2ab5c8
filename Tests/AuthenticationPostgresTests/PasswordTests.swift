import Ambient
import Authentication
import AuthenticationPostgres
import AuthenticationTesting
import Postgres
import PostgresTesting
import Testing
import Users

@Suite("Setting passwords in PostgreSQL")
struct PasswordTests {
    private static let later = Sample.time.advanced(bySeconds: 60)

    private func set(
        _ repository: TestRepository, keeping kept: Int? = nil, within limit: PermissionSet? = nil,
        replacing old: String? = nil
    ) async throws(UserError) -> Int? {
        try await repository.logins.setPassword(
            hash: "new", of: Account.sample().id, keeping: kept.map(Sample.sessionID),
            ifHoldingOnly: limit, replacing: old, at: Self.later)
    }

    @Test(arguments: [nil, 1])
    func `a new password ends the sessions but for one, and every token`(
        _ kept: Int?
    ) async throws {
        try await withRepository { repository in
            try await repository.add()
            let other = try await repository.add(2)
            for number in 1...3 { _ = try await repository.begin(number) }
            _ = try await repository.begin(4, of: other)
            #expect(try await set(repository, keeping: kept) == (kept == nil ? 3 : 2))
            let left = try repository.query("SELECT id FROM sessions ORDER BY id").map { $0[0] }
            let expected = kept == nil ? [4] : [1, 4]
            #expect(left == expected.map { "\(Sample.sessionID($0).uuid)" })
            #expect(
                try repository.query(
                    """
                    SELECT password_hash, password_changed_at = $1, updated_at = $1, version
                    FROM users ORDER BY id LIMIT 1
                    """, [Self.later.rfc3339]) == [["new", "t", "t", "2"]])
            if kept != nil { #expect(try await repository.access()?.epoch == 1) }
            #expect(try await repository.access(4, of: other)?.epoch == 0)
        }
    }

    @Test(
        arguments: [
            ([], nil, true), (["admin"], nil, true), (["admin"], .all, true),
            (["admin"], .usersWrite, false), (["reader"], .usersWrite, false),
            (["reader"], [.usersRead, .usersWrite], true), (["member"], [], true),
            (["reader"], [], false),
        ] as [([String], PermissionSet?, Bool)])
    func `who holds more is left alone`(
        roles: [String], limit: PermissionSet?, isSet: Bool
    ) async throws {
        try await withRepository { repository in
            try repository.addRole("reader", "users:read")
            try await repository.add(roles: roles)
            _ = try await repository.begin()
            #expect((try await set(repository, within: limit) != nil) == isSet)
            #expect(try repository.sessionCount() == (isSet ? 0 : 1))
        }
    }

    @Test func `who knew the password before the last one changes nothing`() async throws {
        try await withRepository { repository in
            let account = try await repository.add()
            #expect(try await set(repository, replacing: "another hash") == nil)
            #expect(try await set(repository, replacing: account.passwordHash) == 0)
            #expect(try await set(repository, replacing: account.passwordHash) == nil)
        }
    }

    @Test(arguments: ["UPDATE users SET deleted_at = now()", "DELETE FROM users"])
    func `nobody's password is set who is not there`(_ change: String) async throws {
        try await withRepository { repository in
            try await repository.add()
            try repository.query(change)
            #expect(try await set(repository) == nil)
        }
    }

    @Test func `no session of the old password survives, whichever comes first`() async throws {
        try await withRepository { repository in
            let account = try await repository.add()
            for round in 1...25 {
                try repository.query(
                    "UPDATE users SET password_hash = $1", [account.passwordHash])
                async let isSet = set(repository)
                async let grant = repository.begin(round)
                _ = try await (isSet, grant)
                #expect(try repository.sessionCount() == 0)
            }
        }
    }

    @Test func `a session that begins while a change of the password waits for it is ended`()
        async throws
    {
        try await withRepository { repository in
            try await repository.add()
            let login = try repository.database.connect()
            // What a login does, one after the other.
            try login.execute("BEGIN; SELECT FROM users FOR SHARE")
            async let isSet = set(repository)
            try await repository.waitForLocks()
            try login.execute(
                """
                INSERT INTO sessions (
                    id, user_id, created_at, refreshed_at, expires_at, refresh_counter
                ) SELECT gen_random_uuid(), id, now(), now(), '2100-01-01', 1 FROM users; COMMIT
                """)
            #expect(try await isSet != nil)
            #expect(try repository.sessionCount() == 0)
        }
    }

    @Test func `a role that is granted meanwhile counts, even one that is new`() async throws {
        try await withRepository { repository in
            try await repository.add()
            let rival = try repository.database.connect()
            try rival.execute(
                """
                BEGIN;
                INSERT INTO roles (created_at, updated_at, access_epoch, name, permissions)
                VALUES (now(), now(), 0, 'new', '{roles:write}');
                UPDATE users SET roles = '{member,new}'
                """)
            async let isSet = set(repository, within: .usersWrite)
            try await repository.waitForLocks()
            try rival.execute("COMMIT")
            #expect(try await isSet == nil)
        }
    }
}
