import Ambient
import Documents
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
    let cancelling: OffloadPool
    let hasher: OffloadedPasswordHasher
    let keys: KeyRing
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
    /// What the loop answers by itself; documents, which tell of all of it, are shared.
    let routes: [Route]
    private let shared: SharedParts

    /// - Parameter loopCount: How many loops share the database connections.
    init(loop: EventLoop, of loopCount: Int, _ shared: SharedParts) {
        let limits = Self.limits(loop.index, of: loopCount, shared)
        pool = ConnectionPool(
            loop: loop, keywords: shared.database.keywords, connecting: shared.connecting,
            cancelling: shared.cancelling,
            configuration: limits, logger: shared.logger, outages: shared.outages)
        routes =
            Self.operationRoutes(loop: loop, pool: pool, shared)
            + Self.userRoutes(pool: pool, connectionCount: limits.connectionsMax, shared)
        self.shared = shared
    }

    /// What answers the loop's requests, behind everything that looks at them before.
    func responder(of router: Router) -> any Responder {
        let origins = shared.configuration.allowedOrigins
        let handler =
            origins.isEmpty ? router : router.behind([CrossOriginSharing(origins: origins)])
        return RequestRecorder(
            next: handler, ids: shared.requestIDs, log: shared.accessLog,
            wallClock: shared.clock)
    }

    /// The loop's part of the database connections, and how they behave.
    private static func limits(
        _ index: Int, of loopCount: Int, _ shared: SharedParts
    ) -> PoolConfiguration {
        let settings = shared.configuration.database
        func share(_ total: Int) -> Int {
            PoolSettings.share(of: total, loop: index, of: loopCount)
        }
        var limits = PoolConfiguration(connectionsMax: share(settings.pool.size))
        limits.connectionsMin = share(settings.pool.min)
        limits.waitersMax = share(settings.pool.waitersMax)
        limits.idleTimeout = settings.pool.idleTimeout
        limits.lifetime = settings.pool.lifetime
        limits.idleInTransactionTimeout = settings.pool.idleInTransactionTimeout
        limits.acquireTimeout = settings.acquireTimeout
        limits.answerTimeout = settings.statementTimeout
        limits.greetingTimeout = settings.connectTimeout
        limits.sessionSettings = shared.database.sessionSettings
        limits.preparesStatements = settings.preparesStatements
        limits.batchesWrites = settings.batchesWrites
        return limits
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
            Route(.get, "/health", .health, health(.overview)),
            Route(.get, "/health/live", .healthLive, health(.live)),
            Route(.get, "/health/ready", .healthReady, health(.ready)),
            Route(
                .get, "/version", .version, VersionEndpoint(version: BuildInformation.version)),
        ]
    }

    private static func userRoutes(
        pool: ConnectionPool, connectionCount: Int, _ shared: SharedParts
    ) -> [Route] {
        let accounts = shared.configuration.accounts
        let database = shared.configuration.database
        let repository = PostgresUserRepository(
            pool: pool,
            limits: SearchLimits(
                pageTimeout: database.searchTimeout, countTimeout: database.countTimeout,
                searchesMax: max(1, connectionCount / 2)))
        let service = UserService(
            repository: repository, hasher: shared.hasher, clock: shared.clock,
            ids: shared.userIDs)
        return UsersAPI(
            service: service,
            passwordPolicy: PasswordPolicy(codePointCountMin: accounts.passwordLengthMin),
            isRegistrationOpen: accounts.isRegistrationEnabled,
            requiresIfMatch: accounts.requiresIfMatch,
            bodyBytesMax: shared.http.request.bodyBytesMax,
            keys: { () throws(Problem) in try await shared.keys.keys(from: pool).users },
            // Until there are tokens, everybody is nobody in particular.
            identify: { _ in .unauthenticated }
        ).routes
    }
}
