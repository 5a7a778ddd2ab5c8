import Ambient
import Authentication
import AuthenticationPostgres
import AuthenticationTesting
import Postgres
import PostgresTesting
import Testing
import Users

@Suite("Logins and changes of users at the same time, in PostgreSQL")
struct RaceTests {
    private static let changes = ["status = 'disabled'", "deleted_at = now()"]

    @Test(arguments: changes)
    func `no session survives that a user is disabled or deleted, whichever comes first`(
        _ change: String
    ) async throws {
        try await withRepository { repository in
            try await repository.add()
            var begunCount = 0
            for round in 1...25 {
                try repository.query("UPDATE users SET status = 'active', deleted_at = NULL")
                async let changed: Void = run("UPDATE users SET \(change)", in: repository)
                async let first = repository.begin(2 * round)
                async let second = repository.begin(2 * round + 1)
                let grants = try await [first, second]
                try await changed
                begunCount += grants.count { $0 != nil }
                #expect(try repository.sessionCount() == 0)
                for number in [2 * round, 2 * round + 1] {
                    #expect(try await repository.access(number) == nil)
                }
            }
            #expect(begunCount > 0)
        }
    }

    @Test(arguments: changes)
    func `a session that begins while a change waits for it ends with the change`(
        _ change: String
    ) async throws {
        try await withRepository { repository in
            try await repository.add()
            let login = try repository.database.connect()
            // What a login does, one after the other.
            try login.execute("BEGIN; SELECT FROM users FOR SHARE")
            async let changed: Void = run("UPDATE users SET \(change)", in: repository)
            try await repository.waitForLocks()
            try login.execute(
                """
                INSERT INTO sessions (
                    id, user_id, created_at, refreshed_at, expires_at, refresh_counter
                ) SELECT gen_random_uuid(), id, now(), now(), '2100-01-01', 1 FROM users; COMMIT
                """)
            try await changed
            #expect(try repository.sessionCount() == 0)
        }
    }

    @Test(arguments: changes)
    func `a login that waits for a change sees it`(_ change: String) async throws {
        try await withRepository { repository in
            try await repository.add()
            let rival = try repository.database.connect()
            try rival.execute("BEGIN; UPDATE users SET \(change)")
            async let grant = repository.begin()
            try await repository.waitForLocks()
            try rival.execute("COMMIT")
            #expect(try await grant == nil)
        }
    }

    @Test func `a session is ended once, and not refreshed after that`() async throws {
        try await withRepository { repository in
            let account = try await repository.add()
            for round in 1...15 {
                _ = try await repository.begin(round)
                let session = Sample.sessionID(round)
                async let refreshed = repository.logins.refresh(
                    RefreshTicket(session: session, counter: 1), at: Sample.time)
                async let first = repository.logins.end(session, of: nil, at: Sample.time)
                async let second = repository.logins.end(session, of: account.id, at: Sample.time)
                _ = try await refreshed
                let ends = try await [first, second]
                #expect(ends.count { $0 != nil } == 1)
                #expect(try repository.sessionCount() == 0)
            }
        }
    }
}
