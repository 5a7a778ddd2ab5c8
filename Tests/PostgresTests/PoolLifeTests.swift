import Ambient
import RandomTesting
import Testing

@testable import Postgres

@Suite("The lives of a pool's connections")
struct PoolLifeTests {
    private let start = MonotonicTime.now

    /// Five connections, of which two are shared; they live for 100 s and may be idle for 10 s.
    private func makeOpenState(min: Int, connections: Int = 5) -> PoolState {
        var configuration = PoolConfiguration(connectionsMax: connections)
        configuration.connectionsMin = min
        configuration.connectingMax = 5
        configuration.lifetime = .seconds(100)
        configuration.idleTimeout = .seconds(10)
        var state = PoolState(configuration: configuration)
        open(&state, at: start)
        return state
    }

    /// Opens what the state asks for.
    private func open(_ state: inout PoolState, at now: MonotonicTime) {
        for case .connect(let slot) in state.plan(turn: 1, now: now) {
            state.connected(slot: slot, jitter: 0, now: now)
        }
        _ = state.plan(turn: 1, now: now)
    }

    /// What is planned first.
    private func firstStep(
        of state: inout PoolState, at now: MonotonicTime
    ) -> PoolState.Action? {
        state.plan(turn: 1, now: now).first
    }

    /// A connection, which must be there.
    private func take(
        _ use: PoolState.Use, _ turn: UInt64, of state: inout PoolState, at now: MonotonicTime
    ) throws -> PoolState.Lease {
        let lease = state.lease(for: use, turn: turn, now: now)
        return try #require(lease)
    }

    /// Leases `count` connections alone, and opens them if need be.
    private func leaseAlone(
        _ count: Int, of state: inout PoolState, at now: MonotonicTime
    ) -> [PoolState.Lease] {
        var leases: [PoolState.Lease] = []
        for _ in 0..<count {
            if case .granted(let lease) = state.acquire(.exclusive, turn: 1, now: now) {
                leases.append(lease)
            }
        }
        for case .connect(let slot) in state.plan(turn: 1, now: now) {
            state.connected(slot: slot, jitter: 0, now: now)
        }
        for case .grant(_, let lease) in state.plan(turn: 1, now: now) { leases.append(lease) }
        return leases
    }

    @Test(arguments: [(1, [0]), (2, [0, 1]), (3, [0, 1, 2]), (5, [0, 1, 2, 3, 4])])
    func `the minimum is opened at once`(min: Int, slots: [Int]) {
        var configuration = PoolConfiguration(connectionsMax: 5)
        configuration.connectionsMin = min
        configuration.connectingMax = 5
        var state = PoolState(configuration: configuration)
        #expect(state.plan(turn: 1, now: start) == slots.map { .connect(slot: $0) })
    }

    @Test func `a second shared connection is opened when reads meet, and closed when idle`() throws
    {
        var state = makeOpenState(min: 1)
        let first = try take(.shared, 1, of: &state, at: start)
        #expect(!state.needsPlan)
        let second = try take(.shared, 2, of: &state, at: start)
        #expect(state.needsPlan)
        #expect(firstStep(of: &state, at: start) == .connect(slot: 1))
        state.connected(slot: 1, jitter: 0, now: start)
        #expect(state.release(first, turn: 1, now: start) == [])
        #expect(state.release(second, turn: 1, now: start) == [])
        #expect(state.plan(turn: 1, now: start) == [.wake(at: start + .seconds(10))])
        #expect(
            state.plan(turn: 1, now: start + .seconds(10))
                == [.close(slot: 1), .wake(at: start + .seconds(100))])
        #expect(state.statistics.discards == [.idle: 1])
    }

    @Test func `idle connections beyond the minimum are closed, those used last at the end`() {
        var state = makeOpenState(min: 3)
        let leases = leaseAlone(3, of: &state, at: start)
        for (second, lease) in leases.enumerated() {
            #expect(state.release(lease, turn: 1, now: start + .seconds(second)) == [])
        }
        #expect(firstStep(of: &state, at: start + .seconds(9)) == .wake(at: start + .seconds(10)))
        var closed: [[PoolState.Action]] = []
        for second in [10, 11, 12, 40] {
            closed.append(
                state.plan(turn: 1, now: start + .seconds(second)).filter {
                    if case .close = $0 { true } else { false }
                })
        }
        #expect(closed == [[.close(slot: leases[0].slot)], [.close(slot: leases[1].slot)], [], []])
        #expect(state.statistics.idle == 3)
    }

    @Test func `the connection that was used last is leased first`() throws {
        var state = makeOpenState(min: 5)
        let leases = leaseAlone(3, of: &state, at: start)
        for lease in leases { #expect(state.release(lease, turn: 1, now: start) == []) }
        let lease = try take(.exclusive, 1, of: &state, at: start)
        #expect(lease.slot == leases[2].slot)
    }

    @Test func `a shared connection past its life works until another has its place`() throws {
        var state = makeOpenState(min: 1)
        let late = start + .seconds(100)
        let old = try take(.shared, 1, of: &state, at: late)
        let other = try take(.shared, 1, of: &state, at: late)
        #expect(firstStep(of: &state, at: late) == .connect(slot: 0))
        #expect(firstStep(of: &state, at: late) != .connect(slot: 0), "once is enough")
        let meanwhile = try take(.shared, 2, of: &state, at: late)
        state.connected(slot: 0, jitter: 0, now: late)
        let plan = state.plan(turn: 1, now: late)
        #expect(!plan.contains(.closeReplaced))
        let new = try take(.shared, 3, of: &state, at: late)
        #expect(state.release(old, turn: 1, now: late) == [])
        #expect(state.release(other, turn: 1, now: late) == [])
        #expect(state.release(meanwhile, turn: 1, now: late) == [.closeReplaced])
        #expect(state.release(new, turn: 1, now: late) == [])
        #expect(state.statistics.discards == [.lifetime: 1])
        #expect(state.statistics.reconnects == 1 && state.statistics.idle == 1)
    }

    @Test func `a connection that nobody uses is closed as soon as another has its place`() {
        var state = makeOpenState(min: 1)
        let late = start + .seconds(100)
        #expect(state.plan(turn: 1, now: late) == [.connect(slot: 0)])
        state.connected(slot: 0, jitter: 0, now: late)
        #expect(state.plan(turn: 1, now: late) == [.closeReplaced, .wake(at: late + .seconds(10))])
    }

    @Test func `a connection that cannot be replaced goes on working`() throws {
        var state = makeOpenState(min: 1)
        let late = start + .seconds(100)
        _ = state.plan(turn: 1, now: late)
        state.connectFailed(slot: 0, jitter: 0, now: late)
        _ = try take(.shared, 1, of: &state, at: late)
        #expect(state.plan(turn: 1, now: late) == [.wake(at: late + .milliseconds(100))])
        #expect(firstStep(of: &state, at: late + .milliseconds(100)) == .connect(slot: 0))
    }

    @Test func `a connection that is lost while it is being replaced is awaited, not asked for`() {
        var state = makeOpenState(min: 1)
        let late = start + .seconds(100)
        _ = state.plan(turn: 1, now: late)
        state.connectionLost(slot: 0)
        #expect(state.plan(turn: 1, now: late) == [])
        state.connected(slot: 0, jitter: 0, now: late)
        #expect(state.plan(turn: 1, now: late) == [.wake(at: late + .seconds(10))])
        #expect(state.statistics.discards == [.lost: 1])
    }

    @Test func `a leased connection past its life is closed when it comes back`() throws {
        var state = makeOpenState(min: 1)
        let lease = try #require(leaseAlone(1, of: &state, at: start).first)
        let late = start + .seconds(100)
        #expect(state.release(lease, turn: 1, now: late) == [.close(slot: lease.slot)])
        #expect(state.statistics.discards == [.lifetime: 1])
    }

    @Test func `an idle connection past its life is leased to nobody`() throws {
        var state = makeOpenState(min: 1)
        let lease = try #require(leaseAlone(1, of: &state, at: start).first)
        #expect(state.release(lease, turn: 1, now: start) == [])
        let late = start + .seconds(100)
        #expect(state.acquire(.exclusive, turn: 1, now: late) == .waiting(waiter: 2))
        let actions = state.plan(turn: 1, now: late)
        #expect(actions.contains(.close(slot: lease.slot)))
        #expect(actions.contains(.connect(slot: lease.slot)))
    }

    @Test func `a connection that comes back unfit is closed, and replaced for who waits`() throws {
        var state = makeOpenState(min: 1, connections: 3)
        let lease = try #require(leaseAlone(1, of: &state, at: start).first)
        #expect(state.acquire(.exclusive, turn: 1, now: start) == .waiting(waiter: 2))
        _ = state.plan(turn: 1, now: start)
        #expect(
            state.release(lease, discarding: .unhealthy, turn: 1, now: start) == [
                .close(slot: lease.slot)
            ])
        #expect(state.needsPlan)
        #expect(firstStep(of: &state, at: start) == .connect(slot: lease.slot))
        #expect(state.statistics.discards == [.unhealthy: 1])
    }

    /// Eight loops find the server away, and try for half a minute until it is back.
    @Test func `several pools never storm a server that is away, or back again`() {
        var generator = SeededGenerator(seed: 7)
        var pools = (0..<8).map { _ in
            PoolState(configuration: PoolConfiguration(connectionsMax: 10))
        }
        var attempts: [Int] = []
        for tick in 0..<3000 {
            let now = start + .milliseconds(tick * 10)
            var count = 0
            for index in pools.indices {
                for case .connect(let slot) in pools[index].plan(turn: 1, now: now) {
                    count += 1
                    let jitter = Double(generator.next() % 1000) / 1000
                    pools[index].connectFailed(slot: slot, jitter: jitter, now: now)
                }
            }
            attempts.append(count)
        }
        // Each pool waits for 0.5 to 1 s between attempts, once it has doubled its wait enough.
        let settled = attempts[300...]
        #expect(settled.reduce(0, +) <= 8 * 27 * 2 && settled.reduce(0, +) >= 8 * 27)
        #expect(settled.max() ?? 8 <= 4, "\(settled.max() ?? 0) at once")
    }
}
