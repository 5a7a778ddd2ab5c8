package import PrometheusMetrics

/// Counts what became of answers that were to be compressed: the family, for all loops.
package struct CompressionMetrics: Sendable {
    enum Outcome: String, ClosedLabel {
        case compressed
        /// It would not have been shorter.
        case incompressible
        /// Too many were waiting; it was sent as it is.
        case refused
    }

    private let outcomes: Counter<Outcome>

    /// Declares the family in a registry.
    package init(in registry: MetricsRegistry) {
        outcomes = Counter(
            "http_response_compressions_total",
            "Answers that were to be compressed, by what became of it.",
            by: .label("outcome"), in: registry)
    }

    /// It is known what became of an answer; on the shard's thread.
    func ended(_ outcome: Outcome, on shard: MetricsShard) { outcomes.add(outcome, on: shard) }
}
