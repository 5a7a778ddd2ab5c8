import Ambient
import HTTP
import HTTPServer
import HTTPTypes
import Health
import JSONLogging
import Logging
import Middleware
import PasswordHashing
import Postgres
import Reactor
import Routing
import Users
import UsersHTTP
import UsersPostgres

/// What all loops share; safe to use from any of them.
struct SharedParts: Sendable {
    let configuration: ServiceConfiguration
    let http: HTTPServerConfiguration
    let database: DatabaseAddress
    let outages: OutageLog
    let connecting: OffloadPool
    let hasher: OffloadedPasswordHasher
    let serving: ServingState
    let accessLog: AccessLog
    let logger: Logger
    let clock: WallClock
    let userIDs: UUIDv7Generator
    let requestIDs: RequestIDGenerator
}

/// What one loop answers with: its own connections to the database and everything in front of
/// them, so that a request never leaves its loop.
struct LoopGraph: Sendable {
    let pool: ConnectionPool
    let responder: any Responder

    /// - Parameter connectionsMax: The loop's part of the database connections.
    init(loop: EventLoop, connectionsMax: Int, _ shared: SharedParts) {
        let settings = shared.configuration.database
        var limits = PoolConfiguration(connectionsMax: connectionsMax)
        limits.acquireTimeout = settings.acquireTimeout
        limits.answerTimeout = settings.statementTimeout
        limits.greetingTimeout = settings.connectTimeout
        limits.sessionSettings = shared.database.sessionSettings
        limits.preparesStatements = settings.preparesStatements
        pool = ConnectionPool(
            loop: loop, keywords: shared.database.keywords, connecting: shared.connecting,
            configuration: limits, logger: shared.logger, outages: shared.outages)
        let router = Router(
            Self.operationRoutes(loop: loop, pool: pool, shared)
                + Self.userRoutes(pool: pool, shared))
        responder = RequestRecorder(
            next: router, ids: shared.requestIDs, log: shared.accessLog,
            wallClock: shared.clock)
    }

    private static func operationRoutes(
        loop: EventLoop, pool: ConnectionPool, _ shared: SharedParts
    ) -> [Route] {
        let probe = PostgresProbe(pool: pool, required: BuildInformation.requiredRevision)
        let monitor = DatabaseMonitor(loop: loop, probe: probe)
        func health(_ kind: HealthEndpoint.Kind) -> HealthEndpoint {
            HealthEndpoint(kind, database: monitor, serving: shared.serving)
        }
        return [
            Route(.get, "/health", health(.overview)),
            Route(.get, "/health/live", health(.live)),
            Route(.get, "/health/ready", health(.ready)),
            Route(.get, "/version", VersionEndpoint(version: BuildInformation.version)),
        ]
    }

    private static func userRoutes(pool: ConnectionPool, _ shared: SharedParts) -> [Route] {
        let accounts = shared.configuration.accounts
        let service = UserService(
            repository: PostgresUserRepository(pool: pool), hasher: shared.hasher,
            clock: shared.clock, ids: shared.userIDs)
        return UsersAPI(
            service: service,
            passwordPolicy: PasswordPolicy(codePointCountMin: accounts.passwordLengthMin),
            isRegistrationOpen: accounts.isRegistrationEnabled,
            requiresIfMatch: accounts.requiresIfMatch,
            bodyBytesMax: shared.http.request.bodyBytesMax
        ).routes
    }
}
