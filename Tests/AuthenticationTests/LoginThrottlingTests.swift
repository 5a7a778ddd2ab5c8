import Ambient
import Authentication
import AuthenticationTesting
import Synchronization
import Testing
import Users

@Suite("Logging in too often")
struct LoginThrottlingTests {
    @Test(arguments: [Account.sample().email, Account.sample(2).email])
    func `whoever fails often waits, whether or not the address is somebody's`(
        _ email: EmailAddress
    ) async {
        let test = TestService()
        func attempt() async -> String {
            await outcomeOf { () async throws(AuthenticationError) in
                _ = try await test.logIn(email, "wrong")
            }
        }
        for _ in 0..<5 { #expect(await attempt() == "invalidCredentials") }
        var waits: [String] = []
        for seconds: Int64 in [30, 60, 120, 240, 480, 900, 900] {
            waits.append(await attempt())
            test.clock.advance(bySeconds: seconds - 1)
            #expect(await attempt() == "throttled 1")
            test.clock.advance(bySeconds: 1)
            #expect(await attempt() == "invalidCredentials")
        }
        #expect(
            waits == [30, 60, 120, 240, 480, 900, 900].map { "throttled \($0)" })
        #expect(test.checker.record.checks.count == 12)
        #expect(test.events.events.count { $0 == .loginThrottled } == 14)
    }

    @Test func `the right password does not help while there is a wait`() async {
        let test = TestService()
        for _ in 0..<5 { _ = await test.outcome("wrong") }
        #expect(await test.outcome() == "throttled 30")
        #expect(test.checker.record.checks.count == 5)
        test.clock.advance(bySeconds: 30)
        #expect(await test.outcome() == "done")
        #expect(test.failureCount == 0)
    }

    @Test func `failures are forgotten after the window, and not before`() async {
        let test = TestService()
        for _ in 0..<4 { _ = await test.outcome("wrong") }
        test.clock.advance(bySeconds: 299)
        _ = await test.outcome("wrong")
        #expect(test.failureCount == 5)
        test.clock.advance(bySeconds: 30 + 300)
        _ = await test.outcome("wrong")
        #expect(test.failureCount == 1)
    }

    @Test func `a stranger does not lock out a network that has logged in`() async {
        let test = TestService()
        #expect(await test.outcome(network: TestService.home) == "done")
        for _ in 0..<5 { _ = await test.outcome("wrong", network: TestService.away) }
        #expect(await test.outcome(network: TestService.away) == "throttled 30")
        #expect(await test.outcome(network: TestService.home) == "done")
        #expect(await test.outcome(network: TestService.away) == "throttled 30")
        for _ in 0..<5 { _ = await test.outcome("wrong", network: TestService.home) }
        #expect(await test.outcome(network: TestService.home) == "throttled 30")
        test.clock.advance(bySeconds: 30 * 86_400)
        for _ in 0..<5 { _ = await test.outcome("wrong", network: TestService.away) }
        #expect(await test.outcome(network: TestService.home) == "throttled 30")
    }

    @Test func `many failures at once are no more than one after the other`() async {
        let test = TestService()
        let outcomes = await withTaskGroup { group in
            for _ in 0..<40 { group.addTask { await test.outcome("wrong") } }
            return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        #expect(outcomes == ["invalidCredentials": 5, "throttled 30": 35])
        #expect(test.checker.record.checks.count == 5)
    }

    @Test(arguments: [
        UserError.unavailable(.overloaded, cause: nil), .unavailable(.storageAway, cause: nil),
    ])
    func `an attempt that was not checked does not count`(_ error: UserError) async {
        let test = TestService()
        test.checker.inspect { $0.error = error }
        for _ in 0..<20 { #expect(await test.outcome().hasPrefix("unavailable")) }
        #expect(test.failureCount == 0)
        test.checker.inspect { $0.error = nil }
        #expect(await test.outcome() == "done")
    }

    @Test func `the right password of a disabled user does not count`() async {
        let test = TestService([.sample(status: .disabled)])
        for _ in 0..<20 { #expect(await test.outcome() == "accountDisabled") }
        #expect(test.failureCount == 0)
    }

    @Test func `an attempt that cannot be taken back counts`() async {
        let test = TestService([.sample(status: .disabled)])
        test.repository.inspect { $0.errors["withdraw"] = .outcomeUnknown(cause: nil) }
        #expect(await test.outcome() == "accountDisabled")
        #expect(test.failureCount == 1)
    }

    @Test func `nothing is counted without a throttle`() async {
        let test = TestService(throttle: nil)
        for _ in 0..<50 { #expect(await test.outcome("wrong") == "invalidCredentials") }
        #expect(await test.outcome() == "done")
        #expect(test.repository.callCount("admit") == 0)
        #expect(test.failureCount == 0)
    }

    @Test func `how the budget stands is told before the outcome, whatever it is`() async {
        let test = TestService()
        let budgets = Mutex<[LoginBudget]>([])
        for password in ["wrong", "wrong", "wrong", "wrong", "wrong", "wrong"] {
            _ = await outcomeOf { () async throws(AuthenticationError) in
                _ = try await test.logIn(Account.sample().email, password) { budget in
                    budgets.withLock { $0.append(budget) }
                }
            }
            test.clock.advance(bySeconds: 1)
        }
        let told = budgets.withLock { $0 }
        #expect(told.map(\.remaining) == [4, 3, 2, 1, 0, 0])
        #expect(told.map(\.resetSeconds) == [300, 300, 300, 300, 330, 329])
        #expect(told.allSatisfy { $0.quota == 5 && $0.windowSeconds == 300 })
    }
}
