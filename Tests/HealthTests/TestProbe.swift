import Ambient
import HTTPTesting
import Health
import Reactor
import Synchronization
import Tracing

/// A database that is looked at, and that answers when and what the test says.
final class TestProbe: DatabaseProbe {
    /// It has been looked at once more.
    let looks = Occurrences()

    private struct State {
        /// What it answers at once; nil while it is silent.
        var report: DatabaseReport?
        var unanswered: [CheckedContinuation<DatabaseReport, Never>] = []
        var isInTrace = false
    }

    private let state: Mutex<State>

    init(_ report: DatabaseReport?) { state = Mutex(State(report: report)) }

    /// Whether any look was made in a trace.
    var isInTrace: Bool { state.withLock { $0.isInTrace } }

    func look() async -> DatabaseReport {
        if InstrumentationContext.current != nil { state.withLock { $0.isInTrace = true } }
        looks.happened()
        return await withCheckedContinuation { continuation in
            let report = state.withLock { state in
                if state.report == nil { state.unanswered.append(continuation) }
                return state.report
            }
            if let report { continuation.resume(returning: report) }
        }
    }

    /// Answers with `report` from now on, and to the looks that wait too.
    func answer(_ report: DatabaseReport) {
        let waiting = state.withLock { state in
            state.report = report
            defer { state.unanswered = [] }
            return state.unanswered
        }
        for continuation in waiting { continuation.resume(returning: report) }
    }

    /// Answers nothing from now on.
    func fallSilent() { state.withLock { $0.report = nil } }
}

/// A clock that stands still until it is moved.
final class ManualClock: Sendable {
    private let time = Mutex(MonotonicTime.now)

    var now: MonotonicTime { time.withLock { $0 } }

    func advance(by duration: Duration) { time.withLock { $0 += duration } }
}

/// A monitor on a loop whose time the test moves.
struct TestMonitor: Sendable {
    let clock: ManualClock
    let loop: EventLoop
    let monitor: DatabaseMonitor

    /// Asks for a report; the question has reached the monitor on return.
    func ask() async -> Task<DatabaseReport, Never> {
        let asking = await loop.run { _ in
            let asking = Task { await monitor.report() }
            loop.awaitJobs(1)
            return asking
        }
        await turn()
        return asking
    }

    /// Lets time pass, and the loop see it: whatever is then due has happened on return.
    func advance(by duration: Duration) async {
        clock.advance(by: duration)
        await turn()
    }

    /// Has the loop look at the time and run what was queued before. The turn that is under way has
    /// looked already, so it is the next one that counts.
    private func turn() async {
        await loop.run { _ in await loop.yield() }
    }
}

/// Runs `body` with a monitor of `probe`.
func withMonitor(
    _ probe: TestProbe, onReport: @escaping @Sendable (DatabaseReport) -> Void = { _ in },
    _ body: (TestMonitor) async throws -> Void
) async throws {
    let clock = ManualClock()
    let loop = try EventLoop { clock.now }
    try loop.start()
    defer { loop.stop() }
    let monitor = DatabaseMonitor(loop: loop, probe: probe, onReport: onReport)
    try await body(TestMonitor(clock: clock, loop: loop, monitor: monitor))
}

extension DatabaseReport {
    /// A database that serves, with nothing to complain about.
    static let up = DatabaseReport(
        latency: .microseconds(1500), schema: .init(.current, applied: "0002", required: "0002"),
        isUTF8: true)
}
