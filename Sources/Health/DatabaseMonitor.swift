import Ambient
package import Reactor
import Tracing

/// Keeps the newest ``DatabaseReport`` of the process, so that all probes together cost at most one
/// look at the database a second.
package actor DatabaseMonitor {
    /// For how long a report serves.
    private static let freshness: Duration = .seconds(1)
    /// How often the database is looked at though nobody asks.
    private static let watchInterval: Duration = .seconds(2)
    /// Longest wait for the database, docs/api.md.
    private static let answerTimeout: Duration = .milliseconds(200)

    /// The loop it lives on.
    package nonisolated let loop: EventLoop
    /// The loop.
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        loop.asUnownedSerialExecutor()
    }

    private let probe: any DatabaseProbe
    private let onReport: @Sendable (DatabaseReport) -> Void
    private var newest: (report: DatabaseReport, at: MonotonicTime)?
    private var isLooking = false
    private var waiters: [Gate] = []
    private var timer: TimerID?

    /// Makes a monitor that has not looked yet.
    /// - Parameter onReport: Hears of each report, on the loop.
    package init(
        loop: EventLoop, probe: any DatabaseProbe,
        onReport: @escaping @Sendable (DatabaseReport) -> Void = { _ in }
    ) {
        self.loop = loop
        self.probe = probe
        self.onReport = onReport
    }

    /// Looks at the database every two seconds at least, until the task is cancelled: where nobody
    /// probes, nobody would hear of an outage.
    package func watch() async {
        while !Task.isCancelled {
            _ = await report()
            await loop.sleep(for: Self.watchInterval)
        }
    }

    /// The newest report; if it is too old, a new one, or ``DatabaseReport/down`` when the
    /// database takes more than 200 ms. From any thread.
    package func report() async -> DatabaseReport {
        if let newest, loop.now - newest.at < Self.freshness { return newest.report }
        let waiter = Gate(loop: loop)
        waiters.append(waiter)
        startLooking()
        await waiter.pass()
        guard let newest else { preconditionFailure("Whoever lets a waiter go has a report.") }
        return newest.report
    }

    private func startLooking() {
        if timer == nil {
            timer = loop.schedule(at: loop.now + Self.answerTimeout) { [weak self] in
                self?.assumeIsolated { $0.conclude(.down) }
            }
        }
        guard !isLooking else { return }
        isLooking = true
        // It is for all who ask, and no part of the trace of the one who happened to come first.
        _ = InstrumentationContext.withValue(nil) { Task { await self.look() } }
    }

    private func look() async {
        let start = loop.now
        let report = await probe.look()
        isLooking = false
        if loop.now - start < Self.answerTimeout {
            conclude(report)
        } else if !waiters.isEmpty {
            // An answer that came too late says little of now; who asks meanwhile gets a new one.
            startLooking()
        }
    }

    private func conclude(_ report: DatabaseReport) {
        if let timer { loop.cancel(timer) }
        timer = nil
        newest = (report, loop.now)
        onReport(report)
        let waiting = waiters
        waiters.removeAll()
        for waiter in waiting { waiter.open() }
    }
}
