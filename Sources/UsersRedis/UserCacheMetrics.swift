package import PrometheusMetrics

/// What the caches of all loops count.
package struct UserCacheMetrics: Sendable {
    /// How a user was found who was asked for.
    enum Outcome: String, ClosedLabel {
        /// In Redis.
        case hit
        /// In the database, and it was for this one to keep the user.
        case miss
        /// In the database, since the one who was to keep the user took too long.
        case crowded
        /// In the database, since what Redis had was none.
        case malformed
        /// In the database, since Redis gave no answer.
        case failed
    }

    /// What became of a user who was to be kept.
    enum Fill: String, ClosedLabel {
        case kept
        /// The user was changed meanwhile, or it took too long.
        case refused
        /// There was nobody to be kept, or one who is too large, or the read failed.
        case released
        case failed
    }

    /// What became of a user who was to be forgotten.
    enum Invalidation: String, ClosedLabel {
        case confirmed
        /// Not at once; the answer to the change waited for it.
        case late
        /// Never: the answer waited until there could be none any more.
        case missed
    }

    let reads: Counter<Outcome>
    let waits: Counter<NoLabel>
    let fills: Counter<Fill>
    let invalidations: Counter<Invalidation>
    private let registry: MetricsRegistry

    /// Declares the families; to be made once for a registry.
    package init(in registry: MetricsRegistry) {
        reads = Counter(
            "user_cache_reads_total", "Users who were asked for, by how they were found.",
            by: .label("outcome"), in: registry)
        waits = Counter(
            "user_cache_waits_total", "Reads that waited for somebody who was filling the cache.",
            in: registry)
        fills = Counter(
            "user_cache_fills_total", "Users who were read to be kept, by what became of them.",
            by: .label("outcome"), in: registry)
        invalidations = Counter(
            "user_cache_invalidations_total", "Users who were to be forgotten after a change.",
            by: .label("outcome"), in: registry)
        self.registry = registry
    }

    /// Where the loop of an index counts.
    func shard(ofLoop index: Int) -> MetricsShard { registry.shard(ofLoop: index) }
}
