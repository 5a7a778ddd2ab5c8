import Ambient
import Authentication
import AuthenticationTesting
import Testing
import Users

@Suite("Logging in")
struct LoginTests {
    @Test func `the right password brings tokens of a new session`() async throws {
        let test = TestService()
        test.repository.inspect { $0.members[Account.sample().id]?.epoch = 7 }
        let tokens = try await test.logIn()
        #expect(tokens.accessSeconds == 600 && tokens.user == Account.sample().id)
        #expect(tokens.refresh == "\(tokens.session.uuid)/1")
        #expect(
            try await test.claims(of: tokens.access)
                == TokenClaims(
                    user: Account.sample().id, session: tokens.session, epoch: 7,
                    expiresAt: test.clock.now.advanced(bySeconds: 600)))
        let sessions = try await test.service.sessions(of: tokens.user)
        #expect(
            sessions == [
                Session(
                    id: tokens.session, createdAt: test.clock.now, refreshedAt: test.clock.now,
                    expiresAt: test.clock.now.advanced(bySeconds: 14 * 86_400),
                    client: ClientDetails(address: "192.0.2.1", userAgent: "test"))
            ])
        #expect(test.events.events == [.loggedIn(tokens.user, tokens.session)])
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var account = Account.sample()
        var email = Account.sample().email
        var password = Account.samplePassword
        let outcome: String
        let event: AuthenticationEvent
        /// What the password is compared with.
        var hash: String? = "hash of \(Account.samplePassword)"
    }

    static let refusals = [
        Case(
            testDescription: "a wrong password", password: "wrong", outcome: "invalidCredentials",
            event: .loginFailed(Account.sample().id)),
        Case(
            testDescription: "an unknown address", email: Account.sample(2).email,
            outcome: "invalidCredentials", event: .loginFailed(nil), hash: nil),
        Case(
            testDescription: "disabled, the right password", account: .sample(status: .disabled),
            outcome: "accountDisabled", event: .loginRefused(Account.sample().id)),
        Case(
            testDescription: "disabled, a wrong password", account: .sample(status: .disabled),
            password: "wrong", outcome: "invalidCredentials",
            event: .loginFailed(Account.sample().id)),
        Case(
            testDescription: "no password is set", account: .sample(hash: nil),
            outcome: "invalidCredentials", event: .loginFailed(Account.sample().id), hash: nil),
        Case(
            testDescription: "nothing is typed", account: .sample(hash: "hash of "), password: "",
            outcome: "invalidCredentials", event: .loginFailed(Account.sample().id), hash: nil),
        Case(
            testDescription: "too much is typed", account: .sample(hash: "hash of "),
            password: String(repeating: "a", count: 5_000), outcome: "invalidCredentials",
            event: .loginFailed(Account.sample().id), hash: nil),
    ]

    @Test(arguments: refusals)
    func `a refusal takes exactly one check, and begins nothing`(_ given: Case) async {
        let test = TestService([given.account])
        let outcome = await outcomeOf { () async throws(AuthenticationError) in
            _ = try await test.logIn(given.email, given.password)
        }
        #expect(outcome == given.outcome)
        #expect(test.checker.record.checks == [given.hash])
        #expect(test.checker.record.hashCount == 0)
        #expect(test.events.events == [given.event])
        #expect(test.repository.callCount("begin") == 0)
    }

    @Test func `an outdated hash is made anew after the login`() async throws {
        let test = TestService([.sample(hash: "old hash of \(Account.samplePassword)")])
        _ = try await test.logIn()
        let hash = test.repository.inspect {
            $0.members[Account.sample().id]?.account.passwordHash
        }
        #expect(hash == "hash of \(Account.samplePassword)")
        #expect(test.checker.record.checks.count == 1 && test.checker.record.hashCount == 1)
        _ = try await test.logIn()
        #expect(test.checker.record.hashCount == 1)
    }

    @Test func `a hash that cannot be made anew is no matter`() async throws {
        let test = TestService([.sample(hash: "old hash of \(Account.samplePassword)")])
        test.repository.inspect { $0.errors["replaceHash"] = .outcomeUnknown(cause: nil) }
        _ = try await test.logIn()
        #expect(test.checker.record.hashCount == 1)
    }

    @Test(
        arguments: [
            ("another password", "invalidCredentials", 1), ("disabled", "accountDisabled", 0),
            ("deleted", "invalidCredentials", 1),
        ])
    func `who is changed during the check does not get in`(
        _ change: String, _ outcome: String, _ failureCount: Int64
    ) async {
        let test = TestService()
        test.repository.inspect { state in
            state.beforeBegin = { state in
                let account = Account.sample()
                switch change {
                case "disabled":
                    state.members[account.id]?.account = .sample(status: .disabled)
                case "deleted": state.members[account.id] = nil
                default:
                    state.members[account.id]?.account = account.with(passwordHash: "hash of x")
                }
            }
        }
        #expect(await test.outcome() == outcome)
        #expect(test.repository.inspect { $0.logins.isEmpty })
        #expect(test.failureCount == failureCount)
        let user = Account.sample().id
        let event: AuthenticationEvent =
            change == "disabled"
            ? .loginRefused(user) : .loginFailed(change == "deleted" ? nil : user)
        #expect(test.events.events == [event])
    }

    @Test func `whose hash is made anew by another login gets in`() async throws {
        let test = TestService([.sample(hash: "old hash of \(Account.samplePassword)")])
        test.repository.inspect { state in
            state.beforeBegin = { state in
                let account = Account.sample()
                state.members[account.id]?.account = account.with(
                    passwordHash: "hash of \(Account.samplePassword)")
            }
        }
        _ = try await test.logIn()
        #expect(test.checker.record.checks.count == 2 && test.checker.record.hashCount == 0)
    }

    @Test func `a right password does not count if the session cannot begin`() async {
        let test = TestService()
        test.repository.inspect {
            $0.errors["begin"] = .unavailable(.storageAway, cause: nil)
        }
        _ = await test.outcome()
        #expect(test.failureCount == 0)
    }

    @Test func `an address is told by its key`() async throws {
        let test = TestService()
        let email = EmailAddress(trusted: "ADA.1@example.COM", key: "ada.1@example.com")
        #expect(try await test.logIn(email).user == Account.sample().id)
    }

    @Test(arguments: [("account", 1), ("begin", 1), ("admit", 0)])
    func `what fails with the storage fails the login`(_ function: String, withdrawals: Int) async {
        let test = TestService()
        test.repository.inspect {
            $0.errors[function] = .unavailable(.storageAway, cause: nil)
        }
        #expect(await test.outcome() == "unavailable storageAway")
        #expect(test.repository.callCount("withdraw") == withdrawals)
    }

    @Test func `nothing is counted while no key can be had`() async {
        let test = TestService()
        test.mint.fail(with: .unavailable(.storageAway, cause: nil))
        #expect(await test.outcome() == "unavailable storageAway")
        #expect(test.repository.callCount("admit") == 0)
    }
}
