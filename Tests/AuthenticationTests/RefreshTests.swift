import Ambient
import Authentication
import AuthenticationTesting
import Testing
import Users
import UsersTesting

@Suite("Refreshing, logging out and sessions")
struct RefreshTests {
    private func refresh(_ test: TestService, _ token: String) async -> String {
        do throws(AuthenticationError) {
            return try await test.service.refresh(token).refresh
        } catch {
            return error.word
        }
    }

    @Test func `the current token brings the next one, which does so too`() async throws {
        let test = TestService()
        var tokens = try await test.logIn()
        for counter in 2...5 {
            test.clock.advance(bySeconds: 60)
            let next = try await test.service.refresh(tokens.refresh)
            #expect(next.refresh == "\(tokens.session.uuid)/\(counter)")
            #expect(next.session == tokens.session && next.user == tokens.user)
            #expect(
                try await test.claims(of: next.access)?.expiresAt
                    == test.clock.now.advanced(bySeconds: 600))
            tokens = next
        }
        let sessions = try await test.service.sessions(of: tokens.user)
        #expect(sessions.map(\.refreshedAt) == [test.clock.now])
        #expect(test.events.events.count == 1)
    }

    @Test func `an access token does not outlive its session`() async throws {
        let test = TestService()
        var tokens = try await test.logIn()
        // A session of 90 days that is kept alive until a while before its end.
        for _ in 0..<8 {
            test.clock.advance(bySeconds: 11 * 86_400)
            tokens = try await test.service.refresh(tokens.refresh)
        }
        let end = try #require(try await test.service.sessions(of: tokens.user).first?.expiresAt)
        for (left, seconds) in [(601, 600), (600, 600), (599, 599), (1, 1)] as [(Int64, Int64)] {
            let wait = end.microsecondsSince1970 - test.clock.now.microsecondsSince1970
            test.clock.advance(bySeconds: wait / 1_000_000 - left)
            tokens = try await test.service.refresh(tokens.refresh)
            #expect(tokens.accessSeconds == seconds)
            let claims = try #require(try await test.claims(of: tokens.access))
            #expect(claims.expiresAt == test.clock.now.advanced(bySeconds: seconds))
            #expect(claims.expiresAt <= end)
        }
    }

    @Test(arguments: [0, 1, 29])
    func `the token before the current one gets the current one again for a while`(
        _ seconds: Int64
    ) async throws {
        let test = TestService()
        let tokens = try await test.logIn()
        let next = await refresh(test, tokens.refresh)
        test.clock.advance(bySeconds: seconds)
        #expect(await refresh(test, tokens.refresh) == next)
        #expect(await refresh(test, tokens.refresh) == next)
        #expect(test.observer.record.users == [])
    }

    @Test(arguments: ["late", "older", "future"])
    func `a token of another time ends the session`(_ which: String) async throws {
        let test = TestService()
        let tokens = try await test.logIn()
        let second = await refresh(test, tokens.refresh)
        var token = tokens.refresh
        switch which {
        case "late": test.clock.advance(bySeconds: 30)
        case "older": _ = await refresh(test, second)
        default: token = "\(tokens.session.uuid)/99"
        }
        #expect(await refresh(test, token) == "refreshTokenReused")
        #expect(test.repository.inspect { $0.logins.isEmpty })
        #expect(test.observer.record.users == [tokens.user])
        #expect(test.events.events.last == .refreshTokenReused(tokens.user, tokens.session))
        #expect(await refresh(test, second) == "invalidRefreshToken")
    }

    @Test(arguments: [
        "foreign", "empty", "ended", "run out", "disabled", "deleted", "another session",
    ])
    func `a token of no session is none`(_ which: String) async throws {
        let test = TestService()
        let tokens = try await test.logIn()
        var token = tokens.refresh
        switch which {
        case "foreign": token = "ur1_AAAA"
        case "empty": token = ""
        case "ended": try await test.service.logOut(tokens.session)
        case "run out": test.clock.advance(bySeconds: 14 * 86_400)
        case "disabled":
            test.repository.inspect {
                $0.members[tokens.user]?.account = .sample(status: .disabled)
            }
        case "deleted": test.repository.inspect { $0.members[tokens.user] = nil }
        default: token = "\(tokens.user.uuid)/1"
        }
        #expect(await refresh(test, token) == "invalidRefreshToken")
        #expect(
            !test.events.events.contains {
                if case .refreshTokenReused = $0 { true } else { false }
            })
    }

    @Test func `a session ends after ninety days, however often it is refreshed`() async throws {
        let test = TestService()
        var token = try await test.logIn().refresh
        for _ in 0..<8 {
            test.clock.advance(bySeconds: 11 * 86_400)
            token = await refresh(test, token)
            #expect(token.contains("/"))
        }
        test.clock.advance(bySeconds: 2 * 86_400)
        #expect(await refresh(test, token) == "invalidRefreshToken")
    }

    @Test(arguments: [true, false])
    func `logging out ends the session, by either token`(_ isByRefreshToken: Bool) async throws {
        let test = TestService()
        let tokens = try await test.logIn()
        let other = try await test.logIn()
        if isByRefreshToken {
            try await test.service.logOut(tokens.refresh)
            try await test.service.logOut(tokens.refresh)
        } else {
            try await test.service.logOut(tokens.session)
            try await test.service.logOut(tokens.session)
        }
        #expect(test.repository.inspect { Array($0.logins.keys) } == [other.session])
        #expect(test.observer.record.users == [tokens.user])
        #expect(test.events.events.last == .sessionsEnded(tokens.user))
        #expect(test.events.events.count == 3)
    }

    @Test func `an old refresh token logs out, too, and a foreign one is ignored`() async throws {
        let test = TestService()
        let tokens = try await test.logIn()
        _ = await refresh(test, tokens.refresh)
        try await test.service.logOut("rubbish")
        #expect(test.repository.inspect { $0.logins.count } == 1)
        try await test.service.logOut(tokens.refresh)
        #expect(test.repository.inspect { $0.logins.isEmpty })
    }

    @Test func `sessions are listed the latest first, and those that ran out are not`()
        async throws
    {
        let test = TestService([.sample(), .sample(2)])
        let first = try await test.logIn()
        test.clock.advance(bySeconds: 60)
        let second = try await test.logIn()
        _ = try await test.logIn(Account.sample(2).email)
        #expect(
            try await test.service.sessions(of: first.user).map(\.id)
                == [second.session, first.session])
        test.clock.advance(bySeconds: 14 * 86_400 - 60)
        #expect(try await test.service.sessions(of: first.user).map(\.id) == [second.session])
    }

    @Test func `a session is ended by its user's name only`() async throws {
        let test = TestService([.sample(), .sample(2)])
        let tokens = try await test.logIn()
        let other = Account.sample(2).id
        #expect(
            await outcomeOf { () async throws(AuthenticationError) in
                try await test.service.end(tokens.session, of: other)
            } == "sessionNotFound")
        #expect(test.observer.record.users == [])
        try await test.service.end(tokens.session, of: tokens.user)
        #expect(test.observer.record.users == [tokens.user])
        #expect(test.events.events.last == .sessionsEnded(tokens.user))
    }

    @Test(arguments: [true, false])
    func `all sessions of a user end, or all but one, and nobody else's`(
        _ isOneKept: Bool
    ) async throws {
        let test = TestService([.sample(), .sample(2)])
        let kept = try await test.logIn()
        _ = try await test.logIn()
        let other = try await test.logIn(Account.sample(2).email)
        try await test.service.endSessions(
            of: kept.user, but: isOneKept ? kept.session : nil)
        let left = test.repository.inspect { Set($0.logins.keys) }
        #expect(left == (isOneKept ? [kept.session, other.session] : [other.session]))
        #expect(test.observer.record.users == [kept.user])
    }

    @Test func `there are no sessions of a user who is not there`() async {
        let test = TestService([])
        let (user, session) = (Account.sample().id, SessionID(Account.sample().id.uuid))
        let outcomes = [
            await outcomeOf { () async throws(AuthenticationError) in
                _ = try await test.service.sessions(of: user)
            },
            await outcomeOf { () async throws(AuthenticationError) in
                try await test.service.end(session, of: user)
            },
            await outcomeOf { () async throws(AuthenticationError) in
                try await test.service.endSessions(of: user, but: nil)
            },
        ]
        #expect(outcomes == ["notFound", "notFound", "notFound"])
    }
}
