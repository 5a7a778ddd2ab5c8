import Health
import PrometheusMetrics

/// What the last look at the database showed.
struct DatabaseFlags: Sendable {
    private let isUp: MetricFlag
    private let isSchemaCurrent: MetricFlag

    init(in registry: MetricsRegistry) {
        isUp = MetricFlag(
            "database_up", "Whether the database answered the last check of health.", in: registry)
        isSchemaCurrent = MetricFlag(
            "database_schema_current",
            "Whether the database had every migration that this build needs.", in: registry)
    }

    /// The database was looked at.
    func looked(_ report: DatabaseReport) {
        isUp.set(report.isUp)
        switch report.schema?.status {
        case .current, .ahead: isSchemaCurrent.set(true)
        case .behind, nil: isSchemaCurrent.set(false)
        }
    }
}
