import Ambient
import HTTP

/// When the quota of each client is whole again, in bounded memory and bounded time; pure.
///
/// It is a table of small groups of slots, as caches of processors are, and a client's group
/// follows from its key. Whose quota is whole is as good as unknown, so such a slot is taken
/// by the next client of the group; nothing has to be swept. If all slots of a group are in use,
/// whoever has none shares one more with all others that have none. So nobody's state is ever lost
/// to others, and there is always a limit: a group admits at most ``slotsMax`` + 1 quotas.
///
/// Addresses are cheap in IPv6: a tunnel broker gives 65,536 networks of 64 bits away for nothing.
/// Hence all networks of one site, 48 bits (RFC 6177 §2), have one group: who owns a site can crowd
/// one group, but no other, and gains 17 quotas, not 65,536. Who owns many sites can crowd all
/// groups of IPv6, so IPv4 has groups of its own.
struct QuotaTable: Sendable {
    /// Most clients of a group that have a slot of their own.
    static let slotsMax = 16

    fileprivate struct Slot {
        var key: RateLimitKey
        var wholeAt: CellRate.Ticks
    }

    fileprivate struct Group {
        /// Grows up to ``slotsMax`` as they are needed.
        var slots: [Slot] = []
        /// The quota of those who have no slot.
        var sharedWholeAt: CellRate.Ticks = 0
    }

    private let rate: CellRate
    private let groupCount: Int
    /// Of networks, the first half is IPv4's. There are none until the first client comes: most
    /// tables of most processes never see one.
    private var groups: [Group] = []
    private var latest: CellRate.Ticks = 0

    /// Makes the table of a limit; all quotas are whole.
    /// - Parameter groupCount: The number of groups, an even one.
    init(_ limit: RateLimit, groupCount: Int) {
        precondition(groupCount > 0 && groupCount % 2 == 0, "\(groupCount) groups have no half.")
        rate = CellRate(limit)
        self.groupCount = groupCount
    }

    /// Clients that have a slot.
    var keyCount: Int { groups.reduce(0) { $0 + $1.slots.count } }

    /// Decides on a request of a client.
    /// - Parameters:
    ///   - placement: The same each time: ``RateLimitKey/placement``, or what is left of it.
    ///   - time: Since a start that is the same each time; an earlier time than before counts as
    ///     the same.
    mutating func decide(
        _ key: RateLimitKey, placedBy placement: UInt, at time: Duration
    ) -> RateLimitDecision {
        if groups.isEmpty { groups = Array(repeating: Group(), count: groupCount) }
        latest = max(latest, rate.ticks(of: time))
        let index = groupIndex(of: key, placedBy: placement)
        return groups[index].decide(key, rate, now: latest)
    }

    /// The group of a client.
    func groupIndex(of key: RateLimitKey, placedBy placement: UInt) -> Int {
        guard case .network(let network) = key else {
            return Int(placement % UInt(groupCount))
        }
        let half = groupCount / 2
        let index = Int(placement % UInt(half))
        return network.isIPv4 ? index : half + index
    }
}

extension QuotaTable.Group {
    fileprivate mutating func decide(
        _ key: RateLimitKey, _ rate: CellRate, now: CellRate.Ticks
    ) -> RateLimitDecision {
        guard let index = slotIndex(of: key, now: now) else {
            return rate.decide(&sharedWholeAt, now: now)
        }
        return rate.decide(&slots[index].wholeAt, now: now)
    }

    /// The slot of a client, which may be one that nobody needs any more or a new one; nil if
    /// there is none to be had.
    private mutating func slotIndex(of key: RateLimitKey, now: CellRate.Ticks) -> Int? {
        var spare: Int?
        for index in slots.indices {
            if slots[index].key == key { return index }
            if spare == nil, slots[index].wholeAt <= now { spare = index }
        }
        if let spare {
            slots[spare].key = key
            return spare
        }
        guard slots.count < QuotaTable.slotsMax else { return nil }
        slots.append(QuotaTable.Slot(key: key, wholeAt: now))
        return slots.count - 1
    }
}
