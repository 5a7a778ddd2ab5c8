/// Quotas that several processes share; a class, since to look at a struct behind a protocol copies
/// it.
package protocol SharedRateLimits: AnyObject, Sendable {
    /// Decides on a request of a client, which is counted if it is admitted; on the caller's
    /// executor. Each policy has quotas of its own.
    /// - Returns: Nil if there is no answer in time: the process decides by itself then.
    func decide(
        _ key: RateLimitKey, under policy: RateLimitPolicy
    ) async -> RateLimitDecision?
}
