import Ambient
import HTTP
package import RateLimiting
package import Redis

/// Quotas that all processes with the same Redis share; each loop has its own way to it.
///
/// A quota is a key that lives until the quota is whole again, so Redis holds those clients only of
/// whom something has to be remembered. What it says of one is when its quota will be whole, as
/// `CellRate` does, in microseconds of Redis' own clock and a fraction. One that takes too long, or
/// has no room, is not asked twice.
package final class RedisRateLimits: SharedRateLimits {
    private let client: RedisClient

    /// Shares quotas by way of a client.
    package init(_ client: RedisClient) { self.client = client }

    /// Decides in one round trip.
    package func decide(
        _ key: RateLimitKey, under policy: RateLimitPolicy
    ) async -> RateLimitDecision? {
        let limit = policy.limit
        let window = limit.windowSeconds * 1_000_000
        let arguments = [Array("\(window)".utf8), Array("\(limit.requestCount)".utf8)]
        let debt = try? await client.run(
            Self.script, on: Self.name(of: key, under: policy), arguments
        ) { reply -> RateLimit.Debt? in
            guard case .list(let values) = reply, values.count == 2,
                case .integer(let microseconds) = values[0],
                case .integer(let fraction) = values[1],
                (0...Int64(window)).contains(microseconds),
                (0..<Int64(limit.requestCount)).contains(fraction)
            else { return nil }
            return RateLimit.Debt(microseconds: microseconds, fraction: fraction)
        }
        return debt.map(limit.decision(untilWhole:))
    }

    /// The key of a quota. It names the limit too: under another one, what is kept would mean
    /// something else.
    private static func name(of key: RateLimitKey, under policy: RateLimitPolicy) -> [UInt8] {
        let limit = policy.limit
        let client =
            switch key {
            case .network(let network): "network:\(digits(network.high, network.low))"
            case .user(let user): "user:\(digits(user.high, user.low))"
            }
        let name = "user-management:limit:\(policy.name.rawValue):\(limit.requestCount)/"
        return Array("\(name)\(limit.windowSeconds):\(client)".utf8)
    }

    private static func digits(_ high: UInt64, _ low: UInt64) -> String {
        Digits.hexadecimal(high) + Digits.hexadecimal(low)
    }

    /// Takes the window in microseconds and the number of requests in it, and returns what the
    /// quota lacked before this request: how long until it is whole, in microseconds and parts of
    /// one, of which there are as many as requests. The request is counted if it is admitted.
    ///
    /// Lua's numbers are exact up to 2⁵³, so these are, with times until the year 2255. A
    /// clock that was set back leaves nobody with less than an empty quota.
    static let script = RedisScript(
        """
        local window, count = tonumber(ARGV[1]), tonumber(ARGV[2])
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local debt, part = 0, 0
        local kept = redis.call('GET', KEYS[1])
        local whole, rest = string.match(kept or '', '^(%d+) (%d+)$')
        if whole and whole - now >= 0 then debt, part = whole - now, tonumber(rest) end
        if debt >= window then debt, part = window, 0 end
        local newDebt, newPart = debt + math.floor(window / count), part + window % count
        if newPart >= count then newDebt, newPart = newDebt + 1, newPart - count end
        if newDebt < window or newDebt == window and newPart == 0 then
          redis.call('SET', KEYS[1], string.format('%.0f %.0f', now + newDebt, newPart),
            'PX', math.floor(newDebt / 1000) + 1)
        end
        return {debt, part}
        """, digest: "3ba9c6109f65ae08eb4d1006ebe9713991777d74")
}
