import Ambient
import HTTP
import LogTesting
import Reactor
import RedisTesting
import Testing

@testable import RateLimiting
@testable import RateLimitingRedis
@testable import Redis

@Suite("Quotas in Redis")
struct RedisRateLimitsTests {
    private let policy = RateLimitPolicy(
        .loginIP, RateLimit(requestCount: 3, windowSeconds: 3600))

    private func key(_ number: UInt32) -> RateLimitKey {
        .network(of: ClientAddress(v4: number))
    }

    @Test func `two processes admit a quota once between them`() async throws {
        try await withTestRedis { redis in
            try await withClient(of: redis.url) { first in
                try await withClient(of: redis.url) { second in
                    await first.becomeConnected()
                    await second.becomeConnected()
                    var remaining: [Int?] = []
                    for fixture in [first, second, first, second, first] {
                        let decision = await fixture.decide(key(1), under: policy)
                        guard case .admitted(let standing) = decision else {
                            remaining.append(nil)
                            continue
                        }
                        remaining.append(standing.remaining)
                    }
                    #expect(remaining == [2, 1, 0, nil, nil])
                    #expect(await second.decide(key(2), under: policy)?.standing.remaining == 2)
                }
            }
        }
    }

    @Test func `users, networks, policies and limits have quotas of their own`() async throws {
        let other = RateLimit(requestCount: 3, windowSeconds: 3599)
        let quotas: [(RateLimitKey, RateLimitPolicy)] = [
            (key(1), policy), (.user(UUID(high: 0, low: 0xffff_0000_0001)), policy),
            (key(1), RateLimitPolicy(.registerIP, policy.limit)),
            (key(1), RateLimitPolicy(.loginIP, other)),
        ]
        try await withTestRedis { redis in
            try await withClient(of: redis.url) { fixture in
                await fixture.becomeConnected()
                for (key, policy) in quotas {
                    let decision = await fixture.decide(key, under: policy)
                    #expect(decision?.standing.remaining == 2)
                }
                #expect(await fixture.run("DBSIZE") == .success(.integer(4)))
            }
        }
    }

    @Test func `a key lives until the quota is whole, and no longer`() async throws {
        try await withTestRedis { redis in
            try await withClient(of: redis.url) { fixture in
                await fixture.becomeConnected()
                _ = await fixture.decide(key(1), under: policy)
                let name = "user-management:limit:login-ip:3/3600:network:"
                let key = name + "00000000000000000000ffff00000001"
                guard case .success(.integer(let milliseconds)) = await fixture.run("PTTL", key)
                else { throw UnexpectedReply() }
                // A third of the window is made good, and a minute has not passed since.
                #expect((1_140_000...1_200_001).contains(milliseconds))
            }
        }
    }

    @Test func `what is in the way is no quota`() async throws {
        let name = "user-management:limit:login-ip:3/3600:network:00000000000000000000ffff0000000"
        try await withTestRedis { redis in
            try await withClient(of: redis.url) { fixture in
                await fixture.becomeConnected()
                _ = await fixture.run("SET", name + "1", "nonsense")
                #expect(await fixture.decide(key(1), under: policy)?.standing.remaining == 2)
                _ = await fixture.run("SET", name + "2", "99999999999999999 0")
                // As after the clock was set back: an empty quota, and no less.
                let standing = RateLimitStanding(remaining: 0, secondsUntilRestored: 3600)
                #expect(
                    await fixture.decide(key(2), under: policy)
                        == .refused(standing, retryAfterSeconds: 1200))
                _ = await fixture.run("RPUSH", name + "3", "1")
                #expect(await fixture.decide(key(3), under: policy) == nil)
            }
        }
    }

    @Test func `there is none while there is no Redis, and a whole one when it is back`()
        async throws
    {
        try await withTestRedis { redis in
            try await withClient(of: redis.url) { fixture in
                await fixture.becomeConnected()
                for _ in 0..<3 { _ = await fixture.decide(key(1), under: policy) }
                redis.kill()
                while await fixture.decide(key(1), under: policy) != nil {}
                try redis.restart()
                await fixture.becomeConnected()
                // Whoever starts anew knows no script either.
                #expect(await fixture.decide(key(1), under: policy)?.standing.remaining == 2)
            }
        }
    }

    @Test(arguments: ["+OK", "*2\r\n:-1\r\n:0", "*2\r\n:0\r\n:3", "*1\r\n:0", "$-1"])
    func `an answer that is none to the script decides nothing, and is an outage`(answer: String)
        async throws
    {
        let fake = FakeRedis { _, connection in
            connection.greet()
            while !connection.receive().isEmpty { connection.send("\(answer)\r\n") }
        }
        defer { fake.close() }
        var configuration = RedisConfiguration.patient
        configuration.outageAfter = .milliseconds(1)
        try await withClient(of: fake.url, configuration) { fixture in
            await fixture.becomeUp()
            let outage = "Redis out of use: an answer did not fit its command"
            while fixture.lines.all.last != outage {
                #expect(await fixture.decide(key(1), under: policy) == nil)
            }
            #expect(fixture.value("redis_commands_total", "unexpected") ?? 0 > 1)
            #expect(fixture.value("redis_commands_total", "answered") == 0)
        }
    }

    @Test func `Redis knows the script by the digest that stands beside it`() async throws {
        let script = RedisRateLimits.script
        try await withTestRedis { redis in
            try await withClient(of: redis.url) { fixture in
                await fixture.becomeConnected()
                #expect(
                    await fixture.run("SCRIPT", "LOAD", "\(script.text)")
                        == .success(.string(Array("\(script.digest)".utf8))))
            }
        }
    }

    @Test func `decisions are those of a process that counts by itself`() async throws {
        let limits = [(3, 60), (7, 1), (600, 60), (1_000_000_000, 86_400), (1, 1), (60_000, 60)]
        // The time is the test's, so keys must not end with the time of Redis.
        let script = "\(RedisRateLimits.script.text)"
            .replacing("redis.call('TIME')", with: "{ARGV[3], ARGV[4]}")
            .replacing("math.floor(newDebt / 1000) + 1", with: "86400000")
        #expect(script.contains("ARGV[4]") && script.contains("86400000"))
        try await withTestRedis { redis in
            try await withClient(of: redis.url) { fixture in
                await fixture.becomeConnected()
                for (seed, (requestCount, windowSeconds)) in limits.enumerated() {
                    let limit = RateLimit(requestCount: requestCount, windowSeconds: windowSeconds)
                    let rate = CellRate(limit)
                    let random = Entropy.seeded(UInt64(seed))
                    let pause = UInt64(3_000_000 * windowSeconds / requestCount) + 2
                    var wholeAt: CellRate.Ticks = 0
                    // Microseconds since 1970, in the year 2026.
                    var now: UInt64 = 1_790_000_000_000_000
                    for _ in 0..<500 {
                        now += random.next() % 3 == 0 ? random.next() % pause : 0
                        let reply = await fixture.run(
                            "EVAL", script, "1", "key\(seed)", "\(windowSeconds * 1_000_000)",
                            "\(requestCount)", "\(now / 1_000_000)", "\(now % 1_000_000)")
                        guard case .success(.list(let values)) = reply,
                            case .integer(let debt) = values[0],
                            case .integer(let fraction) = values[1]
                        else { throw UnexpectedReply() }
                        #expect(
                            limit.decision(
                                untilWhole: .init(microseconds: debt, fraction: fraction))
                                == rate.decide(
                                    &wholeAt, now: rate.ticks(of: .microseconds(now))))
                    }
                }
            }
        }
    }
}

private struct UnexpectedReply: Error {}

extension ClientFixture {
    /// Decides on a request by way of the client.
    fileprivate func decide(
        _ key: RateLimitKey, under policy: RateLimitPolicy
    ) async -> RateLimitDecision? {
        await loop.run { [client] _ in
            await RedisRateLimits(client).decide(key, under: policy)
        }
    }
}
