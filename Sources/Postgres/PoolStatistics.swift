import PrometheusMetrics

/// Why a connection was given up.
package enum DiscardReason: String, ClosedLabel {
    /// It had reached its age.
    case lifetime
    /// Nobody had used it for a while, and it was beyond the minimum.
    case idle
    /// It came back in a state that the next caller must not find, such as an open transaction.
    case unhealthy
    /// The server or the network ended it.
    case lost
    /// The server did not answer in time.
    case timedOut = "timed_out"
}

/// What a pool's connections are doing, and what has become of its callers so far.
package struct PoolStatistics: Equatable, Sendable {
    /// Connections that somebody uses now.
    package var inUse = 0
    /// Open connections that nobody uses now.
    package var idle = 0
    /// Attempts to connect that are under way.
    package var connecting = 0
    /// Callers who wait now.
    package var waiters = 0
    /// Callers who had to wait and do so no longer, whatever came of it.
    package var waits = 0
    /// How long those have waited, in all.
    package var waitTime: Duration = .zero
    /// Callers whose wait ended with its deadline.
    package var expiredWaits = 0
    /// Callers who gave up waiting.
    package var abandonedWaits = 0
    /// Callers who were refused, because too many waited.
    package var refusals = 0
    /// Connections that were opened.
    package var connects = 0
    /// Those of them that took the place of an earlier one.
    package var reconnects = 0
    /// Attempts to connect that failed.
    package var failedConnects = 0
    /// Connections that were given up, by reason.
    package var discards: [DiscardReason: Int] = [:]
    /// Writes that changed nothing in their batch and were run again alone.
    package var writesAlone = 0
    /// What went over the connections.
    package var traffic = PipelineStatistics()

    /// Makes the statistics of a pool that has done nothing.
    package init() {}
}
