import Ambient

/// When a loop that has nothing due may let other threads of its processor run before it looks for
/// events; sched_yield(2).
///
/// Clients and PostgreSQL, where they share the processor, then have their requests and answers
/// ready: one turn finds more of them, and fewer turns end in a sleep from which the system has to
/// wake the thread. How long a yield takes is up to the scheduler, and has no bound: a thread that
/// computes for long, such as one that hashes a password or another program's, delays the turn. So
/// after a long yield the loop rests from yielding, for long enough that such threads have at most
/// a quarter of its time. The values were measured: docs/performance.md, "What was tried".
struct YieldPolicy: Equatable {
    /// The longest yield that counts as short: the next one may follow at once.
    static let shortYieldMax: Duration = .milliseconds(1)
    /// The least time for which the loop does not yield after a long one.
    static let restMin: Duration = .milliseconds(10)
    /// How many times as long as a long yield the rest after it is at least.
    static let restFactor = 3

    private var resumesAt: MonotonicTime

    /// A policy by which the loop may yield from `now` on.
    init(now: MonotonicTime) { resumesAt = now }

    /// Whether the loop may yield at `now`.
    func allowsYield(at now: MonotonicTime) -> Bool { now >= resumesAt }

    /// Notes that the loop yielded at `start` and ran again at `end`.
    mutating func yielded(from start: MonotonicTime, until end: MonotonicTime) {
        let duration = end - start
        guard duration > Self.shortYieldMax else { return }
        resumesAt = end + max(Self.restMin, duration * Self.restFactor)
    }
}
