import Ambient
import Authentication
import AuthenticationHTTP
import AuthenticationPostgres
import HTTP
import HTTPServer
import JSONLogging
import Logging
import Middleware
import PasswordHashing
import Postgres
import PrometheusMetrics
import RateLimiting
import RateLimitingRedis
import Reactor
import Redis
import Routing
import Users
import UsersHTTP
import UsersPostgres
import UsersRedis

/// What one loop answers with: its own connections to the database and everything in front of
/// them, so that a request never leaves its loop.
struct LoopGraph: Sendable {
    /// Logging in, by way of this loop's connections.
    typealias Authentication = AuthenticationService<
        PostgresAuthenticationRepository, ServiceTokens
    >
    /// Telling who asks, by way of this loop's connections.
    typealias Authenticator = BearerAuthenticator<PostgresAuthenticationRepository, ServiceTokens>

    let pool: ConnectionPool
    /// Nil if there is no Redis.
    private let redis: RedisClient?
    /// Nil if users are not kept there.
    let userCache: RedisUserCache?
    /// The limits of all loops, by way of this loop's connections.
    private let rateLimits: RateLimiters
    /// What the loop answers by itself; documents and what tells of health are shared.
    let routes: [Route]
    /// Tells whom a request speaks for.
    let authenticator: Authenticator
    let users: PostgresUserRepository
    let shared: SharedParts

    /// - Parameter loopCount: How many loops share the database connections.
    init(loop: EventLoop, of loopCount: Int, _ shared: SharedParts) {
        let limits = Self.limits(loop.index, of: loopCount, shared)
        redis = shared.redis?.client(on: loop)
        userCache = redis.flatMap { shared.redis?.userCache(over: $0) }
        rateLimits = redis.map { shared.limits.sharing(RedisRateLimits($0)) } ?? shared.limits
        pool = ConnectionPool(
            loop: loop, keywords: shared.database.keywords, connecting: shared.pools.connecting,
            cancelling: shared.pools.cancelling,
            configuration: limits, logger: shared.logger, outages: shared.outages,
            metrics: shared.databaseMetrics)
        let database = shared.configuration.database
        users = PostgresUserRepository(
            pool: pool,
            limits: SearchLimits(
                pageTimeout: database.searchTimeout, countTimeout: database.countTimeout,
                searchesMax: max(1, limits.connectionsMax / 2)),
            cache: userCache,
            onSessionsEnded: { [accounts = shared.accountMetrics] count in
                accounts.counted(.sessionsEnded(count, .accountClosed))
            })
        let sessions = PostgresAuthenticationRepository(pool: pool, cache: userCache)
        let tokens = ServiceTokens(
            keys: shared.keys, pool: pool, ids: shared.ids, accounts: shared.accountMetrics)
        authenticator = BearerAuthenticator(
            cache: shared.access.caches[loop.index], repository: sessions, mint: tokens,
            events: shared.events, clock: shared.clock)
        let authentication = AuthenticationService(
            repository: sessions, mint: tokens, passwords: shared.passwords,
            access: shared.access, events: shared.events,
            settings: AuthenticationSettings(shared.configuration), clock: shared.clock,
            ids: shared.ids)
        routes =
            Self.userRoutes(users, authentication, pool: pool, rateLimits, shared)
            + Self.authenticationRoutes(authentication, authenticator, rateLimits, shared)
        self.shared = shared
    }

    /// Finds what answers a request: of the loop's own routes, and of those that all loops share.
    func router(adding others: [Route]) -> Router {
        Router(routes + others, authenticator: authenticator, limits: rateLimits.clients)
    }

    /// Starts to connect to what the loop needs, and returns at once.
    func open() async {
        await pool.open()
        await redis?.open()
    }

    /// Closes the loop's connections.
    func close() async {
        await redis?.close()
        await pool.close()
    }

    /// What answers the loop's requests, behind everything that looks at them before.
    func responder(of router: Router, counting metrics: RequestMetrics) -> any Responder {
        let origins = shared.configuration.allowedOrigins
        let handler =
            origins.isEmpty ? router : router.behind([CrossOriginSharing(origins: origins)])
        let shard = shared.metrics.shard(ofLoop: pool.loop.index)
        return RequestRecorder(
            next: handler, proxies: TrustedProxies(shared.configuration.trustedProxies),
            codings: contentCodings(countingOn: shard), ids: shared.requestIDs,
            log: shared.accessLog(), metrics: metrics, shard: shard, wallClock: shared.clock,
            tracer: shared.tracing?.tracer)
    }

    private func contentCodings(countingOn shard: MetricsShard) -> ContentCodings {
        let compression = shared.pools.compression
        return ContentCodings(
            loop: pool.loop, pool: compression, bodyBytesMax: shared.http.request.bodyBytesMax,
            answers: shared.configuration.compression.policy.map {
                AnswerCompression(
                    $0, on: pool.loop, compression, metrics: shared.compressionMetrics, shard: shard
                )
            })
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
        limits.tracer = shared.tracing.map { DatabaseTracer($0.tracer) }
        return limits
    }

    private static func userRoutes(
        _ repository: PostgresUserRepository, _ authentication: Authentication,
        pool: ConnectionPool, _ limits: RateLimiters, _ shared: SharedParts
    ) -> [Route] {
        let accounts = shared.configuration.accounts
        let service = UserService(
            repository: repository, hasher: shared.passwords, passwords: authentication,
            access: shared.access, events: shared.events, clock: shared.clock, ids: shared.ids)
        let roles = RoleService(
            repository: PostgresRoleRepository(pool: pool), access: shared.access,
            events: shared.events, clock: shared.clock)
        let api = UsersAPI(
            service: service, passwordPolicy: accounts.passwordPolicy,
            isRegistrationOpen: accounts.isRegistrationEnabled,
            requiresIfMatch: accounts.requiresIfMatch,
            bodyBytesMax: shared.http.request.bodyBytesMax, addressLimiter: limits.registrations,
            keys: { () throws(Problem) in
                try await telling { () throws(UserError) in
                    try await shared.keys.derivedKeys(from: pool).users
                }
            })
        return [api.registrationRoute.limited(by: limits.registrations, but: .usersWrite)]
            + api.routes
            + RolesAPI(service: roles, bodyBytesMax: shared.http.request.bodyBytesMax).routes
    }

    private static func authenticationRoutes(
        _ service: Authentication, _ authenticator: Authenticator,
        _ limits: RateLimiters, _ shared: SharedParts
    ) -> [Route] {
        let api = AuthenticationAPI(
            service: service, hasher: shared.passwords,
            passwordPolicy: shared.configuration.accounts.passwordPolicy,
            bodyBytesMax: shared.http.request.bodyBytesMax, authenticator: authenticator)
        return api.passwordRoutes.map { $0.limited(by: limits.logins, but: .usersWrite) }
            + api.routes
    }
}

extension AuthenticationSettings {
    init(_ configuration: ServiceConfiguration) {
        self.init()
        lifetimes.access = Int64(configuration.tokens.lifetime / .seconds(1))
        throttle = configuration.rateLimits.loginID.map {
            LoginThrottle(
                failureCountMax: Int64($0.limit.requestCount),
                windowSeconds: Int64($0.limit.windowSeconds))
        }
    }
}
