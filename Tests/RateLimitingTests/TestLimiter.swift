import Ambient
import HTTP
import PrometheusMetrics
import RateLimiting
import Synchronization

/// A clock that stands still until it is moved.
final class ManualClock: Sendable {
    private let time = Mutex(MonotonicTime.now)

    var now: MonotonicTime { time.withLock { $0 } }

    func advance(by duration: Duration) { time.withLock { $0 += duration } }
}

/// A number that threads add to.
final class Counter: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .relaxed) }

    func add() { count.wrappingAdd(1, ordering: .relaxed) }
}

extension RateLimiter {
    /// A limiter whose clock stands still unless one is given.
    static func test(
        requestCount: Int, windowSeconds: Int = 60, clock: ManualClock = ManualClock(),
        notice: SharedQuotaNotice = SharedQuotaNotice {},
        metrics: MetricsRegistry = MetricsRegistry(loopCount: 1)
    ) -> RateLimiter {
        RateLimiter(
            RateLimitPolicy(
                .loginIP, RateLimit(requestCount: requestCount, windowSeconds: windowSeconds)),
            notice: notice, metrics: RateLimitMetrics(in: metrics), now: { clock.now })
    }
}

extension RateLimiter {
    /// Whether a request of a client is admitted, which is counted then.
    func isAdmitting(_ client: ClientAddress) -> Bool {
        decideAtOnce(.network(of: client))?.isAdmitted == true
    }
}

/// Quotas of several processes, which decide what they are told to.
final class TestQuotas: SharedRateLimits {
    private let state = Mutex<(answer: RateLimitDecision?, asked: [RateLimitKey])>((nil, []))

    /// What is decided; nil for no answer.
    var answer: RateLimitDecision? {
        get { state.withLock { $0.answer } }
        set { state.withLock { $0.answer = newValue } }
    }

    /// Who was asked about.
    var asked: [RateLimitKey] { state.withLock { $0.asked } }

    func decide(
        _ key: RateLimitKey, under policy: RateLimitPolicy
    ) async -> RateLimitDecision? {
        state.withLock {
            $0.asked.append(key)
            return $0.answer
        }
    }
}
