import Authentication
import AuthenticationTesting
import Testing
import Users

@Suite("What logins and sessions count")
struct TallyTests {
    @Test func `a login counts, and so does its session`() async throws {
        let test = TestService()
        _ = try await test.logIn()
        #expect(test.events.tallies == [.sessionBegan, .login(.succeeded)])
    }

    @Test(
        arguments: [
            ("wrong password", LoginOutcome.invalidCredentials),
            ("disabled", .accountDisabled), ("throttled", .throttled),
            ("database away", .unavailable), ("passwords queue", .unavailable),
            ("changed meanwhile", .invalidCredentials),
        ])
    func `a login that fails counts once, by its reason`(
        _ reason: String, _ outcome: LoginOutcome
    ) async {
        let test = TestService(
            [reason == "disabled" ? .sample(status: .disabled) : .sample()],
            throttle: LoginThrottle(failureCountMax: 1, windowSeconds: 300))
        switch reason {
        case "throttled": _ = await test.outcome("wrong")
        case "database away":
            test.repository.inspect {
                $0.errors["account"] = .unavailable(.storageAway, cause: nil)
            }
        case "passwords queue":
            test.checker.inspect { $0.error = .unavailable(.overloaded, cause: nil) }
        case "changed meanwhile":
            // Each time the session is to begin, the password has another hash again.
            test.repository.inspect { state in
                state.beforeBegin = { state in
                    let account = Account.sample()
                    let old = state.members[account.id]?.account.passwordHash == "hash of x"
                    state.members[account.id]?.account = account.with(
                        passwordHash: old ? "hash of y" : "hash of x")
                }
            }
        default: break
        }
        let before = test.events.tallies.count
        _ = await test.outcome(reason == "wrong password" ? "wrong" : Account.samplePassword)
        #expect(test.events.tallies.dropFirst(before) == [.login(outcome)])
    }

    @Test func `refreshes count by how they end, and reuse ends a session`() async throws {
        let test = TestService()
        let tokens = try await test.logIn()
        let before = test.events.tallies.count
        func refresh(_ token: String) async { _ = try? await test.service.refresh(token) }
        await refresh(tokens.refresh)
        await refresh("rubbish")
        await refresh("\(tokens.session.uuid)/99")
        test.repository.inspect { $0.errors["refresh"] = .unavailable(.storageAway, cause: nil) }
        await refresh(tokens.refresh)
        #expect(
            test.events.tallies.dropFirst(before) == [
                .refresh(.succeeded), .refresh(.invalidToken), .sessionsEnded(1, .tokenReused),
                .refresh(.reused), .refresh(.unavailable),
            ])
    }

    @Test func `sessions that end count by who ended them`() async throws {
        let test = TestService()
        var tokens: [IssuedTokens] = []
        for _ in 0..<5 { tokens.append(try await test.logIn()) }
        let (user, before) = (tokens[0].user, test.events.tallies.count)
        try await test.service.logOut(tokens[0].refresh)
        try await test.service.logOut(tokens[0].refresh)
        try await test.service.end(tokens[1].session, of: user)
        try await test.service.endSessions(of: user, but: tokens[2].session)
        #expect(
            test.events.tallies.dropFirst(before) == [
                .sessionsEnded(1, .loggedOut), .sessionsEnded(1, .revoked),
                .sessionsEnded(2, .revoked),
            ])
    }
}
