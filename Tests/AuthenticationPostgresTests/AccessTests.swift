import Ambient
import Authentication
import AuthenticationPostgres
import AuthenticationTesting
import Postgres
import PostgresTesting
import Reactor
import Testing
import Users

@Suite("What tokens allow, in PostgreSQL")
struct AccessTests {
    @Test(
        arguments: [
            ([], []), (["member"], []), (["admin"], .all), (["reader"], .usersRead),
            (["reader", "writer"], [.usersRead, .usersWrite]),
            (["granter", "member", "reader"], [.usersRead, .rolesWrite]),
            (["empty", "reader", "reader-too"], .usersRead), (["empty"], []),
            (["admin", "reader"], .all),
        ] as [([String], PermissionSet)])
    func `the permissions of all roles are united`(
        roles: [String], permissions: PermissionSet
    ) async throws {
        try await withRepository { repository in
            try repository.addRole("reader", "users:read")
            try repository.addRole("reader-too", "users:read")
            try repository.addRole("writer", "users:write")
            try repository.addRole("granter", "roles:write")
            try await repository.add(roles: roles)
            _ = try await repository.begin()
            let access = try await repository.access()
            #expect(access == Access(permissions: permissions, epoch: 0))
        }
    }

    @Test func `a session allows something to its user and nobody else`() async throws {
        try await withRepository { repository in
            try await repository.add()
            try await repository.add(2)
            _ = try await repository.begin()
            #expect(try await repository.access(of: .sample(2)) == nil)
            #expect(try await repository.access(2) == nil)
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String { sql }
        let sql: String
        /// Whether the session is there afterwards.
        var isThere = true
        var isOutdated = true

        init(_ sql: String, isThere: Bool = true, isOutdated: Bool = true) {
            self.sql = sql
            self.isThere = isThere
            self.isOutdated = isOutdated
        }
    }

    static let changes = [
        Case(
            "UPDATE users SET status = 'disabled' WHERE email_key = 'ada.1@example.com'",
            isThere: false),
        Case(
            "UPDATE users SET deleted_at = now() WHERE email_key = 'ada.1@example.com'",
            isThere: false),
        Case(
            "DELETE FROM users WHERE email_key = 'ada.1@example.com'", isThere: false),
        Case(
            "UPDATE users SET roles = '{editor}' WHERE email_key = 'ada.1@example.com'"),
        Case(
            "UPDATE users SET roles = '{editor,member,other}' WHERE email_key = 'ada.1@example.com'"
        ),
        Case(
            "UPDATE users SET roles = '{}' WHERE email_key = 'ada.1@example.com'"),
        Case(
            "UPDATE users SET password_changed_at = now() WHERE email_key = 'ada.1@example.com'"),
        Case(
            "UPDATE users SET password_changed_at = NULL WHERE email_key = 'ada.1@example.com'"),
        Case(
            "UPDATE roles SET permissions = '{users:read}' WHERE name = 'editor'"),
        Case(
            "UPDATE roles SET permissions = '{users:read}' WHERE name = 'other'",
            isOutdated: false),
        Case(
            "UPDATE roles SET updated_at = now()", isOutdated: false),
        Case(
            "UPDATE users SET display_name = 'B' WHERE email_key = 'ada.1@example.com'",
            isOutdated: false),
        Case(
            "UPDATE users SET roles = roles, status = status WHERE email_key = 'ada.1@example.com'",
            isOutdated: false),
        Case(
            "INSERT INTO roles SELECT now(), now(), 0, 'x', '{}'", isOutdated: false),
        Case(
            "DELETE FROM roles WHERE name = 'other'", isOutdated: false),
    ]

    @Test(arguments: changes)
    func `whatever changes what a user may do outdates the user's tokens`(
        _ given: Case
    ) async throws {
        try await withRepository { repository in
            try repository.addRole("other")
            try await repository.add(roles: ["editor", "member"])
            try await repository.add(2)
            let before = try #require(try await repository.begin())
            let other = try #require(try await repository.begin(2, of: .sample(2)))
            try repository.query(given.sql)
            let access = try await repository.access()
            #expect((access != nil) == given.isThere)
            if let access { #expect((access.epoch != before.epoch) == given.isOutdated) }
            #expect(try await repository.access(2, of: .sample(2))?.epoch == other.epoch)
            let next = try await repository.logins.refresh(
                RefreshTicket(session: Sample.sessionID(1), counter: 1), at: Sample.time)
            #expect(next?.grant.epoch == access?.epoch)
        }
    }

    @Test func `a user who comes back has no token of before`() async throws {
        try await withRepository { repository in
            try await repository.add()
            var epochs = [try await repository.begin()?.epoch]
            for (number, column) in [(2, "status = 'disabled'"), (3, "deleted_at = now()")] {
                try repository.query("UPDATE users SET \(column)")
                try repository.query("UPDATE users SET status = 'active', deleted_at = NULL")
                epochs.append(try await repository.begin(number)?.epoch)
            }
            #expect(epochs == [0, 2, 4])
        }
    }

    @Test(arguments: [true, false])
    func `changes that are committed in another order outdate tokens all the same`(
        _ isRoleFirst: Bool
    ) async throws {
        try await withRepository { repository in
            try repository.addRole("other")
            try await repository.add(roles: ["editor", "member"])
            var epochs: [Int64?] = [try await repository.begin()?.epoch]
            let first = try repository.database.connect()
            let ofRole = "UPDATE roles SET permissions = '{users:read}' WHERE name = 'editor'"
            let ofUser = "UPDATE users SET roles = '{editor,other}'"
            try first.execute("BEGIN")
            // The number is taken here, and known to others only later.
            try first.execute(isRoleFirst ? ofRole : ofUser)
            async let second = run(isRoleFirst ? ofUser : ofRole, in: repository)
            try await repository.waitForLocks()
            epochs.append(try await repository.access()?.epoch)
            try first.execute("COMMIT")
            try await second
            epochs.append(try await repository.access()?.epoch)
            #expect(epochs == [0, 0, 2])
        }
    }

    @Test func `a token that is made between two changes is outdated by the second`()
        async throws
    {
        try await withRepository { repository in
            try await repository.add(roles: ["editor", "member"])
            var epochs: [Int64?] = [try await repository.begin()?.epoch]
            for sql in [
                "UPDATE roles SET permissions = '{users:read}' WHERE name = 'editor'",
                "UPDATE users SET password_changed_at = now()",
                "UPDATE roles SET permissions = '{users:write}' WHERE name = 'editor'",
                "UPDATE users SET roles = '{editor}'",
                "UPDATE users SET roles = '{}'",
            ] {
                try repository.query(sql)
                epochs.append(try await repository.access()?.epoch)
            }
            #expect(epochs == [0, 1, 2, 3, 4, 5])
        }
    }

    @Test func `changes of many users and roles at once do not wait for each other in a ring`()
        async throws
    {
        try await withRepository { repository in
            let roles = (1...4).map { "role-\($0)" }
            for number in 1...4 { try await repository.add(number, roles: roles) }
            let outcomes = await withTaskGroup { group in
                for number in 0..<200 {
                    let sql =
                        number % 2 == 0
                        ? """
                        UPDATE roles SET permissions = '{\(number % 3 == 0 ? "users:read" : "")}'
                        WHERE name = 'role-\(1 + number / 2 % 4)'
                        """
                        : """
                        UPDATE users SET password_changed_at = now() + interval '\(number) s'
                        WHERE id = '\(Account.sample(UInt64(1 + number / 2 % 4)).id.uuid)'
                        """
                    group.addTask { await outcomeOf { try await run(sql, in: repository) } }
                }
                return await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(outcomes == ["done"])
        }
    }
}

/// Runs a statement on a thread that may wait.
func run(_ sql: String, in repository: TestRepository) async throws {
    let database = repository.database
    try await repository.connecting.run {
        Result { () throws(PostgresError) in try database.connect().execute(sql) }
    }.get()
}

/// What becomes of something, in a word or more.
func outcomeOf(_ work: () async throws -> Void) async -> String {
    do {
        try await work()
        return "done"
    } catch {
        return "\(error)"
    }
}
