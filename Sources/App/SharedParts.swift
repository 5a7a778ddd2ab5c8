import Ambient
import AuthenticationHTTP
import HTTPServer
import HTTPTypes
import Health
import JSONLogging
import Logging
import Middleware
import Monitoring
import Postgres
import PrometheusMetrics
import RateLimiting
import Reactor
import Routing
import Users

/// What all loops share; safe to use from any of them.
struct SharedParts: Sendable {
    /// What was configured, without the secrets: whoever uses one keeps what he makes of it.
    let configuration: ServiceConfiguration
    let metrics: MetricsRegistry
    let http: HTTPServerConfiguration
    let database: DatabaseAddress
    let pools: WorkPools
    let passwords: OffloadedPasswords
    let keys: KeyRing
    let access: AccessWatch
    let limits: RateLimiters
    let events: EventLog
    let accountMetrics: AccountMetrics
    let compressionMetrics: CompressionMetrics
    let databaseMetrics: DatabaseMetrics
    let databaseFlags: DatabaseFlags
    let sink: LogSink
    let outages: OutageLog
    /// Nil if there is no Redis.
    let redis: SharedRedis?
    /// Nil if requests are not traced.
    let tracing: RequestTracing?
    let logger: Logger
    let serving = ServingState()
    let clock = WallClock.system
    let ids = UUIDv7Generator(clock: .system, entropy: .system)
    let requestIDs = RequestIDGenerator(entropy: .system)

    /// - Parameter metrics: Where everything is counted.
    /// - Throws: What is wrong with a setting that only makes sense as a whole.
    init(
        _ configuration: ServiceConfiguration, metrics: MetricsRegistry,
        http: HTTPServerConfiguration, loops: EventLoopGroup, pools: WorkPools,
        tracing: RequestTracing?, logger: Logger, sink: LogSink
    ) throws(StartFailure) {
        self.configuration = configuration.withoutSecrets
        self.metrics = metrics
        self.http = http
        self.pools = pools
        self.tracing = tracing
        self.logger = logger
        database = try DatabaseAddress(configuration.database) { logger.notice("\($0)") }
        passwords = OffloadedPasswords(
            pool: pools.hashing, metrics: PasswordMetrics(in: metrics, of: pools.hashing),
            tracer: tracing?.tracer, logger: logger)
        keys = try KeyRing(configuration.secretKey, configuration.tokens)
        access = AccessWatch(
            caches: loops.loops.map(TokenCache.init),
            isListening: MetricFlag(
                "access_notifications_up",
                "Whether the service hears of what others have done with access.", in: metrics))
        let limitMetrics = RateLimitMetrics(in: metrics)
        limits = RateLimiters(
            configuration.rateLimits,
            notice: configuration.trustedProxies.isEmpty
                ? SharedQuotaNotice { logger.warning("\(Self.sharedQuotaWarning)") } : nil,
            metrics: limitMetrics)
        accountMetrics = AccountMetrics(in: metrics)
        events = EventLog(logger: logger, accounts: accountMetrics, limits: limitMetrics)
        compressionMetrics = CompressionMetrics(in: metrics)
        databaseMetrics = DatabaseMetrics(in: metrics)
        databaseFlags = DatabaseFlags(in: metrics)
        self.sink = sink
        outages = OutageLog(logger: logger)
        redis = try SharedRedis(configuration.redis, metrics: metrics, logger: logger)
    }

    /// `GET /metrics`, on whichever port.
    var metricsRoute: Route {
        Route(.get, "/metrics", .metrics, MetricsEndpoint(metrics, on: pools.scraping))
    }

    /// A log of the requests of one loop, of which it takes samples of its own.
    func accessLog() -> AccessLog {
        let logging = configuration.logging
        return AccessLog(
            sink: sink, policy: logging.accessLog, sampling: logging.sampling,
            tellsClients: logging.tellsClients)
    }

    private static let sharedQuotaWarning = """
        Requests come through a proxy that is not known as one: limits by address count and do not \
        refuse, since all of its clients would share one quota; set TRUSTED_PROXIES to its network
        """
}
