import Ambient
import Synchronization
import Testing

@testable import Reactor

@Suite("When a loop yields")
struct YieldPolicyTests {
    let start = MonotonicTime.now
    var longestEnd: MonotonicTime { start.advanced(by: YieldPolicy.durationMax) }

    @Test func `after a short yield the next one may follow at once`() {
        var policy = YieldPolicy(now: start)
        #expect(policy.allowsYield(at: start))
        policy.yielded(from: start, until: longestEnd)
        #expect(policy.allowsYield(at: longestEnd))
    }

    @Test func `after a longer one there is none until the rest is over`() {
        var policy = YieldPolicy(now: start)
        let end = longestEnd.advanced(by: .nanoseconds(1))
        policy.yielded(from: start, until: end)
        #expect(!policy.allowsYield(at: end))
        let resumption = end.advanced(by: YieldPolicy.rest)
        #expect(!policy.allowsYield(at: resumption.advanced(by: .nanoseconds(-1))))
        #expect(policy.allowsYield(at: resumption))
    }

    @Test func `a short one does not end the rest`() {
        var policy = YieldPolicy(now: start)
        policy.yielded(from: start, until: longestEnd.advanced(by: .nanoseconds(1)))
        let resting = policy
        policy.yielded(from: start, until: longestEnd)
        #expect(policy == resting)
    }

    @Test func `a loop notes how long it yielded`() async throws {
        let time = Mutex(start)
        // Each time it is asked for the time, more has passed than a short yield takes.
        let step = YieldPolicy.durationMax + .nanoseconds(1)
        let loop = try EventLoop(clock: {
            time.withLock { now in
                now = now.advanced(by: step)
                return now
            }
        })
        let before = loop.yieldPolicy
        try loop.start()
        await loop.run { _ in }
        loop.stop()
        #expect(loop.yieldPolicy != before)
    }
}
