import HTTPTypes
import Health
import Postgres
import Reactor
import Routing

/// What operators and their probes ask for; one for all loops, so that the database is looked at
/// once a second at most, however many probe.
struct OperationRoutes {
    let routes: [Route]
    /// Looks at the database.
    let monitor: DatabaseMonitor

    /// - Parameter pool: The connections by which the database is looked at.
    init(pool: ConnectionPool, _ shared: SharedParts) {
        let flags = shared.databaseFlags
        let monitor = DatabaseMonitor(
            loop: pool.loop,
            probe: PostgresProbe(pool: pool, required: BuildInformation.requiredRevision),
            onReport: { flags.looked($0) })
        self.monitor = monitor
        func health(_ kind: HealthEndpoint.Kind) -> HealthEndpoint {
            HealthEndpoint(kind, database: monitor, serving: shared.serving)
        }
        let metrics = shared.configuration.metricsPort == nil ? [shared.metricsRoute] : []
        routes =
            metrics + [
                Route(.get, "/health", .health, health(.overview)),
                Route(.get, "/health/live", .healthLive, health(.live)),
                Route(.get, "/health/ready", .healthReady, health(.ready)),
                Route(
                    .get, "/version", .version, VersionEndpoint(version: BuildInformation.version)),
            ]
    }
}
