package import PrometheusMetrics

/// Counts the requests that found a quota used up.
package struct RateLimitMetrics: Sendable {
    private let exceeded: Counter<Int>
    private let shard: MetricsShard

    /// Declares the family in a registry.
    package init(in registry: MetricsRegistry) {
        exceeded = Counter(
            "rate_limit_exceeded_total", "Requests beyond a limit, by whether they were refused.",
            by: .product([
                "policy": RateLimitPolicy.Name.allCases.map(\.rawValue),
                "enforced": ["false", "true"],
            ]),
            in: registry)
        // What is counted here is rare, or part of a flood, whose costs are elsewhere.
        shard = registry.sharedShard
    }

    /// A request found its quota used up; from any thread.
    /// - Parameter isEnforced: Whether it was refused for that.
    package func exceeded(_ policy: RateLimitPolicy.Name, isEnforced: Bool) {
        exceeded.add(policy.seriesIndex * 2 + (isEnforced ? 1 : 0), on: shard)
    }
}

extension RateLimitPolicy.Name: ClosedLabel {}
