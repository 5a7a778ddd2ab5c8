import Ambient
import Authentication
import AuthenticationPostgres
import AuthenticationTesting
import Logging
import Postgres
import PostgresTesting
import Testing
import Users

@Suite("What the database tells of changes")
struct NotificationTests {
    /// The triggers ask the database's clock what has run out.
    private static let now = WallClock.system.now()
    private static let user = "user \(Account.sample().id.uuid)"

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let payloads: [String]

        init(_ sql: String, _ payloads: [String]) {
            testDescription = sql
            self.payloads = payloads
        }
    }

    static let cases = [
        Case("UPDATE users SET status = 'disabled'", [user]),
        Case("UPDATE users SET deleted_at = now()", [user]),
        Case("UPDATE users SET roles = '{member}'", [user]),
        Case("UPDATE users SET roles = '{}', status = 'disabled'", [user]),
        Case("UPDATE users SET password_changed_at = now()", [user]),
        Case("DELETE FROM users", [user]),
        Case("DELETE FROM sessions", [user]),
        Case("UPDATE roles SET permissions = '{users:read}' WHERE name = 'editor'", ["roles"]),
        Case("UPDATE roles SET updated_at = now()", []),
        Case("UPDATE users SET display_name = 'B', version = version + 1", []),
        Case("UPDATE users SET password_hash = 'rehashed'", []),
        Case("UPDATE sessions SET refresh_counter = 2", []),
        Case("BEGIN; DELETE FROM sessions; ROLLBACK", []),
    ]

    @Test(arguments: cases)
    func `each kind of change is told, whoever makes it`(_ given: Case) async throws {
        try await withRepository { repository in
            try await repository.add(roles: ["editor", "member"])
            _ = try await repository.begin(at: Self.now)
            let heard = try await repository.heard {
                try await run(given.testDescription, in: repository)
            }
            #expect(heard.sorted() == given.payloads)
        }
    }

    @Test func `each user is told of once, however many sessions end, and none that had run out`()
        async throws
    {
        try await withRepository { repository in
            for number in 1...3 { try await repository.add(number) }
            for number in 1...9 {
                _ = try await repository.begin(
                    number, of: .sample(UInt64(1 + number % 3)), at: Self.now)
            }
            let other = "\(Account.sample(3).id.uuid)"
            try repository.query(
                "UPDATE sessions SET expires_at = now() - interval '1 s' WHERE user_id = $1::uuid",
                [other])
            let heard = try await repository.heard {
                try repository.query("DELETE FROM sessions")
            }
            let users = ([1, 2] as [UInt64]).map { "user \(Account.sample($0).id.uuid)" }
            #expect(heard.sorted() == users)
        }
    }

    @Test func `a login that removes what has run out tells nobody`() async throws {
        try await withRepository { repository in
            try await repository.add()
            try await repository.add(2)
            _ = try await repository.begin(1, of: .sample(2))
            try repository.query("UPDATE sessions SET expires_at = '2020-01-01'")
            let heard = try await repository.heard { _ = try await repository.begin(2) }
            #expect(heard == [])
            #expect(try repository.sessionCount() == 1)
        }
    }

    @Test func `so is what the service does`() async throws {
        try await withRepository { repository in
            let account = try await repository.add()
            _ = try await repository.begin(at: Self.now)
            let password = try await repository.heard {
                _ = try await repository.logins.setPassword(
                    hash: "new", of: account.id, keeping: nil, ifHoldingOnly: nil,
                    replacing: nil, at: Sample.time.advanced(bySeconds: 1))
            }
            #expect(password.sorted() == [Self.user])
            _ = try await repository.begin(
                of: account.with(passwordHash: "new"), at: Self.now)
            let end = try await repository.heard {
                _ = try await repository.logins.end(Sample.sessionID(1), of: nil, at: Sample.time)
            }
            #expect(end == [Self.user])
            for number in 1...2 {
                _ = try await repository.begin(
                    number, of: account.with(passwordHash: "new"), at: Self.now)
            }
            let ends = try await repository.heard {
                _ = try await repository.logins.endSessions(
                    of: account.id, but: Sample.sessionID(2), at: Sample.time)
            }
            #expect(ends == [Self.user])
            let refresh = try await repository.heard {
                _ = try await repository.logins.refresh(
                    RefreshTicket(session: Sample.sessionID(2), counter: 1), at: Sample.time)
            }
            #expect(refresh == [])
        }
    }
}

extension TestRepository {
    /// What is told on a channel while `body` runs.
    func heard(
        on channel: ChannelName = ChannelName("user_management_access"),
        _ body: () async throws -> Void
    ) async throws -> [String] {
        var configuration = ListenerConfiguration()
        configuration.proofTimeout = .seconds(60)
        let listener = NotificationListener(
            to: [channel], on: pool.loop, keywords: database.url.keywords,
            connecting: connecting, configuration: configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { [pool] channel, payload throws(PostgresError) in
            try await pool.announce(channel, payload)
        }
        await listener.start()
        var payloads: [String] = []
        listening: for await event in listener.events {
            switch event {
            case .listening:
                try await body()
                try await pool.announce(channel, "that is all")
            case .lost: Issue.record("The connection is lost.")
            case .notification(let notification):
                if notification.payload == "that is all" { break listening }
                payloads.append(notification.payload)
            }
        }
        await listener.close()
        return payloads
    }
}
