import PrometheusMetrics
import Users

/// Counts what is done with accounts.
struct AccountMetrics: Sendable {
    private let registrations: Counter<NoLabel>
    private let shard: MetricsShard

    init(in registry: MetricsRegistry) {
        registrations = Counter(
            "user_registrations_total", "Users who were made, by themselves or by others.",
            in: registry)
        // Each of these events has cost the database a commit.
        shard = registry.sharedShard
    }

    /// Counts an event; from any thread.
    func happened(_ event: UserEvent) {
        if case .userRegistered = event { registrations.add(on: shard) }
    }
}
