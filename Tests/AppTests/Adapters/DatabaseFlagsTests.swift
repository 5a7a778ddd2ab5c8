import Health
import MetricsTesting
import PrometheusMetrics
import Testing

@testable import App

@Suite("What is told of the database's health")
struct DatabaseFlagsTests {
    @Test(
        arguments: [
            (DatabaseReport.Schema.Status?.none, "database_schema_current 0", "database_up 0"),
            (.behind, "database_schema_current 0", "database_up 1"),
            (.current, "database_schema_current 1", "database_up 1"),
            (.ahead, "database_schema_current 1", "database_up 1"),
        ])
    func `it is what the last look showed, and nothing before`(
        _ status: DatabaseReport.Schema.Status?, _ schemaLine: String, _ upLine: String
    ) {
        let registry = MetricsRegistry(loopCount: 1)
        let flags = DatabaseFlags(in: registry)
        #expect(registry.lines == [])
        flags.looked(.down)
        #expect(registry.lines == ["database_schema_current 0", "database_up 0"])
        guard let status else { return }
        flags.looked(
            DatabaseReport(
                latency: .milliseconds(1), schema: .init(status, applied: "1", required: "1"),
                isUTF8: true))
        #expect(registry.lines == [schemaLine[...], upLine[...]])
    }
}
