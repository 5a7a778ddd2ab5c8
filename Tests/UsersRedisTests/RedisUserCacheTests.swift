import Ambient
import PrometheusMetrics
import Reactor
import RedisTesting
import Testing
import Users

@testable import Redis
@testable import UsersRedis

@Suite("Users in Redis")
struct RedisUserCacheTests {
    private let user = Sample.bareUser

    @Test func `a user is read once and then kept, for all loops`() async throws {
        try await withTestRedis { redis in
            try await withCache(of: redis.url) { first in
                try await withCache(of: redis.url) { second in
                    let table = Table(user)
                    #expect(await first.user(user.id, in: table) == user)
                    #expect(await second.user(user.id, in: table) == user)
                    #expect(await first.user(user.id, in: table) == user)
                    #expect(await table.readCount == 1)
                    #expect(first.count("user_cache_reads_total", "miss") == 1)
                    #expect(first.count("user_cache_reads_total", "hit") == 1)
                    #expect(second.count("user_cache_reads_total", "hit") == 1)
                    #expect(first.count("user_cache_fills_total", "kept") == 1)
                }
            }
        }
    }

    @Test func `a key lives no longer than from before the read`() async throws {
        try await withTestRedis { redis in
            try await withCache(of: redis.url, timeToLive: .seconds(10)) { cache in
                let key = try await cache.key(of: user.id)
                let table = Table(user)
                _ = await cache.user(user.id, in: table) {
                    _ = await cache.run("PEXPIRE", key, "5000")
                }
                guard case .success(.integer(let life)) = await cache.run("PTTL", key) else {
                    throw UnexpectedReply()
                }
                #expect((1...5000).contains(life))
            }
        }
    }

    @Test func `a change between a read and its filling is not filled over`() async throws {
        try await withTestRedis { redis in
            try await withCache(of: redis.url) { reader in
                try await withCache(of: redis.url) { writer in
                    let table = Table(user)
                    var changed = user
                    changed.version = 8
                    let seen = await reader.user(user.id, in: table) { [changed] in
                        await table.set(changed)
                        await writer.forget(changed.id)
                    }
                    #expect(seen == user)
                    #expect(reader.count("user_cache_fills_total", "refused") == 1)
                    #expect(await reader.user(user.id, in: table) == changed)
                    #expect(await writer.user(user.id, in: table) == changed)
                }
            }
        }
    }

    @Test func `nobody who is not there is kept, and the next one may try at once`() async throws {
        try await withTestRedis { redis in
            try await withCache(of: redis.url) { cache in
                let table = Table(nil)
                #expect(await cache.user(user.id, in: table) == nil)
                #expect(await cache.user(user.id, in: table) == nil)
                #expect(await table.readCount == 2)
                #expect(cache.count("user_cache_waits_total") == 0)
                #expect(cache.count("user_cache_fills_total", "released") == 2)
                #expect(await cache.run("DBSIZE") == .success(.integer(0)))
            }
        }
    }

    @Test func `a read that fails lets the next one try`() async throws {
        try await withTestRedis { redis in
            try await withCache(of: redis.url) { cache in
                let error = await cache.failure(of: user.id)
                guard case .unavailable(.overloaded, _) = error else { throw UnexpectedReply() }
                #expect(await cache.run("DBSIZE") == .success(.integer(0)))
            }
        }
    }

    @Test func `of many who ask at once one asks the database`() async throws {
        try await withTestRedis { redis in
            try await withCache(of: redis.url) { first in
                try await withCache(of: redis.url) { second in
                    let table = Table(user)
                    let start = MonotonicTime.now
                    let users = await withTaskGroup(of: User?.self) { group in
                        for index in 0..<200 {
                            let cache = index % 2 == 0 ? first : second
                            group.addTask { [user] in await cache.user(user.id, in: table) }
                        }
                        return await group.reduce(into: []) { $0.append($1) }
                    }
                    #expect(users == Array(repeating: user, count: 200))
                    let crowded =
                        first.count("user_cache_reads_total", "crowded")
                        + second.count("user_cache_reads_total", "crowded")
                    // A busy machine may hold the one who reads for longer than others wait, and
                    // for longer than he has a lease, of a quarter of a second.
                    let leases = 1 + Int((MonotonicTime.now - start) / .milliseconds(250))
                    let readCount = await table.readCount
                    #expect((1...leases).contains(readCount - Int(crowded)))
                }
            }
        }
    }

    @Test func `a lease is waited for, and then the database asked`()
        async throws
    {
        try await withTestRedis { redis in
            try await withCache(of: redis.url) { cache in
                let key = try await cache.key(of: user.id)
                // One that is good for longer than a busy machine can take.
                _ = await cache.run("SET", key, "Lsomebody", "PX", "9000000")
                let table = Table(user)
                #expect(await cache.user(user.id, in: table) == user)
                #expect(cache.count("user_cache_waits_total") == 1)
                #expect(cache.count("user_cache_reads_total", "crowded") == 1)
            }
        }
    }

    @Test func `a lease whose holder has died is taken over`() async throws {
        try await withTestRedis { redis in
            try await withCache(of: redis.url) { cache in
                let key = try await cache.key(of: user.id)
                _ = await cache.run("SET", key, "Lsomebody", "PX", "599000")
                let table = Table(user)
                for _ in 0..<2 { #expect(await cache.user(user.id, in: table) == user) }
                #expect(await table.readCount == 1)
                #expect(cache.count("user_cache_waits_total") == 0)
                #expect(cache.count("user_cache_reads_total", "hit") == 1)
            }
        }
    }

    @Test(arguments: ["", "nonsense", "U", "Unonsense"])
    func `what is no user is read anew`(text: String) async throws {
        try await withTestRedis { redis in
            try await withCache(of: redis.url) { cache in
                let key = try await cache.key(of: user.id)
                _ = await cache.run("SET", key, text)
                let table = Table(user)
                for _ in 0..<3 { #expect(await cache.user(user.id, in: table) == user) }
                #expect(cache.count("user_cache_reads_total", "hit") >= 1)
                #expect(cache.count("user_cache_reads_total", "failed") == 0)
            }
        }
    }

    @Test func `a key of another kind is in nobody's way`() async throws {
        try await withTestRedis { redis in
            try await withCache(of: redis.url) { cache in
                _ = await cache.run("RPUSH", try await cache.key(of: user.id), "1")
                let table = Table(user)
                for _ in 0..<2 { #expect(await cache.user(user.id, in: table) == user) }
                #expect(await table.readCount == 1)
            }
        }
    }

    @Test func `what another Redis has left behind is not looked at`() async throws {
        try await withTestRedis { redis in
            try await withCache(of: redis.url) { cache in
                let table = Table(user)
                _ = await cache.user(user.id, in: table)
                _ = await cache.run("SAVE")
                redis.kill()
                while await cache.user(user.id, in: table) != nil,
                    cache.count("user_cache_reads_total", "failed") == 0
                {}
                try redis.restart()
                await cache.becomeConnected()
                #expect(await cache.run("DBSIZE") == .success(.integer(1)))
                var changed = user
                changed.version = 8
                await table.set(changed)
                #expect(await cache.user(user.id, in: table) == changed)
            }
        }
    }

    @Test func `without Redis the database is asked, and a change waits until nothing is left`()
        async throws
    {
        try await withTestRedis { redis in
            let life = Duration.milliseconds(200)
            try await withCache(of: redis.url, timeToLive: life) { cache in
                let table = Table(user)
                _ = await cache.user(user.id, in: table)
                redis.kill()
                while cache.count("user_cache_reads_total", "failed") == 0 {
                    #expect(await cache.user(user.id, in: table) == user)
                }
                let began = MonotonicTime.now
                await cache.forget(user.id)
                #expect(MonotonicTime.now - began >= life)
                #expect(cache.count("user_cache_invalidations_total", "missed") == 1)
            }
        }
    }

    @Test func `a change waits for a Redis that is held, and no longer`() async throws {
        try await withTestRedis { redis in
            var configuration = RedisConfiguration.patient
            configuration.commandTimeout = .milliseconds(50)
            try await withCache(of: redis.url, configuration, timeToLive: .seconds(600)) { cache in
                let table = Table(user)
                while cache.count("user_cache_fills_total", "kept") == 0 {
                    await cache.forget(user.id)
                    _ = await cache.user(user.id, in: table)
                }
                redis.hold()
                async let forgotten: Void = cache.forget(user.id)
                while cache.count("redis_commands_total", "timed_out") == 0 { await cache.turn() }
                redis.resume()
                await forgotten
                #expect(cache.count("user_cache_invalidations_total", "late") >= 1)
                #expect(cache.count("user_cache_invalidations_total", "missed") == 0)
                var changed = user
                changed.version = 8
                await table.set(changed)
                #expect(await cache.user(user.id, in: table) == changed)
            }
        }
    }

    @Test(arguments: [RedisUserCache.looking, RedisUserCache.filling])
    func `Redis knows a script by the digest that stands beside it`(
        script: RedisScript
    ) async throws {
        try await withTestRedis { redis in
            try await withCache(of: redis.url) { cache in
                #expect(
                    await cache.run("SCRIPT", "LOAD", "\(script.text)")
                        == .success(.string(Array("\(script.digest)".utf8))))
            }
        }
    }
}

struct UnexpectedReply: Error {}
