import Ambient
import Authentication
import AuthenticationTesting
import Testing
import Users
import UsersTesting

@Suite("Setting passwords")
struct PasswordTests {
    private static let new = "eleven loud herons sing"
    private static let own = Caller.authenticated(Account.sample().id, [])
    private static let ownWriter = Caller.authenticated(Account.sample().id, .usersWrite)
    private static let writer = Caller.authenticated(Account.sample(2).id, .usersWrite)

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let caller: Caller
        var current: String?
        var account = Account.sample()
        /// What the user's own roles allow.
        var permissions: PermissionSet = []
        var password = new
        let outcome: String
        /// How often a password is checked.
        var checkCount = 0
    }

    static let cases = [
        Case(
            testDescription: "his own, with the current one", caller: own,
            current: Account.samplePassword, outcome: "done", checkCount: 1),
        Case(
            testDescription: "his own, without", caller: own,
            outcome: "/current_password required"),
        Case(
            testDescription: "his own, with a wrong one", caller: own, current: "wrong",
            outcome: "wrongCurrentPassword", checkCount: 1),
        Case(
            testDescription: "his own, with an empty one", caller: own, current: "",
            account: .sample(hash: "hash of "), outcome: "wrongCurrentPassword", checkCount: 1),
        Case(
            testDescription: "his own, who has none", caller: own, current: "any",
            account: .sample(hash: nil), outcome: "wrongCurrentPassword", checkCount: 1),
        Case(
            testDescription: "his own, holding users:write", caller: ownWriter,
            permissions: .all, outcome: "done"),
        Case(
            testDescription: "his own, holding users:write, with a wrong one", caller: ownWriter,
            current: "wrong", outcome: "wrongCurrentPassword", checkCount: 1),
        Case(testDescription: "somebody's, holding users:write", caller: writer, outcome: "done"),
        Case(
            testDescription: "somebody's of the same rank", caller: writer,
            permissions: .usersWrite, outcome: "done"),
        Case(
            testDescription: "somebody's who holds more", caller: writer,
            permissions: .rolesWrite, outcome: "outranked"),
        Case(
            testDescription: "an administrator's, by another one", caller: .administrator,
            permissions: .all, outcome: "done"),
        Case(
            testDescription: "one with the address in it", caller: writer,
            password: "it is ada.1 who sings", outcome: "/password password_contains_email"),
        Case(
            testDescription: "nobody's", caller: .authenticated(Account.sample(2).id, .all),
            account: .sample(3), outcome: "notFound"),
    ]

    @Test(arguments: cases)
    func `who may set it sets it`(_ given: Case) async throws {
        let test = TestService([])
        test.repository.add(given.account, given.permissions)
        let password = try Password(parsing: given.password, under: PasswordPolicy())
        let outcome = await outcomeOf { () async throws(AuthenticationError) in
            try await test.service.setPassword(
                of: Account.sample().id, to: password,
                current: given.current.map(PasswordCandidate.init), keeping: nil,
                hasher: FakeHasher(), network: [], as: given.caller, tell: { _ in })
        }
        #expect(outcome == given.outcome)
        #expect(test.checker.record.checks.count == given.checkCount)
        let isSet = given.outcome == "done"
        let hash = test.repository.inspect { $0.members[given.account.id]?.account.passwordHash }
        #expect(hash == (isSet ? "hash of \(given.password)" : given.account.passwordHash))
        #expect(test.observer.record.users == (isSet ? [Account.sample().id] : []))
        let isWrong = given.outcome == "wrongCurrentPassword"
        #expect(
            test.events.events
                == (isSet
                    ? [.passwordChanged(Account.sample().id)]
                    : isWrong ? [.currentPasswordWrong(given.account.id)] : []))
    }

    @Test func `the session that sets it goes on, and no other`() async throws {
        let test = TestService()
        let kept = try await test.logIn()
        _ = try await test.logIn()
        try await test.service.setPassword(
            of: kept.user, to: try Password(parsing: Self.new, under: PasswordPolicy()),
            current: PasswordCandidate(Account.samplePassword), keeping: kept.session,
            hasher: FakeHasher(), network: [], as: Self.own, tell: { _ in })
        #expect(test.repository.inspect { Array($0.logins.keys) } == [kept.session])
        #expect(test.events.tallies.last == .sessionsEnded(1, .passwordChanged))
        #expect(test.failureCount == 0)
    }

    @Test func `guessing the current one is counted as at a login`() async throws {
        let test = TestService()
        let user = Account.sample().id
        for _ in 0..<5 {
            #expect(try await test.service.isPassword("wrong", of: user) == false)
        }
        #expect(
            await outcomeOf { () async throws(AuthenticationError) in
                do throws(UserError) {
                    _ = try await test.service.isPassword(Account.samplePassword, of: user)
                } catch {
                    throw .failed(error)
                }
            } == "throttled 30")
        #expect(await test.outcome() == "throttled 30")
        test.clock.advance(bySeconds: 30)
        #expect(try await test.service.isPassword(Account.samplePassword, of: user))
        #expect(test.failureCount == 5)
    }

    @Test func `a lockout is cleared, of every network`() async throws {
        let test = TestService()
        _ = try await test.logIn()
        for network in [TestService.home, TestService.away] {
            for _ in 0..<5 { _ = await test.outcome("wrong", network: network) }
            #expect(await test.outcome(network: network) == "throttled 30")
        }
        try await test.service.clearLockout(of: Account.sample().id)
        #expect(test.events.events.last == .lockoutCleared(Account.sample().id))
        #expect(await test.outcome(network: TestService.away) == "done")
        #expect(await test.outcome(network: TestService.home) == "done")
        #expect(
            await outcomeOf { () async throws(AuthenticationError) in
                try await test.service.clearLockout(of: Account.sample(2).id)
            } == "notFound")
    }
}
