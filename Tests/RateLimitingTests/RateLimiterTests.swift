import Ambient
import HTTP
import PrometheusMetrics
import Testing

@testable import RateLimiting

@Suite("A limiter that many threads share")
struct RateLimiterTests {
    @Test(arguments: [false, true])
    func `together they are admitted exactly the quota`(isCrowded: Bool) async {
        let limiter = RateLimiter.test(requestCount: 1000)
        let admitted = Counter()
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<16 {
                group.addTask {
                    for index in 0..<1000 {
                        if limiter.local.decide(.network(of: ClientAddress(v4: 1))).isAdmitted {
                            admitted.add()
                        }
                        if isCrowded {
                            let other = UInt32(2 + task * 1000 + index)
                            _ = limiter.local.decide(.network(of: ClientAddress(v4: other)))
                        }
                    }
                }
            }
        }
        #expect(admitted.value == 1000)
    }

    @Test func `its clock decides`() {
        let clock = ManualClock()
        let limiter = RateLimiter.test(requestCount: 1, windowSeconds: 10, clock: clock)
        let client = ClientAddress(v4: 1)
        #expect(limiter.isAdmitting(client) && !limiter.isAdmitting(client))
        clock.advance(by: .milliseconds(9_999))
        #expect(!limiter.isAdmitting(client))
        clock.advance(by: .milliseconds(1))
        #expect(limiter.isAdmitting(client))
    }

    @Test func `a flood of addresses and of users takes bounded memory`() {
        let limiter = RateLimiter.test(requestCount: 600)
        for number in 0..<500_000 as Range<UInt32> {
            _ = limiter.local.decide(.network(of: ClientAddress(v4: number)))
            _ = limiter.local.decide(
                .network(of: ClientAddress(high: UInt64(number) << 32, low: 1)))
        }
        #expect(limiter.local.keyCount == LocalQuotas.keyCountMax)
        let ofUsers = RateLimiter.test(requestCount: 600)
        for number in 0..<200_000 as Range<UInt64> {
            _ = ofUsers.local.decide(.user(UUID(high: number, low: 0)))
        }
        #expect(ofUsers.local.keyCount == LocalQuotas.keyCountMax)
    }

    @Test func `what is shared decides while it answers, and the process meanwhile does not count`()
        async throws
    {
        let store = TestQuotas()
        let own = RateLimiter.test(requestCount: 2)
        let limiter = own.sharing(store)
        let key = RateLimitKey.user(UUID(high: 1, low: 2))
        #expect(limiter.decideAtOnce(key) == nil)
        let theirs = RateLimitDecision.refused(
            RateLimitStanding(remaining: 0, secondsUntilRestored: 7), retryAfterSeconds: 3)
        store.answer = theirs
        for _ in 0..<3 { #expect(await limiter.decide(key) == theirs) }
        #expect(store.asked == Array(repeating: key, count: 3))
        store.answer = nil
        for remaining in [1, 0] {
            #expect(await limiter.decide(key).standing.remaining == remaining)
        }
        #expect(await !limiter.decide(key).isAdmitted)
        #expect(store.asked.count == 6)
        store.answer = theirs
        #expect(await limiter.decide(key) == theirs)
        #expect(own.decideAtOnce(key)?.isAdmitted == false)
    }

    @Test func `what is shared knows no site, so the process bounds its networks all the same`()
        async
    {
        let store = TestQuotas()
        let limiter = RateLimiter.test(requestCount: 2).sharing(store)
        let whole = RateLimitStanding(remaining: 1, secondsUntilRestored: 30)
        store.answer = .admitted(whole)
        var admitted = 0
        for subnet in 0..<100 as Range<UInt64> {
            let network = ClientAddress(high: 0x2001_0db8_0001_0000 + subnet, low: 1)
            for remaining in [1, 0] {
                let decision = await limiter.decide(.network(of: network))
                guard decision.isAdmitted else { continue }
                admitted += 1
                // Whichever leaves the client less tells how much that is.
                #expect(decision.standing.remaining == remaining)
            }
        }
        #expect(admitted == (QuotaTable.slotsMax + 1) * 2)
        // Whom the process refuses is not asked about.
        #expect(store.asked.count == admitted)
    }

    @Test
    func `a network is refused by whichever refuses it, and counted once if only one answers`()
        async
    {
        let store = TestQuotas()
        let limiter = RateLimiter.test(requestCount: 2).sharing(store)
        let key = RateLimitKey.network(of: ClientAddress(high: 0x2001_0db8_0001_0000, low: 1))
        let theirs = RateLimitDecision.refused(
            RateLimitStanding(remaining: 0, secondsUntilRestored: 7), retryAfterSeconds: 3)
        store.answer = theirs
        #expect(await limiter.decide(key) == theirs)
        store.answer = nil
        #expect(await limiter.decide(key).standing.remaining == 0)
        #expect(await !limiter.decide(key).isAdmitted)
    }

    @Test func `a notice is given once, however many see it`() async {
        let count = Counter()
        let notice = SharedQuotaNotice { count.add() }
        #expect(count.value == 0)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<16 { group.addTask { notice.give() } }
        }
        #expect(count.value == 1)
    }
}
