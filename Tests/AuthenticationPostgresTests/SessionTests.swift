import Ambient
import Authentication
import AuthenticationPostgres
import AuthenticationTesting
import Testing
import Users

@Suite("Sessions in PostgreSQL")
struct SessionTests {
    @Test func `accounts are found by address and by id, unless they are deleted`() async throws {
        try await withRepository { repository in
            let account = try await repository.add()
            let email = EmailAddress(trusted: "other", key: account.email.key)
            #expect(try await repository.logins.account(withEmail: email) == account)
            #expect(try await repository.logins.account(withID: account.id) == account)
            try repository.query(
                "UPDATE users SET status = 'disabled', password_hash = NULL, version = version + 1")
            let disabled = account.with(status: .disabled, passwordHash: nil)
            #expect(try await repository.logins.account(withID: account.id) == disabled)
            try repository.query("UPDATE users SET deleted_at = now()")
            #expect(try await repository.logins.account(withEmail: email) == nil)
            #expect(try await repository.logins.account(withID: account.id) == nil)
            let other = Account.sample(2)
            #expect(try await repository.logins.account(withEmail: other.email) == nil)
            #expect(try await repository.logins.account(withID: other.id) == nil)
        }
    }

    @Test func `a session begins with what its user holds, and is listed`() async throws {
        try await withRepository { repository in
            let account = try await repository.add(roles: ["editor", "member"])
            let grant = try await repository.begin()
            #expect(
                grant
                    == SessionGrant(
                        session: Sample.sessionID(1), user: account.id,
                        roles: RoleSet(trusted: ["editor", "member"].map(RoleName.init(trusted:))),
                        epoch: 0, counter: 1, expiresAt: Sample.session(1).expiresAt))
            let sessions = try await repository.logins.sessions(of: account.id, at: Sample.time)
            #expect(sessions == [Sample.session(1)])
            #expect(
                try repository.query("SELECT refresh_counter, user_id FROM sessions")
                    == [["1", "\(account.id.uuid)"]])
        }
    }

    @Test(arguments: [
        "UPDATE users SET status = 'disabled'", "UPDATE users SET deleted_at = now()",
        "UPDATE users SET password_hash = 'hash of x'", "UPDATE users SET password_hash = NULL",
        "DELETE FROM users",
    ])
    func `no session begins of who has changed since the check`(_ change: String) async throws {
        try await withRepository { repository in
            let account = try await repository.add()
            try repository.query(change)
            let grant = try await repository.logins.begin(
                Sample.session(1), of: account, after: Sample.attempt(1, 1),
                LoginAdmission(
                    isOwnNetwork: false, failureCount: 1, blockedUntil: Sample.time,
                    countedUntil: Sample.time, isAdmitted: true))
            #expect(grant == nil)
            #expect(try repository.sessionCount() == 0)
            #expect(try repository.query("SELECT FROM login_attempts").isEmpty)
        }
    }

    @Test func `sessions are listed the latest first, a hundred of them`() async throws {
        try await withRepository { repository in
            try await repository.add()
            try await repository.add(2)
            for number in 1...110 {
                _ = try await repository.begin(
                    number, at: Sample.time.advanced(bySeconds: Int64(number)))
            }
            _ = try await repository.begin(200, of: .sample(2))
            let late = Sample.time.advanced(bySeconds: 200)
            let sessions = try await repository.logins.sessions(of: Account.sample().id, at: late)
            #expect(sessions.map(\.id) == (11...110).reversed().map(Sample.sessionID))
            let end = Sample.time.advanced(bySeconds: SessionLifetimes.idle + 109)
            let left = try await repository.logins.sessions(of: Account.sample().id, at: end)
            #expect(left.map(\.id) == [Sample.sessionID(110)])
        }
    }

    @Test func `a session is ended once, and for its user only`() async throws {
        try await withRepository { repository in
            let account = try await repository.add()
            _ = try await repository.begin()
            func end(
                _ number: Int, of user: UserID?, at time: Timestamp = Sample.time
            ) async throws -> UserID? {
                try await repository.logins.end(Sample.sessionID(number), of: user, at: time)
            }
            #expect(try await end(1, of: Account.sample(2).id) == nil)
            #expect(try await end(2, of: nil) == nil)
            let runsOut = Sample.session(1).expiresAt
            #expect(try await end(1, of: account.id, at: runsOut) == nil)
            #expect(try await end(1, of: account.id) == account.id)
            #expect(try await end(1, of: account.id) == nil)
            _ = try await repository.begin()
            #expect(try await end(1, of: nil, at: runsOut.advanced(bySeconds: -1)) == account.id)
        }
    }

    @Test func `sessions that have run out end with the others, and are not counted`() async throws
    {
        try await withRepository { repository in
            let account = try await repository.add()
            _ = try await repository.begin(1)
            let later = Sample.time.advanced(bySeconds: 60)
            for number in 2...3 { _ = try await repository.begin(number, at: later) }
            let time = Sample.session(1).expiresAt
            let ended = try await repository.logins.endSessions(of: account.id, but: nil, at: time)
            #expect(ended == 2)
            #expect(try repository.sessionCount() == 0)
            _ = try await repository.begin(4)
            _ = try await repository.begin(5, at: later)
            let endedByPassword = try await repository.logins.setPassword(
                hash: "new", of: account.id, keeping: nil, ifHoldingOnly: nil, replacing: nil,
                at: time)
            #expect(endedByPassword == 1)
            #expect(try repository.sessionCount() == 0)
        }
    }

    @Test(arguments: [nil, 1, 9])
    func `a user's sessions end, but for one`(_ kept: Int?) async throws {
        try await withRepository { repository in
            let account = try await repository.add()
            let other = try await repository.add(2)
            for number in 1...3 { _ = try await repository.begin(number) }
            _ = try await repository.begin(4, of: other)
            let count = try await repository.logins.endSessions(
                of: account.id, but: kept.map(Sample.sessionID), at: Sample.time)
            #expect(count == (kept == 1 ? 2 : 3))
            let left = try repository.query("SELECT id FROM sessions ORDER BY id").map { $0[0] }
            let expected = kept == 1 ? [1, 4] : [4]
            #expect(left == expected.map { "\(Sample.sessionID($0).uuid)" })
        }
    }

    @Test func `a refresh counts up the current token, and shows the session to others`()
        async throws
    {
        try await withRepository { repository in
            try await repository.add()
            _ = try await repository.begin()
            let later = Sample.time.advanced(bySeconds: 60)
            func refresh(_ counter: Int64) async throws -> RefreshedSession? {
                try await repository.logins.refresh(
                    RefreshTicket(session: Sample.sessionID(1), counter: counter), at: later)
            }
            let first = try #require(try await refresh(1))
            #expect(first.isAdvanced && first.grant.counter == 2 && first.refreshedAt == later)
            for counter: Int64 in [0, 1, 3, .max] {
                let shown = try #require(try await refresh(counter))
                #expect(!shown.isAdvanced && shown.grant.counter == 2)
                #expect(shown.grant.roles == .initial && shown.refreshedAt == later)
                #expect(
                    shown.grant.expiresAt == later.advanced(bySeconds: SessionLifetimes.idle))
            }
            let expected = Session(
                id: Sample.sessionID(1), createdAt: Sample.time, refreshedAt: later,
                expiresAt: later.advanced(bySeconds: SessionLifetimes.idle),
                client: Sample.session(1).client)
            let sessions = try await repository.logins.sessions(
                of: Account.sample().id, at: later)
            #expect(sessions == [expected])
        }
    }

    @Test(
        arguments: [
            (0, true), (1_209_599, true), (1_209_600, false), (9_999_999, false),
        ] as [(Int64, Bool)])
    func `a session that has run out is not refreshed`(
        seconds: Int64, isThere: Bool
    ) async throws {
        try await withRepository { repository in
            try await repository.add()
            _ = try await repository.begin()
            let time = Sample.time.advanced(bySeconds: seconds)
            let access = try await repository.access(at: time)
            #expect((access != nil) == isThere)
            let session = try await repository.logins.refresh(
                RefreshTicket(session: Sample.sessionID(1), counter: 1), at: time)
            #expect((session != nil) == isThere)
        }
    }

    @Test func `a session ends after ninety days however often it is refreshed`() async throws {
        try await withRepository { repository in
            try await repository.add()
            _ = try await repository.begin()
            for counter: Int64 in 1...8 {
                let time = Sample.time.advanced(bySeconds: counter * 11 * 86_400)
                _ = try await repository.logins.refresh(
                    RefreshTicket(session: Sample.sessionID(1), counter: counter), at: time)
            }
            let end = Sample.time.advanced(bySeconds: SessionLifetimes.absolute)
            let sessions = try await repository.logins.sessions(
                of: Account.sample().id, at: Sample.time)
            #expect(sessions.map(\.expiresAt) == [end])
        }
    }

    @Test func `of fifty refreshes at once one counts up, and all see what it did`() async throws {
        try await withRepository { repository in
            try await repository.add()
            _ = try await repository.begin()
            for counter: Int64 in 1...5 {
                let sessions = try await withThrowingTaskGroup { group in
                    for _ in 0..<50 {
                        group.addTask {
                            try await repository.logins.refresh(
                                RefreshTicket(session: Sample.sessionID(1), counter: counter),
                                at: Sample.time)
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(sessions.count { $0?.isAdvanced == true } == 1)
                #expect(sessions.allSatisfy { $0?.grant.counter == counter + 1 })
            }
        }
    }

    @Test func `a hash is replaced if it is still there, and nothing else changes`() async throws {
        try await withRepository { repository in
            let account = try await repository.add()
            _ = try await repository.begin()
            try await repository.logins.replaceHash(of: account.id, "another", with: "x")
            #expect(try await repository.logins.account(withID: account.id) == account)
            try await repository.logins.replaceHash(
                of: account.id, try #require(account.passwordHash), with: "new")
            #expect(
                try await repository.logins.account(withID: account.id)?.passwordHash == "new")
            #expect(try await repository.access()?.epoch == 0)
            #expect(try repository.query("SELECT version FROM users") == [["1"]])
        }
    }
}
