import Ambient
import Testing

@testable import Postgres

@Suite("Lease state")
struct LeaseStateTests {
    private let start = MonotonicTime.now

    /// What happens to a lease, `after` milliseconds from its beginning.
    enum Event: Sendable {
        case sent
        case commit
        case answered
        case left(Int)
        case timer
        case clearing
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let events: [(after: Int, Event)]
        /// What the connection was told to do, in order; times in milliseconds.
        let expected: [String]
        var error: PostgresError?
    }

    @Test(arguments: [
        Case(
            testDescription: "a statement that is answered in time is left alone",
            events: [(0, .sent), (50, .answered), (100, .timer)],
            expected: ["check 1050"]),
        Case(
            testDescription: "a statement is cancelled at its deadline",
            events: [(0, .sent), (100, .timer)],
            expected: ["cancel 300"], error: .timedOut(.statement)),
        Case(
            testDescription: "a timer that is early changes nothing",
            events: [(0, .sent), (99, .timer)], expected: ["check 100"]),
        Case(
            testDescription: "what cannot be cancelled costs the connection",
            events: [(0, .sent), (100, .timer), (300, .timer)],
            expected: ["cancel 300", "end"], error: .timedOut(.statement)),
        Case(
            testDescription: "a caller who leaves has his statement cancelled, once",
            events: [(0, .sent), (10, .left(1)), (20, .left(1)), (100, .timer)],
            expected: ["cancel 210", "nothing", "check 210"], error: .cancelled),
        Case(
            testDescription: "a caller who leaves after the answer cancels nothing",
            events: [(0, .sent), (10, .answered), (20, .left(1))], expected: ["nothing"]),
        Case(
            testDescription: "a caller who left an earlier statement cancels nothing",
            events: [(0, .sent), (10, .answered), (20, .sent), (30, .left(1))],
            expected: ["nothing"]),
        Case(
            testDescription: "a caller who leaves at the deadline cancels nothing more",
            events: [(0, .sent), (100, .timer), (100, .left(1))],
            expected: ["cancel 300", "nothing"], error: .timedOut(.statement)),
        Case(
            testDescription: "a cancelled statement's answer ends its deadline",
            events: [(0, .sent), (100, .timer), (150, .answered), (300, .timer)],
            expected: ["cancel 300", "check 1150"], error: .timedOut(.statement)),
        Case(
            testDescription: "the next statement knows nothing of a cancellation",
            events: [(0, .sent), (100, .timer), (150, .answered), (160, .sent)],
            expected: ["cancel 300"]),
        Case(
            testDescription: "a holder who asks nothing loses the connection",
            events: [(0, .sent), (50, .answered), (1050, .timer)],
            expected: ["end"], error: .timedOut(.transaction)),
        Case(
            testDescription: "a holder who never asks loses the connection",
            events: [(1000, .timer)], expected: ["end"], error: .timedOut(.transaction)),
        Case(
            testDescription: "a commit is not cancelled, but has a deadline",
            events: [(0, .sent), (10, .answered), (10, .commit), (20, .left(1)), (110, .timer)],
            expected: ["nothing", "end"]),
        Case(
            testDescription: "clearing away has a deadline",
            events: [(0, .sent), (10, .answered), (10, .clearing), (210, .timer)],
            expected: ["end"]),
    ])
    func story(_ given: Case) {
        var state = makeState(isTransaction: true)
        #expect(given.events.compactMap { play($0, on: &state) } == given.expected)
        #expect(state.errorOfCause == given.error)
    }

    @Test func `a transaction begins with its first statement and is rolled back unless it ends`() {
        var state = makeState(isTransaction: true)
        #expect(state.transaction == .announced && !state.needsRollback)
        _ = state.statementSent(timeout: .seconds(1), now: start)
        #expect(state.transaction == .open && state.needsRollback)
        state.statementAnswered(now: start)
        state.commitSent(timeout: .seconds(1), now: start)
        #expect(state.needsRollback)
        state.transactionEnded()
        #expect(state.transaction == .ended && !state.needsRollback)
    }

    @Test func `the first error of a transaction is the one that counts`() {
        var state = makeState(isTransaction: true)
        _ = state.statementSent(timeout: .seconds(1), now: start)
        state.statementFailed(.server(ServerError(sqlState: "40001")))
        state.statementFailed(.server(ServerError(sqlState: "25P02")))
        #expect(state.failure == .server(ServerError(sqlState: "40001")))
    }

    @Test(arguments: [("40001", true), ("40P01", true), ("25P02", false), ("23505", false)])
    func `deadlocks and serialization failures are conflicts`(sqlState: String, expected: Bool) {
        var state = makeState(isTransaction: true)
        _ = state.statementSent(timeout: .seconds(1), now: start)
        state.statementFailed(.server(ServerError(sqlState: sqlState)))
        #expect(state.isConflict == expected)
    }

    @Test func `outside a transaction an error leaves nothing behind`() {
        var state = makeState(isTransaction: false)
        _ = state.statementSent(timeout: .seconds(1), now: start)
        state.statementFailed(.server(ServerError(sqlState: "40001")))
        #expect(state.failure == nil && !state.isConflict && !state.needsRollback)
    }

    /// A lease whose holder may be idle for 1 s, and which waits for 0.2 s after a cancellation.
    @Test func `whoever left a statement of an earlier lease cancels none of this one`() {
        var state = LeaseState(
            isTransaction: false, idleTimeout: .seconds(1), cancelTimeout: .seconds(1),
            statement: 7, now: start)
        #expect(state.statementSent(timeout: .seconds(1), now: start) == 8)
        #expect(state.callerLeft(statement: 7, now: start) == .nothing)
        #expect(state.callerLeft(statement: 1, now: start) == .nothing)
        #expect(state.callerLeft(statement: 8, now: start) != .nothing)
    }

    private func makeState(isTransaction: Bool) -> LeaseState {
        LeaseState(
            isTransaction: isTransaction, idleTimeout: .seconds(1),
            cancelTimeout: .milliseconds(200), now: start)
    }

    private func play(_ event: (after: Int, Event), on state: inout LeaseState) -> String? {
        let now = start + .milliseconds(event.after)
        switch event.1 {
        case .sent: _ = state.statementSent(timeout: .milliseconds(100), now: now)
        case .commit: state.commitSent(timeout: .milliseconds(100), now: now)
        case .answered: state.statementAnswered(now: now)
        case .clearing: state.clearingBegan(now: now)
        case .left(let number): return describe(state.callerLeft(statement: number, now: now))
        case .timer: return describe(state.timerFired(now: now))
        }
        return nil
    }

    private func describe(_ action: LeaseState.Action) -> String {
        func milliseconds(_ time: MonotonicTime) -> Int { Int((time - start) / .milliseconds(1)) }
        return switch action {
        case .nothing: "nothing"
        case .check(let time): "check \(milliseconds(time))"
        case .cancel(let time): "cancel \(milliseconds(time))"
        case .end: "end"
        }
    }
}
