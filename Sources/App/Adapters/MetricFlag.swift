import PrometheusMetrics
import Synchronization

/// Whether something is the case, as 1 or 0 for whoever scrapes it; no value until it is known.
final class MetricFlag: Sendable {
    private static let unknown = -1

    private let state = Atomic<Int>(MetricFlag.unknown)

    init(_ name: String, _ help: String, in registry: MetricsRegistry) {
        let description = MetricDescription(name, help, .gauge)
        registry.collect { [self] in
            let value = state.load(ordering: .relaxed)
            return [
                MetricFamily(description, value == Self.unknown ? [] : [MetricSeries([], value)])
            ]
        }
    }

    /// From now on it is so, or not; from any thread.
    func set(_ isSo: Bool) { state.store(isSo ? 1 : 0, ordering: .relaxed) }
}
