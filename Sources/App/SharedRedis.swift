import Ambient
import Logging
import PrometheusMetrics
import Reactor
import Redis
import UsersRedis

/// What the loops' clients of one Redis share.
struct SharedRedis: Sendable {
    /// Attempts to connect that may wait: one of each loop.
    private static let connectingQueueMax = 1024

    private let url: RedisURL
    private let configuration: RedisConfiguration
    private let outages: RedisOutageLog
    private let metrics: RedisMetrics
    private let userLife: Duration?
    private let userCacheMetrics: UserCacheMetrics
    /// A thread of its own: a name that is not resolved must not keep the database waiting.
    private let connecting: OffloadPool

    /// Nil if there is no Redis. Its metrics are declared all the same.
    /// - Throws: What is wrong with `REDIS_URL`.
    init?(
        _ settings: RedisSettings, metrics registry: MetricsRegistry, logger: Logger
    ) throws(StartFailure) {
        metrics = RedisMetrics(in: registry)
        userCacheMetrics = UserCacheMetrics(in: registry)
        userLife = settings.userLife
        guard let text = settings.url else { return nil }
        do {
            url = try RedisURL(parsing: text.rawValue)
        } catch {
            throw .redisURL(error)
        }
        do {
            connecting = try OffloadPool(
                name: "redis", threads: 1, queueMax: Self.connectingQueueMax)
        } catch {
            throw .system(error)
        }
        var configuration = RedisConfiguration()
        configuration.commandTimeout = settings.timeout
        configuration.asksForServer = settings.userLife != nil
        self.configuration = configuration
        outages = RedisOutageLog(logger: logger)
    }

    /// The client of a loop, which does not connect yet.
    func client(on loop: EventLoop) -> RedisClient {
        RedisClient(
            loop: loop, to: url, connecting: connecting, configuration: configuration,
            outages: outages, metrics: metrics)
    }

    /// The way of a client's loop to the users in Redis; nil if there are none.
    func userCache(over client: RedisClient) -> RedisUserCache? {
        userLife.map {
            RedisUserCache(client, timeToLive: $0, entropy: .system, metrics: userCacheMetrics)
        }
    }
}
