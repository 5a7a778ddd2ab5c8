import Ambient
import Synchronization

/// The quotas of one policy as this process counts them; all loops share them, from any thread.
///
/// The table is cut into shards with a lock each, held for as long as it takes to look at one group
/// of slots: threads meet at one only if they decide on clients of the same shard in the same tenth
/// of a microsecond.
final class LocalQuotas: Sendable {
    /// Most clients that have a slot of their own, in all.
    static let keyCountMax = 65_536
    private static let shardCount = 64

    /// A reference, so that the locks of two shards do not share a line of the processor's cache.
    private final class Shard: Sendable {
        let table: Mutex<QuotaTable>

        init(_ limit: RateLimit, groupCount: Int) {
            table = Mutex(QuotaTable(limit, groupCount: groupCount))
        }
    }

    private let shards: [Shard]
    private let now: @Sendable () -> MonotonicTime
    private let start: MonotonicTime

    /// Makes quotas that are whole.
    /// - Parameter now: The clock.
    init(_ limit: RateLimit, now: @escaping @Sendable () -> MonotonicTime) {
        let groupCount = Self.keyCountMax / QuotaTable.slotsMax / Self.shardCount
        shards = (0..<Self.shardCount).map { _ in Shard(limit, groupCount: groupCount) }
        self.now = now
        start = now()
    }

    /// Clients that have a slot.
    var keyCount: Int { shards.reduce(0) { $0 + $1.table.withLock { $0.keyCount } } }

    /// Decides on a request of a client.
    func decide(_ key: RateLimitKey) -> RateLimitDecision {
        let time = now() - start
        let (rest, index) = key.placement.quotientAndRemainder(
            dividingBy: UInt(bitPattern: Self.shardCount))
        return shards[Int(bitPattern: index)].table.withLock {
            $0.decide(key, placedBy: rest, at: time)
        }
    }
}
