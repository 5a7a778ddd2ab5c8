import Ambient
import Testing

@testable import Postgres

@Suite("Waiting for a pool's connections")
struct PoolWaitTests {
    private let start = MonotonicTime.now

    /// A shared connection, which is open, and one to lease.
    private func makeOpenState() -> PoolState {
        var configuration = PoolConfiguration(connectionsMax: 2)
        configuration.waitersMax = 2
        configuration.acquireTimeout = .seconds(2)
        var state = PoolState(configuration: configuration)
        open(&state)
        return state
    }

    private func open(_ state: inout PoolState) {
        for case .connect(let slot) in state.plan(turn: 1, now: start) {
            state.connected(slot: slot, jitter: 0, now: start)
        }
    }

    @Test func `a waiter who leaves gives up his place`() throws {
        var state = makeOpenState()
        _ = state.acquire(.exclusive, turn: 1, now: start)
        _ = state.acquire(.exclusive, turn: 1, now: start)
        let later = start + .milliseconds(300)
        #expect(state.waiterLeft(1, now: later) == true)
        #expect(state.waiterLeft(1, now: later) == false, "once is enough")
        open(&state)
        guard case .grant(waiter: 2, _) = state.plan(turn: 1, now: later).first else {
            Issue.record("not granted")
            return
        }
        var expected = PoolStatistics()
        expected.inUse = 1
        expected.idle = 1
        expected.waits = 2
        expected.waitTime = .milliseconds(600)
        expected.abandonedWaits = 1
        expected.connects = 2
        #expect(state.statistics == expected)
    }

    @Test func `a waiter who leaves when he has a connection already gives it back`() throws {
        var state = makeOpenState()
        _ = state.acquire(.exclusive, turn: 1, now: start)
        open(&state)
        guard case .grant(waiter: 1, let lease) = state.plan(turn: 1, now: start).first else {
            Issue.record("not granted")
            return
        }
        #expect(state.waiterLeft(1, now: start) == false)
        #expect(state.release(lease, turn: 1, now: start) == [])
        #expect(state.statistics.idle == 2)
    }

    @Test func `whoever stands behind a waiter who leaves is not held up`() {
        var configuration = PoolConfiguration(connectionsMax: 1)
        configuration.acquireTimeout = .seconds(2)
        var state = PoolState(configuration: configuration)
        open(&state)
        _ = state.plan(turn: 1, now: start)
        _ = state.lease(for: .shared, turn: 1, now: start)
        _ = state.acquire(.exclusive, turn: 1, now: start)
        _ = state.acquire(.shared, turn: 1, now: start)
        _ = state.plan(turn: 1, now: start)
        let isOut = state.waiterLeft(1, now: start)
        #expect(isOut && state.needsPlan)
        guard case .grant(waiter: 2, _) = state.plan(turn: 1, now: start).first else {
            Issue.record("not granted")
            return
        }
    }

    @Test func `waits that end with their deadline, and refusals, are counted`() {
        var state = makeOpenState()
        for _ in 0..<4 { _ = state.acquire(.exclusive, turn: 1, now: start) }
        _ = state.plan(turn: 1, now: start)
        #expect(state.statistics.waiters == 2 && state.statistics.connecting == 1)
        _ = state.plan(turn: 1, now: start + .seconds(2))
        var expected = PoolStatistics()
        expected.idle = 1
        expected.connecting = 1
        expected.waits = 2
        expected.waitTime = .seconds(4)
        expected.expiredWaits = 2
        expected.refusals = 2
        expected.connects = 1
        #expect(state.statistics == expected)
    }

    @Test func `when the pool closes, everybody is told`() {
        var state = makeOpenState()
        _ = state.acquire(.exclusive, turn: 1, now: start)
        _ = state.acquire(.exclusive, turn: 1, now: start)
        #expect(state.expireAll(now: start) == [.expire(waiter: 1), .expire(waiter: 2)])
        #expect(state.statistics.waiters == 0)
    }
}
