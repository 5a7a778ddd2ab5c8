package import Ambient

/// Counts the requests of each client under one policy; from any thread.
///
/// The process counts by itself, unless the quotas are shared with others: then it does while they
/// cannot be asked, and beside them where it bounds more than a client: the networks of a site.
package final class RateLimiter: Sendable {
    /// What it admits.
    package let policy: RateLimitPolicy
    /// What is told when the clients behind a proxy cannot be told apart; nil if they always can.
    let notice: SharedQuotaNotice?
    /// Where requests beyond the quota are counted.
    let metrics: RateLimitMetrics
    let local: LocalQuotas
    private let shared: (any SharedRateLimits)?

    /// Makes a limiter that has counted nothing yet.
    ///
    /// - Parameters:
    ///   - notice: Told when many clients seem to share one quota, which is not enforced then; nil
    ///     if it always is.
    ///   - metrics: Where requests beyond the quota are counted.
    ///   - now: The clock.
    package init(
        _ policy: RateLimitPolicy, notice: SharedQuotaNotice?, metrics: RateLimitMetrics,
        now: @escaping @Sendable () -> MonotonicTime = { .now }
    ) {
        self.policy = policy
        self.notice = notice
        self.metrics = metrics
        local = LocalQuotas(policy.limit, now: now)
        shared = nil
    }

    private init(_ limiter: RateLimiter, _ shared: any SharedRateLimits) {
        policy = limiter.policy
        notice = limiter.notice
        metrics = limiter.metrics
        local = limiter.local
        self.shared = shared
    }

    /// The same limiter with quotas that are shared with other processes; what this process counts
    /// while those cannot be asked, it shares with `self`.
    package func sharing(_ quotas: any SharedRateLimits) -> RateLimiter {
        RateLimiter(self, quotas)
    }

    /// Decides on a request of a client, if nobody has to be asked for that: a short cut, which
    /// spares most requests a call that may wait. Nil if ``decide(_:)`` has to be called.
    package func decideAtOnce(_ key: RateLimitKey) -> RateLimitDecision? {
        shared == nil ? local.decide(key) : nil
    }

    /// Decides on a request of a client, on the caller's executor.
    package func decide(_ key: RateLimitKey) async -> RateLimitDecision {
        guard let shared else { return local.decide(key) }
        guard key.hasSite else {
            return await shared.decide(key, under: policy) ?? local.decide(key)
        }
        // First, so that what a site is refused takes no room among what is shared.
        let own = local.decide(key)
        guard case .admitted(let ownStanding) = own,
            let decision = await shared.decide(key, under: policy)
        else { return own }
        guard case .admitted(let standing) = decision else { return decision }
        return ownStanding.remaining < standing.remaining ? own : decision
    }
}
