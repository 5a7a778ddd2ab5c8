import Ambient
import RandomTesting

@testable import Postgres

/// A pool's owner that acts at random and notes what must not happen.
struct PoolModel {
    private(set) var faults: [String] = []
    private var state: PoolState
    private var now: MonotonicTime
    private var turn: UInt64 = 0
    private var connecting: [Int] = []
    private var open: Set<Int> = []
    private var exclusive: [PoolState.Lease] = []
    private var shared: [PoolState.Lease] = []
    private var batched: [(lease: PoolState.Lease, turn: UInt64)] = []
    /// A connection works that a newer one has taken the place of.
    private var isOneReplaced = false
    private var waiting: [Int: PoolState.Use] = [:]
    private var generator: SeededGenerator

    init(state: PoolState, now: MonotonicTime, seed: UInt64) {
        self.state = state
        self.now = now
        generator = SeededGenerator(seed: seed)
    }

    mutating func run() {
        for step in 0..<400 {
            now += .milliseconds(Int64(generator.next() % 300))
            turn = UInt64(step / 5)
            act()
            carryOut(state.plan(turn: turn, now: now))
            check()
        }
        now += .seconds(3)
        carryOut(state.plan(turn: turn, now: now))
        if !waiting.isEmpty { faults.append("callers wait beyond their deadline") }
    }

    private mutating func act() {
        switch generator.next() % (state.takesBatches ? 11 : 8) {
        case 0: acquire(generator.next() % 2 == 0 ? .shared : .bulk)
        case 1: acquire(.exclusive)
        case 2: if let lease = exclusive.popLast() { release(lease) }
        case 3: if let lease = shared.popLast() { release(lease) }
        case 4, 5: finishConnecting()
        case 6: leave()
        case 8, 9: acquire(.batched)
        case 10: if let (lease, _) = batched.popLast() { release(lease) }
        default:
            guard generator.next() % 5 == 0, let slot = open.randomElement(using: &generator) else {
                return
            }
            open.remove(slot)
            state.connectionLost(slot: slot)
        }
    }

    private mutating func acquire(_ use: PoolState.Use) {
        switch state.acquire(use, turn: turn, now: now) {
        case .granted(let lease): note(lease, use)
        case .waiting(let waiter): waiting[waiter] = use
        case .overloaded:
            let rivals: [PoolState.Use] = use == .shared || use == .bulk ? [.shared, .bulk] : [use]
            if waiting.values.count(where: rivals.contains) < 3 {
                faults.append("refused without need")
            }
        }
    }

    private mutating func release(_ lease: PoolState.Lease) {
        let fault: DiscardReason? = generator.next() % 8 == 0 ? .unhealthy : nil
        let isLast = state.isInspected(afterLast: lease)
        carryOut(state.release(lease, discarding: isLast ? fault : nil, turn: turn, now: now))
    }

    private mutating func leave() {
        guard let waiter = waiting.keys.min() else { return }
        if state.waiterLeft(waiter, now: now) {
            waiting[waiter] = nil
        } else {
            faults.append("a waiter was not found")
        }
    }

    private mutating func finishConnecting() {
        guard let slot = connecting.popLast() else { return }
        if generator.next() % 3 == 0 {
            state.connectFailed(slot: slot, jitter: 0.5, now: now)
            return
        }
        state.connected(slot: slot, jitter: 0.5, now: now)
        if !open.insert(slot).inserted {
            if isOneReplaced { faults.append("two were replaced at a time") }
            isOneReplaced = true
        }
    }

    private mutating func carryOut(_ actions: [PoolState.Action]) {
        for action in actions { carryOut(action) }
    }

    private mutating func carryOut(_ action: PoolState.Action?) {
        switch action {
        case .connect(let slot):
            if connecting.contains(slot) { faults.append("connected twice") }
            connecting.append(slot)
        case .grant(let waiter, let lease):
            guard let use = waiting.removeValue(forKey: waiter) else {
                faults.append("granted to nobody")
                return
            }
            note(lease, use)
        case .expire(let waiter): waiting[waiter] = nil
        case .close(let slot):
            open.remove(slot)
            let used = (shared + exclusive + batched.map(\.lease)).filter { $0.slot == slot }
            // Those of connections that were lost earlier are void.
            if used.contains(where: state.isValid) { faults.append("closed in use") }
        case .closeReplaced:
            if !isOneReplaced { faults.append("closed what was not replaced") }
            isOneReplaced = false
        case .wake(let time): if time <= now { faults.append("woken in the past") }
        case nil: break
        }
    }

    private mutating func note(_ lease: PoolState.Lease, _ use: PoolState.Use) {
        if !open.contains(lease.slot) { faults.append("leased a closed connection") }
        if !state.isValid(lease) { faults.append("leased what is void") }
        switch use {
        case .shared, .bulk: shared.append(lease)
        case .exclusive:
            if exclusive.contains(lease) || batched.contains(where: { $0.lease == lease }) {
                faults.append("leased twice")
            }
            exclusive.append(lease)
        case .batched: noteBatched(lease)
        }
    }

    private mutating func noteBatched(_ lease: PoolState.Lease) {
        if exclusive.contains(lease) { faults.append("batched with one who is alone") }
        batched.append((lease, turn))
        let companions = batched.filter { $0.lease == lease }
        if companions.contains(where: { $0.turn != turn }) { faults.append("batched too late") }
        if companions.count > state.configuration.writeBatchMax { faults.append("too many in one") }
        let batchCount = Set(batched.map(\.lease).filter(state.isValid).map(\.slot)).count
        if batchCount > state.configuration.writeBatchesMax { faults.append("too many batches") }
    }

    private mutating func check() {
        let statistics = state.statistics
        if statistics.waiters != waiting.count { faults.append("a caller was lost") }
        if statistics.connecting != connecting.count { faults.append("an attempt was lost") }
        // A replaced connection counts while it has users.
        let openCount = open.count + (isOneReplaced ? 1 : 0)
        if statistics.inUse + statistics.idle != openCount { faults.append("miscounted") }
        let ended = statistics.discards.values.reduce(0, +)
        let busy = Set((exclusive + batched.map(\.lease)).filter(state.isValid).map(\.slot))
        let isOneIdle = open.contains { $0 >= state.sharedCount && !busy.contains($0) }
        let waiters = Set(waiting.values)
        if isOneIdle, waiters.contains(.exclusive) { faults.append("waited beside what is idle") }
        if isOneIdle, waiters.contains(.batched), state.spareBatchCount > 0 {
            faults.append("waited for a batch that could have begun")
        }
        let isAllAccountedFor = statistics.connects - ended == open.count
        if !isAllAccountedFor { faults.append("a connection went without a reason") }
    }
}
