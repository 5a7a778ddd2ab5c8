import Ambient
import PrometheusMetrics
import Reactor
import Redis
import RedisTesting
import Users

@testable import UsersRedis

/// The cache of one loop.
struct CacheFixture: Sendable {
    private let cache: RedisUserCache
    private let redis: ClientFixture

    /// Looks for a user, in the table if need be.
    /// - Parameter meanwhile: What happens between the table's answer and what is done with it.
    func user(
        _ id: UserID, in table: Table, _ meanwhile: @Sendable () async -> Void = {}
    ) async -> User? {
        await redis.loop.run { [cache] _ in
            try? await cache.user(withID: id) { () async throws(UserError) -> User? in
                let user = await table.read()
                await meanwhile()
                return user
            }
        }
    }

    /// What a read ends with that has failed.
    func failure(of id: UserID) async -> UserError? {
        await redis.loop.run { [cache] _ in
            do throws(UserError) {
                _ = try await cache.user(withID: id) { () async throws(UserError) -> User? in
                    throw .unavailable(.overloaded, cause: nil)
                }
                return nil
            } catch {
                return error
            }
        }
    }

    func forget(_ id: UserID) async { await redis.loop.run { [cache] _ in await cache.forget(id) } }

    /// The key of a user, as the only server has it.
    func key(of id: UserID) async throws -> String {
        guard case .success(.string(let info)) = await run("INFO", "server"),
            let line = String(decoding: info, as: UTF8.self).split(whereSeparator: \.isNewline)
                .first(where: { $0.hasPrefix("run_id:") })
        else { throw UnexpectedReply() }
        let digits = Digits.hexadecimal(id.uuid.high) + Digits.hexadecimal(id.uuid.low)
        return "user-management:user:\(line.dropFirst(7)):\(digits)"
    }

    func run(_ name: StaticString, _ arguments: String...) async -> Result<RedisReply, RedisError> {
        await redis.run(name, arguments)
    }

    func becomeConnected() async { await redis.becomeConnected() }

    func turn() async { await redis.turn() }

    /// The value of a counter.
    func count(_ name: String, _ labels: String...) -> Int64 { redis.value(name, labels) ?? -1 }

    fileprivate init(_ redis: ClientFixture, timeToLive: Duration) {
        self.redis = redis
        cache = RedisUserCache(
            redis.client, timeToLive: timeToLive, entropy: .system,
            metrics: UserCacheMetrics(in: redis.metrics))
    }
}

/// Runs `body` with the cache of a loop of its own, once it has a connection.
func withCache(
    of url: String, _ configuration: RedisConfiguration = .patient,
    timeToLive: Duration = .seconds(600), _ body: (CacheFixture) async throws -> Void
) async throws {
    var configuration = configuration
    configuration.asksForServer = true
    try await withClient(of: url, configuration) { client in
        await client.becomeConnected()
        try await body(CacheFixture(client, timeToLive: timeToLive))
    }
}

/// Where one user is kept.
actor Table {
    private var user: User?
    private(set) var readCount = 0

    init(_ user: User?) { self.user = user }

    func read() -> User? {
        readCount += 1
        return user
    }

    func set(_ user: User) { self.user = user }
}
