import Ambient
import Testing

@testable import Postgres

@Suite("Pool state")
struct PoolStateTests {
    let start = MonotonicTime.now

    /// Four connections, of which two are shared.
    private func makeState(
        connections: Int = 4, lifetime: Duration = .seconds(100), batchesWrites: Bool = false
    ) -> PoolState {
        var configuration = PoolConfiguration(connectionsMax: connections)
        configuration.connectionsMin = min(2, max(1, connections - 1))
        configuration.waitersMax = 3
        configuration.acquireTimeout = .seconds(2)
        configuration.lifetime = lifetime
        configuration.batchesWrites = batchesWrites
        configuration.writeBatchMax = 3
        configuration.backoffMin = .milliseconds(100)
        configuration.backoffMax = .seconds(1)
        return PoolState(configuration: configuration)
    }

    /// A state whose shared connections are open.
    private func makeOpenState(connections: Int = 4) -> PoolState {
        var state = makeState(connections: connections)
        for case .connect(let slot) in state.plan(turn: 1, now: start) {
            state.connected(slot: slot, jitter: 0, now: start)
        }
        return state
    }

    /// What is planned first.
    private func firstStep(of state: inout PoolState) -> PoolState.Action? {
        state.plan(turn: 1, now: start).first
    }

    private func lease(_ acquisition: PoolState.Acquisition) -> PoolState.Lease? {
        if case .granted(let lease) = acquisition { lease } else { nil }
    }

    @Test func `a new pool opens its shared connections and no others`() {
        var state = makeState()
        #expect(state.plan(turn: 1, now: start) == [.connect(slot: 0), .connect(slot: 1)])
        #expect(state.plan(turn: 1, now: start) == [])
    }

    @Test func `reads of one turn share a connection, those of the next take the idler one`() {
        var state = makeOpenState()
        let slots = [1, 1, 1, 2, 2, 3].map { turn in
            lease(state.acquire(.shared, turn: turn, now: start))?.slot
        }
        #expect(slots == [0, 0, 0, 1, 1, 1])
    }

    @Test func `reads of many rows share the last connection, and those of few have the other`() {
        var state = makeOpenState()
        let uses: [PoolState.Use] = [.bulk, .shared, .bulk, .bulk, .shared, .bulk, .shared]
        let slots = uses.enumerated().map { number, use in
            lease(state.acquire(use, turn: UInt64(number / 2), now: start))?.slot
        }
        #expect(slots == [1, 0, 1, 1, 0, 1, 0])
    }

    @Test func `a read of many rows takes what there is`() {
        var state = makeOpenState()
        state.connectionLost(slot: 1)
        #expect(lease(state.acquire(.bulk, turn: 1, now: start))?.slot == 0)
        #expect(firstStep(of: &state) == .connect(slot: 1))
        state.connected(slot: 1, jitter: 0, now: start)
        #expect(lease(state.acquire(.bulk, turn: 1, now: start))?.slot == 1)
    }

    @Test func `a caller who wants a connection alone has one opened and waits`() {
        var state = makeOpenState()
        #expect(state.acquire(.exclusive, turn: 1, now: start) == .waiting(waiter: 1))
        #expect(
            state.plan(turn: 1, now: start) == [.connect(slot: 2), .wake(at: start + .seconds(2))])
        state.connected(slot: 2, jitter: 0, now: start)
        let actions = state.plan(turn: 1, now: start)
        guard case .grant(waiter: 1, let lease) = actions.first else {
            Issue.record("not granted: \(actions)")
            return
        }
        #expect(lease.slot == 2)
    }

    @Test func `a connection is leased to one caller at a time, in the order of asking`() {
        var state = makeOpenState(connections: 3)
        _ = state.acquire(.exclusive, turn: 1, now: start)
        _ = state.acquire(.exclusive, turn: 1, now: start)
        for case .connect(let slot) in state.plan(turn: 1, now: start) {
            state.connected(slot: slot, jitter: 0, now: start)
        }
        let granted = state.plan(turn: 1, now: start).compactMap(\.grantedWaiter)
        #expect(granted == [1])
        #expect(state.acquire(.exclusive, turn: 1, now: start) == .waiting(waiter: 3))
    }

    @Test func `a released connection goes to the first who waits`() throws {
        var state = makeOpenState(connections: 2)
        _ = state.acquire(.exclusive, turn: 1, now: start)
        _ = state.plan(turn: 1, now: start)
        state.connected(slot: 1, jitter: 0, now: start)
        guard case .grant(_, let lease) = state.plan(turn: 1, now: start).first else {
            Issue.record("not granted")
            return
        }
        _ = state.acquire(.exclusive, turn: 1, now: start)
        #expect(state.plan(turn: 1, now: start).compactMap(\.grantedWaiter) == [])
        let action = state.release(lease, turn: 1, now: start)
        #expect(action.map(\.grantedWaiter) == [2])
        #expect(state.plan(turn: 1, now: start).compactMap(\.grantedWaiter) == [])
    }

    @Test func `a pool of one connection shares it, or leases it alone, in turns`() throws {
        var state = makeOpenState(connections: 1)
        let read = try #require(lease(state.acquire(.shared, turn: 1, now: start)))
        let write = try #require(lease(state.acquire(state.useOfWrites, turn: 1, now: start)))
        #expect(state.acquire(.exclusive, turn: 1, now: start) == .waiting(waiter: 1))
        #expect(state.acquire(.shared, turn: 1, now: start) == .waiting(waiter: 2))
        _ = state.plan(turn: 1, now: start)
        #expect(state.release(read, turn: 1, now: start) == [])
        #expect(!state.needsPlan)
        #expect(state.release(write, turn: 1, now: start) == [])
        #expect(state.needsPlan)
        guard case .grant(waiter: 1, let alone) = state.plan(turn: 1, now: start).first else {
            Issue.record("not granted")
            return
        }
        #expect(state.release(alone, turn: 1, now: start) == [])
        #expect(state.needsPlan)
        #expect(state.plan(turn: 1, now: start).compactMap(\.grantedWaiter) == [2])
    }

    @Test func `a caller waits no longer than the limit`() {
        var state = makeState()
        #expect(state.acquire(.shared, turn: 1, now: start) == .waiting(waiter: 1))
        let almost = state.plan(turn: 1, now: start + .milliseconds(1999))
        #expect(!almost.contains(.expire(waiter: 1)))
        #expect(state.plan(turn: 1, now: start + .seconds(2)).contains(.expire(waiter: 1)))
        #expect(state.statistics.waiters == 0)
    }

    @Test func `a caller waits no longer than the limit while an attempt is under way`() {
        var state = makeState()
        _ = state.plan(turn: 1, now: start)
        for slot in 0...1 { state.connectFailed(slot: slot, jitter: 0, now: start) }
        let later = start + .milliseconds(200)
        #expect(state.acquire(.shared, turn: 1, now: later) == .waiting(waiter: 1))
        #expect(
            state.plan(turn: 1, now: later)
                == [.connect(slot: 0), .wake(at: later + .seconds(2))])
    }

    @Test func `one caller too many is refused at once`() {
        var state = makeState()
        for _ in 0..<3 { _ = state.acquire(.shared, turn: 1, now: start) }
        #expect(state.acquire(.shared, turn: 1, now: start) == .overloaded)
    }

    @Test func `callers who wait for a connection alone hold up no read`() {
        var state = makeOpenState()
        for _ in 0..<3 { _ = state.acquire(.exclusive, turn: 1, now: start) }
        #expect(state.acquire(.exclusive, turn: 1, now: start) == .overloaded)
        #expect(lease(state.acquire(.shared, turn: 1, now: start))?.slot == 0)
    }

    @Test func `failed attempts wait twice as long each time, up to the limit`() {
        var state = makeState()
        var now = start
        _ = state.plan(turn: 1, now: now)
        state.connectFailed(slot: 0, jitter: 0, now: now)
        var waits: [Duration] = []
        for _ in 0..<6 {
            state.connectFailed(slot: waits.isEmpty ? 1 : 0, jitter: 0, now: now)
            guard case .wake(let next) = state.plan(turn: 1, now: now).last else { break }
            waits.append(next - now)
            now = next
            #expect(state.plan(turn: 1, now: now) == [.connect(slot: 0)])
        }
        #expect(waits == [200, 400, 800, 1000, 1000, 1000].map { .milliseconds($0) })
    }

    @Test func `a caller waits no longer than the limit while an attempt takes its time`() {
        var state = makeState()
        _ = state.plan(turn: 1, now: start)
        for slot in 0...1 { state.connectFailed(slot: slot, jitter: 0, now: start) }
        let attemptAt = start + .milliseconds(200)
        #expect(state.plan(turn: 1, now: start) == [.wake(at: attemptAt)])
        #expect(state.plan(turn: 1, now: attemptAt) == [.connect(slot: 0)])
        #expect(state.acquire(.shared, turn: 1, now: attemptAt) == .waiting(waiter: 1))
        let deadline = attemptAt + .seconds(2)
        #expect(state.plan(turn: 1, now: attemptAt) == [.wake(at: deadline)])
        #expect(state.plan(turn: 1, now: deadline) == [.expire(waiter: 1)])
    }

    @Test func `jitter halves a wait at most`() {
        var state = makeState()
        _ = state.plan(turn: 1, now: start)
        state.connectFailed(slot: 0, jitter: 1, now: start)
        #expect(state.plan(turn: 1, now: start).last == .wake(at: start + .milliseconds(50)))
    }

    @Test func `success ends the backoff and lets several connect`() {
        var state = makeState()
        _ = state.plan(turn: 1, now: start)
        state.connectFailed(slot: 0, jitter: 0, now: start)
        #expect(state.isFailing)
        state.connected(slot: 1, jitter: 0, now: start)
        #expect(!state.isFailing)
        #expect(firstStep(of: &state) == .connect(slot: 0))
    }

    @Test func `a lost connection is replaced and its leases are void`() throws {
        var state = makeOpenState()
        let old = try #require(lease(state.acquire(.shared, turn: 1, now: start)))
        state.connectionLost(slot: old.slot)
        #expect(firstStep(of: &state) == .connect(slot: old.slot))
        state.connected(slot: old.slot, jitter: 0, now: start)
        #expect(state.release(old, turn: 1, now: start) == [])
        #expect(state.statistics.idle == 2)
    }

    @Test(arguments: [false, true])
    func `random histories lease no connection twice and lose no caller`(batchesWrites: Bool) {
        for seed in 0..<200 as Range<UInt64> {
            // So short a life that many are replaced.
            let state = makeState(
                connections: batchesWrites ? 6 : 4, lifetime: .seconds(5),
                batchesWrites: batchesWrites)
            var model = PoolModel(state: state, now: start, seed: seed)
            model.run()
            #expect(model.faults == [], "seed \(seed)")
        }
    }
}
