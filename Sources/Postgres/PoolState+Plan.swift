package import Ambient

extension PoolState {
    /// A connection that was asked for is open.
    /// - Parameter jitter: 0 to 1; spreads the ends of the connections' lives.
    package mutating func connected(slot: Int, jitter: Double, now: MonotonicTime) {
        precondition(isAwaited(slot), "Slot \(slot) was not connecting.")
        backoff.succeeded()
        nextAttemptAt = nil
        let old = slots[slot]
        if old.isBeingReplaced {
            counts.discards[.lifetime, default: 0] += 1
            replaced = (Lease(slot: slot, generation: old.generation), old.userCount)
        }
        counts.connects += 1
        if old.hasBeenOpen { counts.reconnects += 1 }
        slots[slot] = Slot(
            status: .ready, generation: old.generation + 1,
            retiresAt: now + configuration.lifetime * (1 - 0.2 * jitter), idleSince: now,
            hasBeenOpen: true)
        if slot >= sharedCount { idle.append(slot) }
        needsPlan = true
    }

    /// A connection that was asked for could not be opened; the next attempt waits twice as long
    /// as the one before.
    /// - Parameter jitter: 0 to 1; spreads the attempts of several processes.
    package mutating func connectFailed(slot: Int, jitter: Double, now: MonotonicTime) {
        precondition(isAwaited(slot), "Slot \(slot) was not connecting.")
        counts.failedConnects += 1
        if slots[slot].isBeingReplaced {
            slots[slot].isBeingReplaced = false
        } else {
            slots[slot].status = .empty
        }
        nextAttemptAt = now + backoff.failed(jitter: jitter)
        needsPlan = true
    }

    /// The connection in a slot is gone; leases of it are void.
    package mutating func connectionLost(slot: Int, _ reason: DiscardReason = .lost) {
        guard slots[slot].status == .ready else { return }
        idle.removeAll { $0 == slot }
        forget(slot, reason)
    }

    /// A write changed nothing in its batch, and is run again alone.
    package mutating func writeLeftBatch() { counts.writesAlone += 1 }

    /// Gives everybody up who waits, because the pool closes.
    package mutating func expireAll(now: MonotonicTime) -> [Action] {
        var actions: [Action] = []
        while let waiter = sharedWaiters.popFirst() ?? exclusiveWaiters.popFirst()
            ?? batchedWaiters.popFirst()
        {
            waitEnded(waiter, now: now)
            actions.append(.expire(waiter: waiter.id))
        }
        return actions
    }

    /// What to do now, in order.
    /// - Parameter turn: The number of the loop's turn.
    package mutating func plan(turn: UInt64, now: MonotonicTime) -> [Action] {
        var actions: [Action] = []
        expireWaiters(now, &actions)
        grantWaiters(turn, now, &actions)
        closeIdle(now, &actions)
        actions += retired.map { .close(slot: $0) }
        retired.removeAll()
        if let (_, userCount) = replaced, userCount == 0 {
            replaced = nil
            actions.append(.closeReplaced)
        }
        connect(now, &actions)
        if let next = nextWakeUp(now) { actions.append(.wake(at: next)) }
        needsPlan = false
        return actions
    }

    /// What the pool is doing and has done; of the connections' traffic it knows nothing.
    package var statistics: PoolStatistics {
        var statistics = counts
        for slot in slots where slot.status == .ready {
            if slot.userCount > 0 { statistics.inUse += 1 } else { statistics.idle += 1 }
        }
        if replaced != nil { statistics.inUse += 1 }
        statistics.connecting = connectingCount
        statistics.waiters =
            sharedWaiters.count + exclusiveWaiters.count + batchedWaiters.count
        return statistics
    }

    private var connectingCount: Int {
        slots.count { $0.status == .connecting || $0.isBeingReplaced }
    }

    private func isAwaited(_ slot: Int) -> Bool {
        slots[slot].status == .connecting || slots[slot].isBeingReplaced
    }

    private mutating func expireWaiters(_ now: MonotonicTime, _ actions: inout [Action]) {
        let limit = configuration.acquireTimeout
        while let waiter = sharedWaiters.popFirst(waitingFor: limit, now: now)
            ?? exclusiveWaiters.popFirst(waitingFor: limit, now: now)
            ?? batchedWaiters.popFirst(waitingFor: limit, now: now)
        {
            counts.expiredWaits += 1
            waitEnded(waiter, now: now)
            actions.append(.expire(waiter: waiter.id))
        }
    }

    private mutating func grantWaiters(
        _ turn: UInt64, _ now: MonotonicTime, _ actions: inout [Action]
    ) {
        while let first = sharedWaiters.first,
            let lease = lease(for: first.use, turn: nil, now: now)
        {
            _ = sharedWaiters.popFirst()
            waitEnded(first, now: now)
            actions.append(.grant(waiter: first.id, lease))
        }
        actions += grantExclusiveWaiters(turn: turn, now)
    }

    /// Closes what nobody uses: exclusive connections past their life, and those beyond the minimum
    /// that have been idle for long.
    private mutating func closeIdle(_ now: MonotonicTime, _ actions: inout [Action]) {
        let openCount = slots.dropFirst(sharedCount).count { $0.status == .ready }
        var surplus = openCount - exclusiveMin
        for slot in idle {
            let isTooOld = isPastLife(slot, now)
            guard isTooOld || surplus > 0 && isIdleForLong(slot, now) else { continue }
            surplus -= 1
            idle.removeAll { $0 == slot }
            actions += discard(slot, isTooOld ? .lifetime : .idle)
        }
        for slot in sharedMin..<max(sharedMin, sharedCount) where slots[slot].status == .ready {
            guard slots[slot].userCount == 0, !slots[slot].isBeingReplaced,
                isIdleForLong(slot, now)
            else { continue }
            isSharingWanted = false
            actions += discard(slot, .idle)
        }
    }

    private func isIdleForLong(_ slot: Int, _ now: MonotonicTime) -> Bool {
        slots[slot].idleSince.map { $0 + configuration.idleTimeout <= now } ?? false
    }

    /// Shared connections that are open even when nobody uses them.
    private var sharedMin: Int { max(1, min(sharedCount, configuration.connectionsMin)) }

    /// The same of those that are leased to one caller.
    private var exclusiveMin: Int { max(0, configuration.connectionsMin - sharedCount) }

    private mutating func connect(_ now: MonotonicTime, _ actions: inout [Action]) {
        guard nextAttemptAt.map({ $0 <= now }) ?? true else { return }
        // While the server does not answer, one attempt at a time is enough.
        let allowed = (isFailing ? 1 : configuration.connectingMax) - connectingCount
        for slot in wantedSlots(now).prefix(max(0, allowed)) {
            if slots[slot].status == .ready {
                slots[slot].isBeingReplaced = true
            } else {
                slots[slot].status = .connecting
            }
            actions.append(.connect(slot: slot))
        }
    }

    /// Slots for which a connection ought to be opened: shared ones as they are wanted, others for
    /// those who wait and up to the minimum, and then one at a time in the place of a shared one
    /// past its life.
    private func wantedSlots(_ now: MonotonicTime) -> [Int] {
        let shared = (0..<(isSharingWanted ? sharedCount : sharedMin))
        var wanted = shared.filter { slots[$0].status == .empty }
        let exclusive = slots.indices.dropFirst(sharedCount)
        let coming = exclusive.count { slots[$0].status == .connecting }
        let open = exclusive.count { slots[$0].status == .ready }
        let (fullBatches, rest) = batchedWaiters.count.quotientAndRemainder(
            dividingBy: configuration.writeBatchMax)
        let batchCount = min(fullBatches + rest.signum(), spareBatchCount)
        let missing = max(
            exclusiveWaiters.count + batchCount - coming, exclusiveMin - open - coming, 0)
        wanted += exclusive.lazy.filter { slots[$0].status == .empty }.prefix(missing)
        if replaced == nil, !slots.contains(where: \.isBeingReplaced) {
            wanted += (0..<sharedCount).lazy.filter {
                slots[$0].status == .ready && isPastLife($0, now)
            }.prefix(1)
        }
        return wanted
    }

    private func nextWakeUp(_ now: MonotonicTime) -> MonotonicTime? {
        var times: [MonotonicTime] = []
        for waiter in [sharedWaiters.first, exclusiveWaiters.first, batchedWaiters.first] {
            if let waiter { times.append(waiter.since + configuration.acquireTimeout) }
        }
        if let nextAttemptAt, nextAttemptAt > now, !wantedSlots(now).isEmpty {
            times.append(nextAttemptAt)
        }
        for slot in slots where slot.status == .ready {
            // Later if it is used again; that shows when it is looked at.
            times.append((slot.idleSince ?? now) + configuration.idleTimeout)
            if let retiresAt = slot.retiresAt { times.append(retiresAt) }
        }
        return times.filter { $0 > now }.min()
    }
}
