package import Ambient
import PrometheusMetrics
package import Redis
package import Reactor
package import Users

/// Users in a Redis that all processes share, each for a short life; each loop has its own way to
/// it.
///
/// A key holds a user, or a lease: a number that nobody else has drawn. Whoever finds nothing
/// leaves a lease, reads the database, and puts the user in the lease's place, if it is still
/// there, for what is left of its life. So what a key holds was read less than a life ago, and
/// ``forget(_:)`` deletes what was read before as well as what is about to be: who comes later
/// finds nothing, and reads after the change. If Redis does not confirm that, ``forget(_:)`` waits
/// until nothing of before can be left.
///
/// It holds for one Redis whose clock is not set back: what one process deletes in one server
/// another may still find in a second one.
package final class RedisUserCache: UserCache {
    /// The waits for somebody who is filling the cache, one after the other: longer in all than a
    /// read takes of a database that does well.
    private static let waits: [Duration] = [1, 2, 4, 8, 16, 32, 64].map { .milliseconds($0) }
    /// How long somebody has to fill the cache, in milliseconds: whoever comes later takes over, so
    /// that one who has died, or never heard that it was for him, is in nobody's way for long.
    private static let leaseMilliseconds = 250
    /// The waits between attempts to delete, from the first one on.
    private static let deletionWaits = (
        least: Duration.milliseconds(2), most: Duration.milliseconds(100)
    )

    /// The loop on which its client lives.
    package var loop: EventLoop { client.loop }
    private let client: RedisClient
    private let timeToLive: Duration
    private let entropy: Entropy
    private let metrics: UserCacheMetrics
    private let shard: MetricsShard

    /// Keeps users by way of a client that asks for its server.
    /// - Parameter timeToLive: Whole milliseconds; the same in all processes that share the Redis.
    package init(
        _ client: RedisClient, timeToLive: Duration, entropy: Entropy, metrics: UserCacheMetrics
    ) {
        self.client = client
        self.timeToLive = timeToLive
        self.entropy = entropy
        self.metrics = metrics
        shard = metrics.shard(ofLoop: client.loop.index)
    }

    /// Asks Redis, and the database if that has nothing or does not answer.
    ///
    /// Nobody shares a look with somebody else but by way of Redis, so each begins after whatever
    /// its client was told of before.
    package func user(
        withID id: UserID, orElse read: () async throws(UserError) -> User?
    ) async throws(UserError) -> User? {
        let lease = Lease(number: entropy.next())
        var hasWaited = false
        for wait in Self.waits {
            switch await look(for: id, leaving: lease) {
            case .user(let user):
                metrics.reads.add(.hit, on: shard)
                return user
            case .ownLease:
                metrics.reads.add(.miss, on: shard)
                return try await fill(id, lease, read)
            case .malformed:
                metrics.reads.add(.malformed, on: shard)
                _ = await delete(id)
                return try await read()
            case .nothing:
                metrics.reads.add(.failed, on: shard)
                return try await read()
            case .othersLease:
                if !hasWaited { metrics.waits.add(on: shard) }
                hasWaited = true
                await client.loop.pause(until: .now + wait)
            }
        }
        metrics.reads.add(.crowded, on: shard)
        return try await read()
    }

    /// Deletes what is kept of a user, until Redis confirms it or nothing can be left.
    package func forget(_ id: UserID) async {
        // Nothing that was read before now lives longer, by the clock of Redis.
        let end = MonotonicTime.now + timeToLive * 1.05 + .milliseconds(10)
        if await delete(id) { return metrics.invalidations.add(.confirmed, on: shard) }
        var wait = Self.deletionWaits.least
        while MonotonicTime.now < end {
            await client.loop.pause(until: min(.now + wait, end))
            if await delete(id) { return metrics.invalidations.add(.late, on: shard) }
            wait = min(wait * 2, Self.deletionWaits.most)
        }
        metrics.invalidations.add(.missed, on: shard)
    }

    /// Deletes what is kept of a user if Redis can be reached now; from any thread.
    package func forgetIfPossible(_ id: UserID) async { _ = await delete(id) }
}

// MARK: What is said to Redis

extension RedisUserCache {
    /// What a key held.
    private enum Find {
        case user(User)
        /// Nothing; now it is for whoever has looked to fill it.
        case ownLease
        case othersLease
        case malformed
        /// Nobody knows.
        case nothing
    }

    /// Takes a lease, a life and how long a lease is good, in milliseconds, and returns the user
    /// that the key holds; else 1 if it holds a lease that is good, and 0 if the lease has become
    /// what it holds. What is neither goes.
    static let looking = RedisScript(
        """
        local kept = redis.pcall('GET', KEYS[1])
        if type(kept) == 'string' then
          if string.sub(kept, 1, 1) == 'U' then return kept end
          if string.sub(kept, 1, 1) == 'L' and
            redis.call('PTTL', KEYS[1]) > ARGV[2] - ARGV[3] then return 1 end
        end
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        return 0
        """, digest: "c1177257bf4d8886d0ea9e272fc4399463ff6b06")

    /// Takes a lease and a user, or nothing, and puts it in the lease's place for the rest of its
    /// life. Returns whether the lease was there.
    static let filling = RedisScript(
        """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        if ARGV[2] == '' then redis.call('DEL', KEYS[1])
        else redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL') end
        return 1
        """, digest: "b9fab15807c68e1aa1f7c69deaf2cc9777807e00")

    private func look(for id: UserID, leaving lease: Lease) async -> Find {
        let times = [Int(timeToLive / .milliseconds(1)), Self.leaseMilliseconds]
        let find = try? await client.run(
            Self.looking, onKeyForServer: { Self.key(of: id, at: $0) },
            [lease.octets] + times.map { Array("\($0)".utf8) }
        ) { reply -> Find? in
            switch reply {
            case .string(let octets):
                UserEntry.user(withID: id, in: octets).map(Find.user) ?? .malformed
            case .integer(0): .ownLease
            case .integer(1): .othersLease
            default: nil
            }
        }
        return find ?? .nothing
    }

    /// Reads a user and keeps it, or lets others try.
    private func fill(
        _ id: UserID, _ lease: Lease, _ read: () async throws(UserError) -> User?
    ) async throws(UserError) -> User? {
        do {
            let user = try await read()
            await put(user.flatMap(UserEntry.octets), of: id, for: lease)
            return user
        } catch {
            await put(nil, of: id, for: lease)
            throw error
        }
    }

    private func put(_ entry: [UInt8]?, of id: UserID, for lease: Lease) async {
        let outcome = try? await client.run(
            Self.filling, onKeyForServer: { Self.key(of: id, at: $0) },
            [lease.octets, entry ?? []]
        ) { reply -> UserCacheMetrics.Fill? in
            switch reply {
            case .integer(1): entry == nil ? .released : .kept
            case .integer(0): .refused
            default: nil
            }
        }
        metrics.fills.add(outcome ?? .failed, on: shard)
    }

    /// - Returns: Whether Redis has confirmed it.
    private func delete(_ id: UserID) async -> Bool {
        let isConfirmed = try? await client.run(
            forServer: { RedisCommand("DEL", [Self.key(of: id, at: $0)]) }
        ) { reply -> Bool? in
            if case .integer = reply { true } else { nil }
        }
        return isConfirmed ?? false
    }

    /// The key of a user. It names the server, so that what another one has left behind is not
    /// looked at.
    static func key(of id: UserID, at server: RedisServer) -> [UInt8] {
        Array("user-management:user:".utf8) + server.runID
            + Array(":\(Digits.hexadecimal(id.uuid.high))\(Digits.hexadecimal(id.uuid.low))".utf8)
    }
}

/// What one who is to fill a key holds.
private struct Lease {
    let octets: [UInt8]

    init(number: UInt64) { octets = Array("L\(Digits.hexadecimal(number))".utf8) }
}
