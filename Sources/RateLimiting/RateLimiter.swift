package import Ambient
package import HTTP
import Synchronization

/// Counts the requests of each client under one policy; all loops share it, from any thread.
///
/// A decision holds a lock for as long as it takes to look at one group of slots.
package final class RateLimiter: Sendable {
    /// What it admits.
    package let policy: RateLimitPolicy
    /// What is told when the clients behind a proxy cannot be told apart.
    let notice: SharedQuotaNotice
    /// Where requests beyond the quota are counted.
    let metrics: RateLimitMetrics
    private let now: @Sendable () -> MonotonicTime
    private let start: MonotonicTime
    private let meters: Mutex<NetworkMeters>

    /// Makes a limiter that has counted nothing yet.
    ///
    /// - Parameters:
    ///   - notice: Told when many clients seem to share one quota.
    ///   - metrics: Where requests beyond the quota are counted.
    ///   - now: The clock.
    package init(
        _ policy: RateLimitPolicy, notice: SharedQuotaNotice, metrics: RateLimitMetrics,
        now: @escaping @Sendable () -> MonotonicTime = { .now }
    ) {
        self.policy = policy
        self.notice = notice
        self.metrics = metrics
        self.now = now
        start = now()
        meters = Mutex(NetworkMeters(policy.limit))
    }

    /// Decides on a request of a client, whose ``ClientAddress/network`` is what is limited.
    package func decide(_ client: ClientAddress) -> RateLimitDecision {
        let time = now() - start
        return meters.withLock { $0.decide(client, at: time) }
    }
}
