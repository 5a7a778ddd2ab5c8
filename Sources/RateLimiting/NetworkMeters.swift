import Ambient
import HTTP

/// When the quota of each client is whole again, in bounded memory and bounded time; pure.
///
/// It is a table of small groups of slots, as caches of processors are, and a client's group
/// follows from its address. Whose quota is whole is as good as unknown, so such a slot is taken
/// by the next client of the group; nothing has to be swept. If all slots of a group are in use,
/// whoever has none shares one more with all others that have none. So nobody's state is ever lost
/// to others, and there is always a limit: a group admits at most ``slotsMax`` + 1 quotas.
///
/// Addresses are cheap in IPv6: a tunnel broker gives 65,536 networks of 64 bits away for nothing.
/// Hence all networks of one site, 48 bits (RFC 6177 §2), have one group: who owns a site can crowd
/// one group, but no other, and gains 17 quotas, not 65,536. Who owns many sites can crowd all
/// groups of IPv6, so IPv4 has groups of its own. The hash has a key that nobody knows (`Hasher`),
/// so that nobody can aim at the group of somebody else.
struct NetworkMeters: Sendable {
    /// Most clients that have a slot of their own, in all.
    static let keyCountMax = 65_536
    /// Most clients of a group that have a slot of their own.
    static let slotsMax = 16

    fileprivate struct Slot {
        var network: ClientAddress
        var wholeAt: CellRate.Ticks
    }

    fileprivate struct Group {
        /// Grows up to ``slotsMax`` as they are needed.
        var slots: [Slot] = []
        /// The quota of those who have no slot.
        var sharedWholeAt: CellRate.Ticks = 0
    }

    private let rate: CellRate
    /// The first half is IPv4's.
    private var groups: [Group]
    private var latest: CellRate.Ticks = 0

    /// Makes the table of a limit; all quotas are whole.
    /// - Parameter groupCount: The number of groups, an even one.
    init(_ limit: RateLimit, groupCount: Int = keyCountMax / slotsMax) {
        precondition(groupCount > 0 && groupCount % 2 == 0, "\(groupCount) groups have no half.")
        rate = CellRate(limit)
        groups = Array(repeating: Group(), count: groupCount)
    }

    /// Clients that have a slot.
    var keyCount: Int { groups.reduce(0) { $0 + $1.slots.count } }

    /// Decides on a request of a client.
    /// - Parameter time: Since a start that is the same each time; an earlier time than before
    ///   counts as the same.
    mutating func decide(_ client: ClientAddress, at time: Duration) -> RateLimitDecision {
        latest = max(latest, rate.ticks(of: time))
        let network = client.network
        return groups[groupIndex(of: network)].decide(network, rate, now: latest)
    }

    /// The group of a network.
    func groupIndex(of network: ClientAddress) -> Int {
        let half = groups.count / 2
        let site = network.isIPv4 ? network.low : network.high >> 16
        let index = Int(UInt(bitPattern: site.hashValue) % UInt(half))
        return network.isIPv4 ? index : half + index
    }
}

extension NetworkMeters.Group {
    fileprivate mutating func decide(
        _ network: ClientAddress, _ rate: CellRate, now: CellRate.Ticks
    ) -> RateLimitDecision {
        guard let index = slotIndex(of: network, now: now) else {
            return rate.decide(&sharedWholeAt, now: now)
        }
        return rate.decide(&slots[index].wholeAt, now: now)
    }

    /// The slot of a network, which may be one that nobody needs any more or a new one; nil if
    /// there is none to be had.
    private mutating func slotIndex(of network: ClientAddress, now: CellRate.Ticks) -> Int? {
        var spare: Int?
        for index in slots.indices {
            if slots[index].network == network { return index }
            if spare == nil, slots[index].wholeAt <= now { spare = index }
        }
        if let spare {
            slots[spare].network = network
            return spare
        }
        guard slots.count < NetworkMeters.slotsMax else { return nil }
        slots.append(NetworkMeters.Slot(network: network, wholeAt: now))
        return slots.count - 1
    }
}
