import Ambient
import Authentication
import AuthenticationPostgres
import AuthenticationTesting
import Testing
import Users

@Suite("What has run out, in PostgreSQL")
struct CleaningTests {
    private func fill(_ repository: TestRepository, _ count: Int) throws {
        try repository.query(
            """
            INSERT INTO login_attempts (
                address_code, network_code, failure_count, blocked_until, counted_until, expires_at
            )
            SELECT sha256(number::text::bytea), '', 1, $2::timestamptz, $2::timestamptz,
                $2::timestamptz - number * interval '1 second'
            FROM generate_series(0, $1::int - 1) AS number
            """, ["\(count)", Sample.time.rfc3339])
        try repository.query(
            """
            INSERT INTO sessions (
                id, user_id, created_at, refreshed_at, expires_at, refresh_counter
            )
            SELECT gen_random_uuid(), $2::uuid, $3::timestamptz, $3::timestamptz,
                $3::timestamptz - number * interval '1 second', 1
            FROM generate_series(0, $1::int - 1) AS number
            """, ["\(count)", "\(Account.sample().id.uuid)", Sample.time.rfc3339])
    }

    private func counts(_ repository: TestRepository) throws -> [String?] {
        try repository.query(
            """
            SELECT (SELECT count(*) FROM login_attempts WHERE expires_at <= $1),
                (SELECT count(*) FROM sessions WHERE expires_at <= $1)
            """, [Sample.time.rfc3339])[0]
    }

    @Test func `each login removes the oldest, and a few of them`() async throws {
        try await withRepository { repository in
            try await repository.add()
            try fill(repository, 20)
            for (number, left) in [(1, "12"), (2, "4"), (3, "0"), (4, "0")] {
                _ = try await repository.begin(number)
                #expect(try counts(repository) == [left, left])
                let oldest = try repository.query(
                    "SELECT max($1 - expires_at) <= $2 * interval '1 second' FROM login_attempts",
                    [Sample.time.rfc3339, left])
                #expect(oldest == [["t"]] || left == "0")
            }
            #expect(try repository.sessionCount() == 4)
        }
    }

    @Test func `each attempt, failed or not, removes the oldest attempts, and a few of them`()
        async throws
    {
        try await withRepository { repository in
            try await repository.add()
            try fill(repository, 20)
            for left in ["12", "4", "0", "0"] {
                _ = try await repository.logins.admit(
                    Sample.attempt(1, 1), by: LoginThrottle())
                #expect(try counts(repository) == [left, "20"])
            }
            let kept = try repository.query("SELECT failure_count FROM login_attempts")
            #expect(kept == [["4"]])
        }
    }

    @Test func `attempts at the same time remove each other's rows in peace`() async throws {
        try await withRepository { repository in
            var time = Sample.time
            for _ in 0..<25 {
                time = time.advanced(bySeconds: 86_400)
                let now = time
                let outcomes = await withTaskGroup { group in
                    for number in 1...8 {
                        group.addTask {
                            await outcome { () async throws(UserError) in
                                _ = try await repository.logins.admit(
                                    Sample.attempt(number, 1, at: now), by: LoginThrottle())
                            }
                        }
                    }
                    return await group.reduce(into: Set()) { $0.insert($1) }
                }
                #expect(outcomes == ["done"])
            }
        }
    }

    @Test func `the oldest sessions of one user give way to new ones`() async throws {
        try await withRepository { repository in
            try await repository.add()
            _ = try await repository.begin(1, of: try await repository.add(2))
            try repository.query(
                """
                INSERT INTO sessions (
                    id, user_id, created_at, refreshed_at, expires_at, refresh_counter
                )
                SELECT gen_random_uuid(), $2::uuid, $3::timestamptz - number * interval '1 second',
                    $3::timestamptz, $3::timestamptz + interval '1 day', 1
                FROM generate_series(1, $1::int) AS number
                """,
                ["\(Session.listedMax + 5)", "\(Account.sample().id.uuid)", Sample.time.rfc3339])
            _ = try await repository.begin(2)
            #expect(try repository.sessionCount() == Session.listedMax + 1)
            let newest = try repository.query(
                """
                SELECT count(*) FROM sessions
                WHERE user_id = $1::uuid AND created_at > $2::timestamptz - interval '100 seconds'
                """, ["\(Account.sample().id.uuid)", Sample.time.rfc3339])
            #expect(newest == [["\(Session.listedMax)"]])
        }
    }

    @Test func `what has just not run out stays`() async throws {
        try await withRepository { repository in
            try await repository.add()
            try fill(repository, 3)
            let early = Timestamp(
                microsecondsSince1970: Sample.time.microsecondsSince1970 - 2_000_001)
            _ = try await repository.begin(at: early)
            #expect(try counts(repository) == ["3", "3"])
        }
    }

    @Test func `users who come back at the same time remove each other's rows in peace`()
        async throws
    {
        try await withRepository { repository in
            for number in 1...6 { try await repository.add(number) }
            var time = Sample.time
            for round in 0..<25 {
                time = time.advanced(bySeconds: LoginThrottle.networkSeconds)
                let now = time
                let outcomes = await withTaskGroup { group in
                    for number in 1...6 {
                        group.addTask {
                            await outcome { () async throws(UserError) in
                                let attempt = Sample.attempt(number, 1, at: now)
                                let admission = try await repository.logins.admit(
                                    attempt, by: LoginThrottle())
                                _ = try await repository.logins.begin(
                                    Sample.session(round * 10 + number, at: now),
                                    of: .sample(UInt64(number)), after: attempt, admission)
                            }
                        }
                    }
                    return await group.reduce(into: Set()) { $0.insert($1) }
                }
                #expect(outcomes == ["done"])
            }
        }
    }
}
