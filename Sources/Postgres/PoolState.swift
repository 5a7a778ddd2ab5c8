package import Ambient

/// Which connection of a pool may do what, who waits, and when to connect.
///
/// Pure: callers tell it what happened and ask it for a ``plan(now:)``. The first slots are
/// shared by short reads, any number at a time; the others are leased to one caller each, so that
/// a commit holds up no read. A pool of one connection shares it for everything.
package struct PoolState {
    /// What a caller wants a connection for.
    package enum Use: Equatable, Sendable {
        /// A short read, beside others.
        case shared
        /// A statement that wants the connection alone.
        case exclusive
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
        /// Open a connection for this slot, then call `connected` or `connectFailed`.
        case connect(slot: Int)
        /// Let the waiter use a connection.
        case grant(waiter: Int, Lease)
        /// Tell the waiter that his time is up.
        case expire(waiter: Int)
        /// Close the connection in this slot, which has been forgotten.
        case close(slot: Int)
        /// Ask for a plan again at this time.
        case wake(at: MonotonicTime)
    }

    private enum Status: Equatable {
        case empty
        case connecting
        case ready(userCount: Int, retiresAt: MonotonicTime)
    }

    private struct Slot {
        var status = Status.empty
        var generation = 0
    }

    private struct Waiter {
        let id: Int
        let use: Use
        let deadline: MonotonicTime
    }

    private let configuration: PoolConfiguration
    private let sharedCount: Int
    private var slots: [Slot]
    private var waiters: [Waiter] = []
    private var lastWaiter = 0
    private var failureCount = 0
    private var nextAttemptAt: MonotonicTime?
    private var retired: [Int] = []
    private var turn: (number: UInt64, slot: Int)?

    /// Makes the state of a pool without connections.
    package init(configuration: PoolConfiguration) {
        self.configuration = configuration
        slots = Array(repeating: Slot(), count: configuration.connectionsMax)
        sharedCount = max(1, min(configuration.sharedMax, configuration.connectionsMax - 1))
    }

    /// How many connections are open.
    package var openCount: Int {
        slots.count { if case .ready = $0.status { true } else { false } }
    }

    /// How many callers wait.
    package var waiterCount: Int { waiters.count }

    /// Whether the last attempt to connect failed.
    package var isFailing: Bool { failureCount > 0 }

    /// Whether something is to be planned after a lease was released.
    package var needsPlan: Bool { !waiters.isEmpty || !retired.isEmpty }

    /// A caller wants a connection. Nobody overtakes those who wait for one of the same kind.
    /// - Parameter turn: The number of the loop's turn: the short reads of one turn go to one
    ///   connection, so that they share a batch.
    package mutating func acquire(
        _ use: Use, turn: UInt64, now: MonotonicTime
    ) -> Acquisition {
        let rivalCount = waiters.isEmpty ? 0 : rivalCount(for: use)
        if rivalCount == 0, let lease = lease(for: use, turn: turn) { return .granted(lease) }
        guard rivalCount < configuration.waitersMax else { return .overloaded }
        lastWaiter += 1
        waiters.append(
            Waiter(id: lastWaiter, use: use, deadline: now + configuration.acquireTimeout))
        return .waiting(waiter: lastWaiter)
    }

    /// A caller is done with a connection.
    package mutating func release(_ lease: Lease, now: MonotonicTime) {
        guard slots[lease.slot].generation == lease.generation,
            case .ready(let userCount, let retiresAt) = slots[lease.slot].status
        else { return }
        precondition(userCount > 0, "Slot \(lease.slot) was released more often than leased.")
        if userCount == 1, retiresAt <= now {
            forget(lease.slot)
            retired.append(lease.slot)
        } else {
            slots[lease.slot].status = .ready(userCount: userCount - 1, retiresAt: retiresAt)
        }
    }

    /// A connection that was asked for is open.
    /// - Parameter jitter: 0 to 1; spreads the ends of the connections' lives.
    package mutating func connected(slot: Int, jitter: Double, now: MonotonicTime) {
        precondition(slots[slot].status == .connecting, "Slot \(slot) was not connecting.")
        failureCount = 0
        nextAttemptAt = nil
        let lifetime = configuration.lifetime * (1 - 0.2 * jitter)
        slots[slot].status = .ready(userCount: 0, retiresAt: now + lifetime)
    }

    /// A connection that was asked for could not be opened; the next attempt waits twice as long
    /// as the one before.
    /// - Parameter jitter: 0 to 1; spreads the attempts of several processes.
    package mutating func connectFailed(slot: Int, jitter: Double, now: MonotonicTime) {
        precondition(slots[slot].status == .connecting, "Slot \(slot) was not connecting.")
        forget(slot)
        let doubled = configuration.backoffMin * (1 << min(failureCount, 16))
        let delay = min(configuration.backoffMax, doubled) * (1 - 0.5 * jitter)
        failureCount += 1
        nextAttemptAt = now + delay
    }

    /// The connection in a slot is gone; leases of it are void.
    package mutating func connectionLost(slot: Int) {
        guard case .ready = slots[slot].status else { return }
        forget(slot)
    }

    /// Gives everybody up who waits, because the pool closes.
    package mutating func expireAll() -> [Action] {
        defer { waiters.removeAll() }
        return waiters.map { .expire(waiter: $0.id) }
    }

    /// What to do now, in order.
    package mutating func plan(now: MonotonicTime) -> [Action] {
        var actions: [Action] = retired.map { .close(slot: $0) }
        retired.removeAll()
        while let first = waiters.first, first.deadline <= now {
            actions.append(.expire(waiter: waiters.removeFirst().id))
        }
        actions += grants()
        actions += connects(now: now)
        // An attempt that was due and is under way calls for no wake-up: its end asks for a plan.
        let attempt = wantedSlots.isEmpty ? nil : nextAttemptAt.flatMap { $0 > now ? $0 : nil }
        if let next = [attempt, waiters.first?.deadline].compactMap({ $0 }).min() {
            actions.append(.wake(at: next))
        }
        return actions
    }

    /// How many wait for a connection that this caller could have.
    private func rivalCount(for use: Use) -> Int {
        slots.count == 1 ? waiters.count : waiters.count { $0.use == use }
    }

    private mutating func grants() -> [Action] {
        var actions: [Action] = []
        var remaining: [Waiter] = []
        for waiter in waiters {
            if let lease = lease(for: waiter.use, turn: nil) {
                actions.append(.grant(waiter: waiter.id, lease))
            } else {
                remaining.append(waiter)
            }
        }
        waiters = remaining
        return actions
    }

    private mutating func connects(now: MonotonicTime) -> [Action] {
        guard nextAttemptAt.map({ $0 <= now }) ?? true else { return [] }
        let connectingCount = slots.count { $0.status == .connecting }
        // While the server does not answer, one attempt at a time is enough.
        let allowed = isFailing ? 1 : configuration.connectingMax
        return wantedSlots.prefix(max(0, allowed - connectingCount)).map { slot in
            slots[slot].status = .connecting
            return .connect(slot: slot)
        }
    }

    /// Empty slots that ought to be filled: the shared ones always, the others for those who wait.
    private var wantedSlots: [Int] {
        let shared = slots.indices.prefix(sharedCount).filter { slots[$0].status == .empty }
        let exclusive = slots.indices.dropFirst(sharedCount)
        let waiting = waiters.count { $0.use == .exclusive }
        let coming = exclusive.count { slots[$0].status == .connecting }
        let wanted = exclusive.filter { slots[$0].status == .empty }
            .prefix(max(0, waiting - coming))
        return shared + wanted
    }

    private mutating func lease(for use: Use, turn number: UInt64?) -> Lease? {
        let range: Range<Int>
        switch use {
        case .shared: range = 0..<sharedCount
        case .exclusive: range = slots.count == 1 ? 0..<1 : sharedCount..<slots.count
        }
        if use == .shared, let turn, turn.number == number, isReady(turn.slot) {
            return take(turn.slot)
        }
        var best: (slot: Int, userCount: Int)?
        for slot in range {
            guard case .ready(let userCount, _) = slots[slot].status else { continue }
            if userCount < best?.userCount ?? .max { best = (slot, userCount) }
        }
        guard let best, best.userCount == 0 || range.lowerBound < sharedCount else { return nil }
        if use == .shared { turn = number.map { ($0, best.slot) } }
        return take(best.slot)
    }

    private func isReady(_ slot: Int) -> Bool {
        if case .ready = slots[slot].status { true } else { false }
    }

    private mutating func take(_ slot: Int) -> Lease? {
        guard case .ready(let userCount, let retiresAt) = slots[slot].status else { return nil }
        slots[slot].status = .ready(userCount: userCount + 1, retiresAt: retiresAt)
        return Lease(slot: slot, generation: slots[slot].generation)
    }

    private mutating func forget(_ slot: Int) {
        slots[slot].status = .empty
        slots[slot].generation += 1
    }
}
