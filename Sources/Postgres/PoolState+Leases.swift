import Ambient

extension PoolState {
    /// Lets those have what is idle who wait for a connection alone, or for a batch, in the order
    /// of asking; but who waits until a batch may begin holds up nobody who wants to be alone.
    mutating func grantExclusiveWaiters(turn: UInt64, _ now: MonotonicTime) -> [Action] {
        var actions: [Action] = []
        while let (waiter, lease) = nextGrant(turn: turn, now) {
            waitEnded(waiter, now: now)
            actions.append(.grant(waiter: waiter.id, lease))
        }
        return actions
    }

    private mutating func nextGrant(
        turn: UInt64, _ now: MonotonicTime
    ) -> (WaiterQueue.Waiter, Lease)? {
        let isBatchFirst =
            (batchedWaiters.first?.id ?? .max) < (exclusiveWaiters.first?.id ?? .max)
        if isBatchFirst, let lease = batchedLease(turn: turn, now) {
            return batchedWaiters.popFirst().map { ($0, lease) }
        }
        if !exclusiveWaiters.isEmpty, let lease = idleLease(now) {
            return exclusiveWaiters.popFirst().map { ($0, lease) }
        }
        if !batchedWaiters.isEmpty, let lease = batchedLease(turn: turn, now) {
            return batchedWaiters.popFirst().map { ($0, lease) }
        }
        return nil
    }

    /// A connection for a caller, if there is one.
    mutating func lease(for use: Use, turn number: UInt64?, now: MonotonicTime) -> Lease? {
        switch use {
        case .shared: return sharedLease(turn: number)
        case .bulk: return bulkLease()
        case .exclusive where isSingle:
            guard slots[0].status == .ready, slots[0].userCount == 0 else { return nil }
            slots[0].isLeasedAlone = true
            return take(0)
        case .exclusive: return idleLease(now)
        case .batched: return number.flatMap { batchedLease(turn: $0, now) }
        }
    }

    private mutating func idleLease(_ now: MonotonicTime) -> Lease? {
        while let slot = idle.popLast() {
            guard isPastLife(slot, now) else { return take(slot) }
            forget(slot, .lifetime)
            retired.append(slot)
        }
        return nil
    }

    private mutating func batchedLease(turn: UInt64, _ now: MonotonicTime) -> Lease? {
        if let batch, batch.turn == turn, batch.count < configuration.writeBatchMax,
            isValid(batch.lease)
        {
            precondition(slots[batch.lease.slot].isBatch, "Slot \(batch.lease.slot) was joined.")
            self.batch?.count += 1
            return take(batch.lease.slot)
        }
        guard spareBatchCount > 0, let lease = idleLease(now) else { return nil }
        slots[lease.slot].isBatch = true
        batch = (turn, lease, 1)
        return lease
    }

    /// How many more batches of writes may be under way. What comes meanwhile gathers, since larger
    /// batches cost the server less.
    var spareBatchCount: Int { configuration.writeBatchesMax - slots.count(where: \.isBatch) }

    private mutating func sharedLease(turn number: UInt64?) -> Lease? {
        if let number, let turn, turn.number == number, isShareable(turn.slot) {
            return take(turn.slot)
        }
        var best: Int?
        for slot in 0..<sharedCount where isShareable(slot) {
            if slots[slot].userCount < best.map({ slots[$0].userCount }) ?? .max { best = slot }
        }
        guard let best else { return nil }
        if slots[best].userCount > 0 { wantSharing() }
        turn = number.map { ($0, best) }
        return take(best)
    }

    /// Always the same connection, if it is open, so that the others have fewer users.
    private mutating func bulkLease() -> Lease? {
        let slot = sharedCount - 1
        guard !isShareable(slot) else { return take(slot) }
        wantSharing()
        return sharedLease(turn: nil)
    }

    /// Has all shared connections opened, and none closed for having had no use.
    mutating func keepSharing(now: MonotonicTime) {
        wantSharing()
        for slot in 0..<sharedCount where slots[slot].idleSince != nil {
            slots[slot].idleSince = now
        }
    }

    private mutating func wantSharing() {
        guard !isSharingWanted, sharedCount > 1 else { return }
        isSharingWanted = true
        needsPlan = true
    }

    private func isShareable(_ slot: Int) -> Bool {
        slots[slot].status == .ready && !slots[slot].isLeasedAlone
    }

    func isPastLife(_ slot: Int, _ now: MonotonicTime) -> Bool {
        slots[slot].retiresAt.map { $0 <= now } ?? false
    }

    mutating func take(_ slot: Int) -> Lease {
        slots[slot].userCount += 1
        slots[slot].idleSince = nil
        return Lease(slot: slot, generation: slots[slot].generation)
    }
}
