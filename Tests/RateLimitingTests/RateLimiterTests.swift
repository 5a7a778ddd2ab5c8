import Ambient
import HTTP
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
                        if limiter.decide(ClientAddress(v4: 1)).isAdmitted {
                            admitted.add()
                        }
                        if isCrowded {
                            let other = UInt32(2 + task * 1000 + index)
                            _ = limiter.decide(ClientAddress(v4: other))
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
        #expect(limiter.decide(client).isAdmitted && !limiter.decide(client).isAdmitted)
        clock.advance(by: .milliseconds(9_999))
        #expect(!limiter.decide(client).isAdmitted)
        clock.advance(by: .milliseconds(1))
        #expect(limiter.decide(client).isAdmitted)
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
