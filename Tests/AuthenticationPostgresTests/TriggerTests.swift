import Ambient
import Authentication
import AuthenticationPostgres
import AuthenticationTesting
import Postgres
import PostgresTesting
import Testing
import Users
import UsersPostgres

@Suite("What the triggers keep")
struct TriggerTests {
    private static func refusal(_ repository: TestRepository, _ sql: String) throws -> String? {
        do throws(PostgresError) {
            try repository.database.connect().execute(sql)
            return nil
        } catch .server(let error) {
            return error.constraint
        }
    }

    @Test(arguments: [
        "UPDATE users SET status = 'disabled'", "UPDATE users SET deleted_at = now()",
        "UPDATE users SET roles = '{member}'", "UPDATE users SET roles = '{}'",
        "DELETE FROM users", "UPDATE users SET status = 'disabled', roles = '{}'",
    ])
    func `the last administrator stays one, and one who is not the last need not`(
        _ change: String
    ) async throws {
        try await withRepository { repository in
            for number in 1...2 { try await repository.add(number, roles: ["admin", "member"]) }
            #expect(try Self.refusal(repository, change) == "users_last_administrator")
            let others = " WHERE id <> '\(Account.sample().id.uuid)'"
            #expect(try Self.refusal(repository, change + others) == nil)
            #expect(try Self.refusal(repository, change) == "users_last_administrator")
            #expect(try await repository.logins.account(withID: Account.sample().id) != nil)
        }
    }

    @Test(arguments: ["disabled", "demoted"])
    func `of two administrators who go at the same time one stays`(
        _ change: String
    ) async throws {
        try await withRepository { repository in
            for number in 1...2 { try await repository.add(number, roles: ["admin", "member"]) }
            let sql =
                change == "disabled" ? "status = 'disabled'" : "roles = '{member}'"
            for _ in 0..<15 {
                try repository.query("UPDATE users SET roles = '{admin,member}', status = 'active'")
                let outcomes = await withTaskGroup { group in
                    for number: UInt64 in 1...2 {
                        let id = Account.sample(number).id.uuid
                        group.addTask {
                            await outcomeOf {
                                try await run(
                                    "UPDATE users SET \(sql) WHERE id = '\(id)'", in: repository)
                            }
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                #expect(outcomes.count { $0 == "done" } == 1)
                let left = try repository.query(
                    "SELECT FROM users WHERE roles @> '{admin}' AND status = 'active'")
                #expect(left.count == 1)
            }
        }
    }

    @Test(
        arguments: [
            ("{nobody}", "users_roles_exist"), ("{member,nobody}", "users_roles_exist"),
            ("{editor,nobody}", "users_roles_exist"), ("{editor,editor}", "users_roles_exist"),
            ("{editor}", nil), ("{admin,editor,member}", nil), ("{}", nil),
        ] as [(String, String?)])
    func `a role that a user is given exists`(_ roles: String, refusal: String?) async throws {
        try await withRepository { repository in
            try repository.addRole("editor")
            try await repository.add()
            let update = "UPDATE users SET roles = '\(roles)'"
            #expect(try Self.refusal(repository, update) == refusal)
            let insertion = """
                INSERT INTO users (
                    id, email, email_key, display_name, status, roles, metadata, admin_metadata,
                    created_at, updated_at, version, email_verified, search_text
                )
                SELECT gen_random_uuid(), 'b@b.example', 'b@b.example', display_name, status,
                    '\(roles)', metadata, admin_metadata, created_at, updated_at, 1, false,
                    search_text
                FROM users
                """
            #expect(try Self.refusal(repository, insertion) == refusal)
        }
    }

    @Test(arguments: [
        "DELETE FROM roles WHERE name = 'editor'", "DELETE FROM roles WHERE name = 'admin'",
        "DELETE FROM roles WHERE name = 'member'", "DELETE FROM roles",
        "UPDATE roles SET name = 'x' WHERE name = 'editor'",
        "UPDATE roles SET name = 'x' WHERE name = 'member'",
    ])
    func `a role that is held, or built in, does not go`(_ sql: String) async throws {
        try await withRepository { repository in
            try repository.addRole("free")
            try await repository.add(roles: ["editor", "member"])
            let refusal = try Self.refusal(repository, sql)
            #expect(refusal == "users_roles_exist")
            #expect(
                try Self.refusal(repository, "UPDATE roles SET name = 'y' WHERE name = 'free'")
                    == nil)
            #expect(try Self.refusal(repository, "DELETE FROM roles WHERE name = 'y'") == nil)
            // A deleted user may be restored with it.
            try repository.query("UPDATE users SET deleted_at = now()")
            #expect(try Self.refusal(repository, sql) == refusal)
        }
    }

    @Test func `a role that is being granted does not go`() async throws {
        try await withRepository { repository in
            try repository.addRole("editor")
            try await repository.add()
            let rival = try repository.database.connect()
            try rival.execute("BEGIN; UPDATE users SET roles = '{editor,member}'")
            async let removal = outcome { () async throws(UserError) in
                _ = try await repository.roles.remove(RoleName(trusted: "editor"), within: nil)
            }
            try await repository.waitForLocks()
            try rival.execute("COMMIT")
            #expect(await removal == "roleInUse")
        }
    }

    @Test func `a role that is going is not granted`() async throws {
        try await withRepository { repository in
            try repository.addRole("editor")
            try await repository.add()
            let rival = try repository.database.connect()
            try rival.execute("BEGIN; DELETE FROM roles WHERE name = 'editor'")
            async let granting = outcome { () async throws(UserError) in
                var changes = UserChanges()
                changes.roles = .set(
                    RoleSet(trusted: ["editor", "member"].map(RoleName.init(trusted:))))
                _ = try await repository.users.update(
                    Account.sample().id, changes, if: WriteCondition(), at: Sample.time)
            }
            try await repository.waitForLocks()
            try rival.execute("COMMIT")
            #expect(await granting == "unknownRole")
            let roles = try repository.query("SELECT roles FROM users")
            #expect(roles == [["{member}"]])
        }
    }
}
