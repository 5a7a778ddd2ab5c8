package import Ambient

/// Which connection of a pool may do what, who waits, and when to connect.
///
/// Pure: callers tell it what happened and ask it for a ``plan(turn:now:)``. The first slots are
/// shared by short reads, any number at a time; the others are leased to one caller each, or to
/// writes that share a commit, so that a commit holds up no read. A pool of one connection shares
/// it, or leases it alone, in turns.
package struct PoolState {
    /// What a caller wants a connection for.
    package enum Use: Equatable, Sendable {
        /// A short read, beside others.
        case shared
        /// A short read of many rows, beside others: all of them on one connection, which those of
        /// few rows then leave to them.
        case bulk
        /// Something that wants the connection alone.
        case exclusive
        /// A write that shares a connection, and a commit, with others that come in the same turn.
        case batched
    }

    /// A caller's right to use a connection.
    package struct Lease: Equatable, Sendable {
        /// The connection's place in the pool, from 0.
        package let slot: Int
        let generation: Int
    }

    /// The answer to a caller who asks for a connection.
    package enum Acquisition: Equatable, Sendable {
        /// Use this one, then release it.
        case granted(Lease)
        /// Wait for ``Action/grant(waiter:_:)`` or ``Action/expire(waiter:)``.
        case waiting(waiter: Int)
        /// Too many wait already.
        case overloaded
    }

    /// What the pool's owner is to do.
    package enum Action: Equatable, Sendable {
        /// Open a connection for this slot, then call `connected` or `connectFailed`. There may be
        /// an older one, which works until the new one takes its place.
        case connect(slot: Int)
        /// Let the waiter use a connection.
        case grant(waiter: Int, Lease)
        /// Tell the waiter that his time is up.
        case expire(waiter: Int)
        /// Close the connection in this slot, which has been forgotten.
        case close(slot: Int)
        /// Close the connection whose place a newer one took: nobody uses it any more.
        case closeReplaced
        /// Ask for a plan again at this time.
        case wake(at: MonotonicTime)
    }

    struct Slot {
        enum Status { case empty, connecting, ready }

        var status = Status.empty
        /// Counts the connections of the slot, so that a lease of an earlier one is recognised.
        var generation = 0
        var userCount = 0
        /// The only connection of a pool is leased to one caller.
        var isLeasedAlone = false
        /// Its users are writes that share a commit.
        var isBatch = false
        /// The connection works, and the one that will take its place is being opened.
        var isBeingReplaced = false
        var retiresAt: MonotonicTime?
        /// Since when nobody uses it.
        var idleSince: MonotonicTime?
        var hasBeenOpen = false
    }

    let configuration: PoolConfiguration
    let sharedCount: Int
    var slots: [Slot]
    /// Exclusive slots that nobody uses, the one that was used last at the end.
    var idle: [Int] = []
    var sharedWaiters = WaiterQueue()
    var exclusiveWaiters = WaiterQueue()
    var batchedWaiters = WaiterQueue()
    private var lastWaiter = 0
    var backoff: Backoff
    var nextAttemptAt: MonotonicTime?
    /// Slots that were forgotten and whose connection is still to be closed.
    var retired: [Int] = []
    /// The connection whose place a newer one took, while it still has users.
    var replaced: (lease: Lease, userCount: Int)?
    /// More than one short read was under way at a time: all shared connections are wanted.
    var isSharingWanted = false
    var turn: (number: UInt64, slot: Int)?
    /// The batch of writes that came last: others may join it while its turn lasts.
    var batch: (turn: UInt64, lease: Lease, count: Int)?
    var counts = PoolStatistics()
    /// Whether something is to be planned before the next wake-up.
    package internal(set) var needsPlan = true

    /// Makes the state of a pool without connections.
    package init(configuration: PoolConfiguration) {
        self.configuration = configuration
        backoff = Backoff(from: configuration.backoffMin, to: configuration.backoffMax)
        slots = Array(repeating: Slot(), count: configuration.connectionsMax)
        sharedCount = max(1, min(configuration.sharedMax, configuration.connectionsMax - 1))
    }

    /// Whether the last attempt to connect failed.
    package var isFailing: Bool { backoff.isFailing }

    /// What a write is to ask for: a connection alone, but for the one that everything shares.
    package var useOfWrites: Use { isSingle ? .shared : .exclusive }

    /// Whether writes may ask for ``Use/batched``.
    package var takesBatches: Bool { configuration.batchesWrites && !isSingle }

    /// Whether everything shares one connection.
    var isSingle: Bool { slots.count == 1 }

    /// A caller wants a connection. Nobody overtakes those who wait for one of the same kind.
    /// - Parameter turn: The number of the loop's turn: the short reads of one turn go to one
    ///   connection, so that they share a batch, and so do its batched writes.
    package mutating func acquire(
        _ use: Use, turn: UInt64, now: MonotonicTime
    ) -> Acquisition {
        precondition(use != .batched || takesBatches, "A write was batched where none is.")
        let rivalCount = rivalCount(of: use)
        if rivalCount == 0, let lease = lease(for: use, turn: turn, now: now) {
            return .granted(lease)
        }
        guard rivalCount < configuration.waitersMax else {
            counts.refusals += 1
            return .overloaded
        }
        lastWaiter += 1
        let waiter = WaiterQueue.Waiter(id: lastWaiter, use: use, since: now)
        enqueue(waiter)
        // One more who fits into a batch changes neither what is wanted nor the next deadline.
        if use == .exclusive || rivalCount.isMultiple(of: configuration.writeBatchMax) {
            needsPlan = true
        }
        return .waiting(waiter: lastWaiter)
    }

    /// How many wait for what `use` wants, in a queue of their own each; but before the one
    /// connection of a pool there is a single queue.
    private func rivalCount(of use: Use) -> Int {
        switch use {
        case .shared, .bulk: sharedWaiters.count
        case .exclusive: isSingle ? sharedWaiters.count : exclusiveWaiters.count
        case .batched: batchedWaiters.count
        }
    }

    private mutating func enqueue(_ waiter: WaiterQueue.Waiter) {
        switch waiter.use {
        case .exclusive where !isSingle: exclusiveWaiters.append(waiter)
        case .shared, .bulk, .exclusive: sharedWaiters.append(waiter)
        case .batched: batchedWaiters.append(waiter)
        }
    }

    /// A waiter does not want a connection any longer.
    /// - Returns: false when he has been told already that he has one, which he is to release, or
    ///   that his time is up.
    package mutating func waiterLeft(_ id: Int, now: MonotonicTime) -> Bool {
        guard
            let waiter = sharedWaiters.remove(id) ?? exclusiveWaiters.remove(id)
                ?? batchedWaiters.remove(id)
        else { return false }
        counts.abandonedWaits += 1
        waitEnded(waiter, now: now)
        // Whoever stood behind him in front of a single connection may be next.
        needsPlan = needsPlan || isSingle
        return true
    }

    /// Whether the connection of a lease is still the one of its slot.
    package func isValid(_ lease: Lease) -> Bool {
        slots[lease.slot].generation == lease.generation
    }

    /// Whether a lease is of the connection whose place a newer one has taken.
    package func isOfReplaced(_ lease: Lease) -> Bool { replaced?.lease == lease }

    /// A caller is done with a connection.
    /// - Parameters:
    ///   - fault: Why it must not be used again, if so.
    ///   - turn: The number of the loop's turn.
    /// - Returns: What is to be done at once.
    package mutating func release(
        _ lease: Lease, discarding fault: DiscardReason? = nil, turn: UInt64, now: MonotonicTime
    ) -> [Action] {
        let slot = lease.slot
        guard slots[slot].generation == lease.generation else { return releaseReplaced(lease) }
        precondition(slots[slot].userCount > 0, "Slot \(slot) was released more than leased.")
        slots[slot].userCount -= 1
        slots[slot].isLeasedAlone = false
        if slots[slot].userCount == 0 { slots[slot].isBatch = false }
        if let fault { return discard(slot, fault) }
        guard slots[slot].userCount == 0 else { return [] }
        // Whoever comes next may want the connection alone, in the same turn.
        if batch?.lease == lease { batch = nil }
        slots[slot].idleSince = now
        guard slot >= sharedCount else {
            needsPlan = needsPlan || !sharedWaiters.isEmpty
            return []
        }
        if isPastLife(slot, now) { return discard(slot, .lifetime) }
        idle.append(slot)
        return grantExclusiveWaiters(turn: turn, now)
    }

    /// Whether a lease is the only one of its connection, which is inspected therefore before it
    /// goes to others; what short reads share never is.
    package func isInspected(afterLast lease: Lease) -> Bool {
        lease.slot >= sharedCount && isValid(lease) && slots[lease.slot].userCount == 1
    }

    private mutating func releaseReplaced(_ lease: Lease) -> [Action] {
        guard let (replacedLease, userCount) = replaced, replacedLease == lease else { return [] }
        replaced = userCount == 1 ? nil : (lease, userCount - 1)
        // Another connection may have become old meanwhile.
        needsPlan = needsPlan || userCount == 1
        return userCount == 1 ? [.closeReplaced] : []
    }

    /// Forgets the connection of a slot, which is to be closed.
    mutating func discard(_ slot: Int, _ reason: DiscardReason) -> [Action] {
        forget(slot, reason)
        return [.close(slot: slot)]
    }

    mutating func forget(_ slot: Int, _ reason: DiscardReason) {
        counts.discards[reason, default: 0] += 1
        let isComing = slots[slot].isBeingReplaced
        slots[slot] = Slot(
            status: isComing ? .connecting : .empty, generation: slots[slot].generation + 1,
            hasBeenOpen: slots[slot].hasBeenOpen)
        needsPlan = true
    }

    mutating func waitEnded(_ waiter: WaiterQueue.Waiter, now: MonotonicTime) {
        counts.waits += 1
        counts.waitTime += now - waiter.since
    }
}
