import Ambient
@testable import Postgres

/// A pool's owner that acts at random and notes what must not happen.
struct PoolModel {
    private(set) var faults: [String] = []
    private var state: PoolState
    private var now: MonotonicTime
    private var connecting: [Int] = []
    private var open: Set<Int> = []
    private var exclusive: [PoolState.Lease] = []
    private var shared: [PoolState.Lease] = []
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
            act(turn: UInt64(step / 5))
            carryOut(state.plan(now: now))
            if state.waiterCount != waiting.count { faults.append("a caller was lost") }
        }
        now += .seconds(3)
        carryOut(state.plan(now: now))
        if !waiting.isEmpty { faults.append("callers wait beyond their deadline") }
    }

    private mutating func act(turn: UInt64) {
        switch generator.next() % 6 {
        case 0: acquire(.shared, turn)
        case 1: acquire(.exclusive, turn)
        case 2: if let lease = exclusive.popLast() { state.release(lease, now: now) }
        case 3: if let lease = shared.popLast() { state.release(lease, now: now) }
        case 4: finishConnecting()
        default:
            guard generator.next() % 5 == 0, let slot = open.randomElement(using: &generator) else {
                return
            }
            open.remove(slot)
            exclusive.removeAll { $0.slot == slot }
            state.connectionLost(slot: slot)
        }
    }

    private mutating func acquire(_ use: PoolState.Use, _ turn: UInt64) {
        switch state.acquire(use, turn: turn, now: now) {
        case .granted(let lease): note(lease, use)
        case .waiting(let waiter): waiting[waiter] = use
        case .overloaded:
            if waiting.values.count(where: { $0 == use }) < 3 {
                faults.append("refused without need")
            }
        }
    }

    private mutating func finishConnecting() {
        guard let slot = connecting.popLast() else { return }
        if generator.next() % 3 == 0 {
            state.connectFailed(slot: slot, jitter: 0.5, now: now)
        } else {
            state.connected(slot: slot, jitter: 0.5, now: now)
            open.insert(slot)
        }
    }

    private mutating func carryOut(_ actions: [PoolState.Action]) {
        for action in actions {
            switch action {
            case .connect(let slot):
                if open.contains(slot) { faults.append("connected twice") }
                connecting.append(slot)
            case .grant(let waiter, let lease):
                guard let use = waiting.removeValue(forKey: waiter) else {
                    faults.append("granted to nobody")
                    continue
                }
                note(lease, use)
            case .expire(let waiter): waiting[waiter] = nil
            case .close(let slot): open.remove(slot)
            case .wake(let time): if time <= now { faults.append("woken in the past") }
            }
        }
    }

    private mutating func note(_ lease: PoolState.Lease, _ use: PoolState.Use) {
        if !open.contains(lease.slot) { faults.append("leased a closed connection") }
        switch use {
        case .shared: shared.append(lease)
        case .exclusive:
            if exclusive.contains(where: { $0.slot == lease.slot }) {
                faults.append("leased twice")
            }
            exclusive.append(lease)
        }
    }
}
