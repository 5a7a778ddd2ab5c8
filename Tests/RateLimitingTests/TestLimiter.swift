import Ambient
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
