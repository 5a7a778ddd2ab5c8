import HTTPTypes
import Health
import Postgres
import Reactor
import Routing

/// What operators and their probes ask for; one for all loops, so that the database is looked at
/// once a second at most, however many probe.
struct OperationRoutes {
    let routes: [Route]

    /// - Parameters:
    ///   - pool: The connections by which the database is looked at.
    ///   - flags: Where it is kept what was seen.
    init(pool: ConnectionPool, flags: DatabaseFlags, serving: ServingState) {
        let monitor = DatabaseMonitor(
            loop: pool.loop,
            probe: PostgresProbe(
                pool: pool, required: BuildInformation.requiredRevision, flags: flags))
        func health(_ kind: HealthEndpoint.Kind) -> HealthEndpoint {
            HealthEndpoint(kind, database: monitor, serving: serving)
        }
        routes = [
            Route(.get, "/health", .health, health(.overview)),
            Route(.get, "/health/live", .healthLive, health(.live)),
            Route(.get, "/health/ready", .healthReady, health(.ready)),
            Route(
                .get, "/version", .version, VersionEndpoint(version: BuildInformation.version)),
        ]
    }
}
