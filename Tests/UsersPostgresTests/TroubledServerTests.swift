import Postgres
import PostgresTesting
import Testing
import Users
import UsersPostgres
import UsersTesting

@Suite("Users on a server in trouble")
struct TroubledServerTests {
    let changes = {
        var changes = UserChanges()
        changes.status = .set(.disabled)
        return changes
    }()

    @Test func `a server that is read-only answers reads, and writes are for later`() async throws {
        let user = try Sample.bareUser()
        try await withRepository(settings: ["default_transaction_read_only=on"]) { repository in
            let insertion = await failure { () throws(UserError) in
                _ = try await repository.users.insert(user, passwordHash: nil)
            }
            #expect(insertion?.kind == "unavailable(storageAway)")
            let update = await failure { () throws(UserError) in
                _ = try await repository.users.update(
                    user.id, changes, expecting: nil, at: Sample.time)
            }
            #expect(update?.kind == "unavailable(storageAway)")
            let deletion = await failure { () throws(UserError) in
                _ = try await repository.users.markDeleted(
                    user.id, expecting: nil, at: Sample.time)
            }
            #expect(deletion?.kind == "unavailable(storageAway)")
            let read = try await repository.users.user(withID: user.id)
            #expect(read == nil)
            let page = try await repository.users.page(of: .all, after: nil, limit: 1)
            #expect(page.items.isEmpty)
        }
    }

    @Test func `a statement that waits too long for a lock did not happen`() async throws {
        let user = try Sample.bareUser()
        try await withRepository(settings: ["statement_timeout=500"]) { repository in
            _ = try await repository.users.insert(user, passwordHash: nil)
            let rival = try repository.database.connect()
            try rival.execute("BEGIN; SELECT FROM users FOR UPDATE")
            let error = await failure { () throws(UserError) in
                _ = try await repository.users.update(
                    user.id, changes, expecting: nil, at: Sample.time)
            }
            #expect(error?.kind == "unavailable(storageAway)")
            // A lock stops no reader.
            #expect(try await repository.users.user(withID: user.id) == user)
            try rival.execute("ROLLBACK")
            let updated = try await repository.users.update(
                user.id, changes, expecting: nil, at: Sample.time)
            #expect(updated?.version == 2)
        }
    }

    @Test func `an update that another overtook may be tried again`() async throws {
        let user = try Sample.bareUser()
        let isolation = "default_transaction_isolation=repeatable\\ read"
        try await withRepository(settings: [isolation]) { repository in
            _ = try await repository.users.insert(user, passwordHash: nil)
            let rival = try repository.database.connect()
            try rival.execute("BEGIN; UPDATE users SET version = 2")
            async let error = failure { () throws(UserError) in
                _ = try await repository.users.update(
                    user.id, changes, expecting: nil, at: Sample.time)
            }
            try await repository.waitForBlockedSessions()
            try rival.execute("COMMIT")
            #expect(await error?.kind == "unavailable(contended)")
            let updated = try await repository.users.update(
                user.id, changes, expecting: nil, at: Sample.time)
            #expect(updated?.version == 3)
        }
    }

    struct Sabotage: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let sql: String
        let expected: String
    }

    @Test(arguments: [
        Sabotage(
            testDescription: "a missing column", sql: "ALTER TABLE users DROP COLUMN locale",
            expected: "storage"),
        Sabotage(
            testDescription: "a missing table", sql: "ALTER TABLE users RENAME TO people",
            expected: "storage"),
        Sabotage(
            testDescription: "a column of another type",
            sql: "ALTER TABLE users ALTER version TYPE integer", expected: "corrupt"),
        Sabotage(
            testDescription: "a status that nobody knows",
            sql: """
                ALTER TABLE users DROP CONSTRAINT users_status_known;
                UPDATE users SET status = 'weird'
                """, expected: "corrupt"),
        Sabotage(
            testDescription: "a time without end",
            sql: "UPDATE users SET updated_at = 'infinity'", expected: "corrupt"),
        Sabotage(
            testDescription: "a NULL where none may be",
            sql: "ALTER TABLE users ALTER email DROP NOT NULL; UPDATE users SET email = NULL",
            expected: "corrupt"),
    ])
    func `a table that was tampered with gives a typed error`(_ given: Sabotage) async throws {
        let user = try Sample.bareUser()
        try await withTestDatabase { database in
            try await withRepository(on: database) { repository in
                _ = try await repository.users.insert(user, passwordHash: nil)
            }
            try database.connect().execute(given.sql)
            try await withRepository(on: database) { repository in
                let read = await failure { () throws(UserError) in
                    _ = try await repository.users.user(withID: user.id)
                }
                #expect(read?.kind == given.expected)
                let list = await failure { () throws(UserError) in
                    _ = try await repository.users.page(of: .all, after: nil, limit: 1)
                }
                #expect(list?.kind == given.expected)
            }
        }
    }

    @Test func `what a check of the table refuses is told without the value`() async throws {
        var user = try Sample.bareUser()
        user.displayName = DisplayName(trusted: String(repeating: "secret", count: 100))
        let tooLong = user
        try await withRepository { repository in
            let error = await failure { () throws(UserError) in
                _ = try await repository.users.insert(tooLong, passwordHash: nil)
            }
            guard case .storage(let cause) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(
                "\(cause)"
                    == "the database refused a statement: ERROR 23514, "
                    + "constraint users_display_name_length, table users")
        }
    }
}
