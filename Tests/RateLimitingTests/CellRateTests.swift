import Ambient
import Testing

@testable import RateLimiting

@Suite("The cell rate of one client")
struct CellRateTests {
    /// Requests at times in seconds, and what is decided on the last.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var limit = RateLimit(requestCount: 3, windowSeconds: 60)
        let times: [Double]
        let expected: RateLimitDecision
    }

    private static func admitted(_ remaining: Int, _ seconds: Int) -> RateLimitDecision {
        .admitted(RateLimitStanding(remaining: remaining, secondsUntilRestored: seconds))
    }

    private static func refused(_ seconds: Int, retryAfter: Int) -> RateLimitDecision {
        .refused(
            RateLimitStanding(remaining: 0, secondsUntilRestored: seconds),
            retryAfterSeconds: retryAfter)
    }

    private static let cases: [Case] = [
        Case(testDescription: "the first request", times: [0], expected: admitted(2, 20)),
        Case(testDescription: "the last of a burst", times: [0, 0, 0], expected: admitted(0, 60)),
        Case(
            testDescription: "one beyond a burst", times: [0, 0, 0, 0],
            expected: refused(60, retryAfter: 20)),
        Case(
            testDescription: "many beyond cost nothing", times: [0, 0, 0, 0, 0, 0, 0, 20],
            expected: admitted(0, 60)),
        Case(
            testDescription: "a moment too early", times: [0, 0, 0, 19.999_999],
            expected: refused(41, retryAfter: 1)),
        Case(
            testDescription: "seconds are rounded up", times: [0, 0, 0, 0.5],
            expected: refused(60, retryAfter: 20)),
        Case(
            testDescription: "as soon as one is made good", times: [0, 0, 0, 20],
            expected: admitted(0, 60)),
        Case(
            testDescription: "one is made good, no second one", times: [0, 0, 0, 20, 20],
            expected: refused(60, retryAfter: 20)),
        Case(
            testDescription: "the whole quota after a window", times: [0, 0, 0, 60, 60, 60],
            expected: admitted(0, 60)),
        Case(
            testDescription: "no more than the quota after a long time",
            times: [0, 0, 0, 1_000_000, 1_000_000, 1_000_000, 1_000_000],
            expected: refused(60, retryAfter: 20)),
        Case(
            testDescription: "a clock that goes back gives nothing",
            times: [100, 100, 100, 90, 80, 0], expected: refused(160, retryAfter: 120)),
        Case(
            testDescription: "a quota of one", limit: RateLimit(requestCount: 1, windowSeconds: 1),
            times: [0, 0.999_999_999], expected: refused(1, retryAfter: 1)),
        Case(
            testDescription: "a third of a second is no rounded number",
            limit: RateLimit(requestCount: 3, windowSeconds: 1), times: [0, 0, 0, 1, 1, 1],
            expected: admitted(0, 1)),
        Case(
            testDescription: "the largest quota in the shortest window",
            limit: RateLimit(requestCount: 1_000_000_000, windowSeconds: 1), times: [0],
            expected: admitted(999_999_999, 1)),
        Case(
            testDescription: "the largest quota in the longest window, after a hundred years",
            limit: RateLimit(requestCount: 1_000_000_000, windowSeconds: 86_400),
            times: [0, 3_155_760_000], expected: admitted(999_999_999, 1)),
        Case(
            testDescription: "the smallest quota in the longest window",
            limit: RateLimit(requestCount: 1, windowSeconds: 86_400), times: [0, 1],
            expected: refused(86_399, retryAfter: 86_399)),
    ]

    @Test(arguments: cases)
    func decisions(_ given: Case) {
        let rate = CellRate(given.limit)
        var wholeAt: CellRate.Ticks = 0
        var last: RateLimitDecision?
        for time in given.times {
            last = rate.decide(&wholeAt, now: rate.ticks(of: .seconds(time)))
        }
        #expect(last == given.expected)
    }

    @Test(arguments: 0..<50)
    func `whoever is told to wait is admitted then, and not a second before`(_ seed: Int) {
        let random = Entropy.seeded(UInt64(seed))
        let limit = RateLimit(
            requestCount: Int(random.next() % 40) + 1, windowSeconds: Int(random.next() % 200) + 1)
        let rate = CellRate(limit)
        var wholeAt: CellRate.Ticks = 0
        var now = Duration.zero
        for _ in 0..<500 {
            now += .milliseconds(Int(random.next() % 4000))
            let before = wholeAt
            guard
                case .refused(let standing, let wait) = rate.decide(
                    &wholeAt, now: rate.ticks(of: now))
            else { continue }
            #expect(standing.remaining == 0 && wholeAt == before && wait >= 1)
            for (seconds, isAdmitted) in [(wait, true), (wait - 1, false)] {
                var copy = wholeAt
                let later = rate.ticks(of: now + .seconds(seconds))
                #expect(rate.decide(&copy, now: later).isAdmitted == isAdmitted)
            }
        }
    }

    /// The oracle is another way to think of it, in small whole numbers: a bucket into which the
    /// quota's number falls each millisecond, and a request takes a window's milliseconds out.
    @Test(arguments: 0..<50)
    func `it decides as a bucket does that is filled up bit by bit`(_ seed: Int) {
        let random = Entropy.seeded(UInt64(seed))
        let quota = Int(random.next() % 12) + 1
        let window = Int(random.next() % 20) + 1
        let rate = CellRate(RateLimit(requestCount: quota, windowSeconds: window))
        let price = window * 1000
        var level = quota * price
        var milliseconds = 0
        var wholeAt: CellRate.Ticks = 0
        for _ in 0..<1000 {
            let step = random.next() % 3 == 0 ? 0 : Int(random.next() % 3000)
            for _ in 0..<step { level = min(level + quota, quota * price) }
            milliseconds += step
            let isAdmitted = level >= price
            if isAdmitted { level -= price }
            let decision = rate.decide(
                &wholeAt, now: rate.ticks(of: .milliseconds(milliseconds)))
            let missing = quota * price - level
            #expect(decision.isAdmitted == isAdmitted)
            #expect(decision.standing.remaining == level / price)
            #expect(
                decision.standing.secondsUntilRestored
                    == (missing + quota * 1000 - 1) / (quota * 1000))
        }
    }
}

extension RateLimitDecision {
    var isAdmitted: Bool {
        switch self {
        case .admitted: true
        case .refused: false
        }
    }
}
