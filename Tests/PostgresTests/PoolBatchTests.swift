import Ambient
import Testing

@testable import Postgres

@Suite("Pool state: writes that share a commit")
struct PoolBatchTests {
    let start = MonotonicTime.now

    /// A pool of `connections`, of which two are shared; all are open.
    private func makeState(connections: Int, batchMax: Int = 3, batchesMax: Int = 2) -> PoolState {
        var configuration = PoolConfiguration(connectionsMax: connections)
        configuration.connectionsMin = connections
        configuration.connectingMax = connections
        configuration.batchesWrites = true
        configuration.writeBatchMax = batchMax
        configuration.writeBatchesMax = batchesMax
        var state = PoolState(configuration: configuration)
        for case .connect(let slot) in state.plan(turn: 0, now: start) {
            state.connected(slot: slot, jitter: 0, now: start)
        }
        _ = state.plan(turn: 0, now: start)
        return state
    }

    private func slots(
        of uses: [PoolState.Use], turn: UInt64, _ state: inout PoolState
    ) -> [Int?] {
        uses.map { use in
            guard case .granted(let lease) = state.acquire(use, turn: turn, now: start) else {
                return nil
            }
            return lease.slot
        }
    }

    @Test func `writes of one turn share a connection, up to the limit`() {
        var state = makeState(connections: 4)
        let given = slots(of: Array(repeating: .batched, count: 7), turn: 1, &state)
        #expect(given == [3, 3, 3, 2, 2, 2, nil])
    }

    @Test func `those of the next turn have a connection of their own`() {
        var state = makeState(connections: 4)
        #expect(slots(of: [.batched], turn: 1, &state) == [3])
        #expect(slots(of: [.batched], turn: 2, &state) == [2])
    }

    @Test func `beyond the limit of batches, writes wait, and nobody else does`() {
        var state = makeState(connections: 5, batchesMax: 1)
        #expect(slots(of: [.batched], turn: 1, &state) == [4])
        #expect(slots(of: [.batched, .exclusive, .batched], turn: 2, &state) == [nil, 3, nil])
        #expect(slots(of: [.shared], turn: 2, &state) == [0])
    }

    @Test func `those who have waited share the next batch, with those of its turn`() throws {
        var state = makeState(connections: 5, batchMax: 3, batchesMax: 1)
        guard case .granted(let first) = state.acquire(.batched, turn: 1, now: start) else {
            Issue.record("not granted")
            return
        }
        #expect(slots(of: [.batched, .batched], turn: 2, &state) == [nil, nil])
        let granted = state.release(first, turn: 7, now: start)
        #expect(granted.compactMap(\.grantedWaiter) == [1, 2])
        #expect(Set(granted.compactMap(\.grantedSlot)).count == 1)
        #expect(slots(of: [.batched, .batched], turn: 7, &state) == [granted[0].grantedSlot, nil])
    }

    @Test func `a batch ends with its last user, and its connection is alone again`() throws {
        var state = makeState(connections: 3)
        guard case .granted(let first) = state.acquire(.batched, turn: 1, now: start),
            case .granted(let second) = state.acquire(.batched, turn: 1, now: start)
        else {
            Issue.record("not granted")
            return
        }
        #expect(!state.isInspected(afterLast: first))
        #expect(state.release(first, turn: 1, now: start) == [])
        #expect(state.isInspected(afterLast: second))
        #expect(state.release(second, turn: 1, now: start) == [])
        // In the same turn: it must not be joined.
        #expect(slots(of: [.exclusive, .batched], turn: 1, &state) == [2, nil])
    }

    @Test func `who asked first has what is released`() {
        var state = makeState(connections: 3)
        guard case .granted(let held) = state.acquire(.exclusive, turn: 1, now: start) else {
            Issue.record("not granted")
            return
        }
        for use: PoolState.Use in [.batched, .exclusive, .batched] {
            #expect(slots(of: [use], turn: 1, &state) == [nil])
        }
        // The second write joins the first one's batch; the caller between them waits on.
        let granted = state.release(held, turn: 2, now: start)
        #expect(granted.compactMap(\.grantedWaiter) == [1, 3])
    }

    @Test func `a batch whose connection is lost is not joined`() {
        var state = makeState(connections: 4)
        #expect(slots(of: [.batched], turn: 1, &state) == [3])
        state.connectionLost(slot: 3)
        #expect(slots(of: [.batched], turn: 1, &state) == [2])
    }

    @Test func `as many connections are opened as the batches need that may be under way`() {
        var configuration = PoolConfiguration(connectionsMax: 8)
        configuration.connectingMax = 8
        configuration.batchesWrites = true
        var state = PoolState(configuration: configuration)
        for case .connect(let slot) in state.plan(turn: 0, now: start) {
            state.connected(slot: slot, jitter: 0, now: start)
        }
        let plans = [1, 31, 1, 100].map { count in
            _ = slots(of: Array(repeating: .batched, count: count), turn: 1, &state)
            return state.plan(turn: 1, now: start).compactMap(\.connectedSlot)
        }
        // One for the first 32, a second one for those beyond, and never a third.
        #expect(plans == [[2], [], [3], []])
    }

    @Test func `as many may wait for a batch as for a connection alone`() {
        var configuration = PoolConfiguration(connectionsMax: 3)
        configuration.batchesWrites = true
        configuration.waitersMax = 2
        var state = PoolState(configuration: configuration)
        let answers = [PoolState.Use.batched, .batched, .batched, .exclusive].map {
            state.acquire($0, turn: 1, now: start)
        }
        #expect(
            answers == [
                .waiting(waiter: 1), .waiting(waiter: 2), .overloaded, .waiting(waiter: 3),
            ])
        #expect(state.expireAll(now: start) == [3, 1, 2].map { .expire(waiter: $0) })
    }

    @Test func `a write waits for its batch no longer than the limit`() {
        var state = makeState(connections: 3)
        #expect(slots(of: [.exclusive, .batched], turn: 1, &state) == [2, nil])
        let late = start + state.configuration.acquireTimeout
        #expect(state.plan(turn: 9, now: late).contains(.expire(waiter: 1)))
    }

    @Test func `batches are made if the pool has a connection to spare, and is told to`() {
        for (connections, batchesWrites, expected) in [
            (1, true, false), (2, true, true), (2, false, false),
        ] {
            var configuration = PoolConfiguration(connectionsMax: connections)
            configuration.batchesWrites = batchesWrites
            #expect(PoolState(configuration: configuration).takesBatches == expected)
        }
    }
}
