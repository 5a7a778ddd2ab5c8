import Ambient

/// Whether a loop that has nothing left to do lets other threads of its processor run before it
/// looks for events; sched_yield(2).
///
/// Clients and PostgreSQL, where they share the processor, then have their answers and requests
/// ready: one turn finds more of them, and fewer turns end in a sleep from which the system has to
/// wake the thread. Who takes the processor for long instead, such as another program that only
/// computes, would delay every turn: after such a yield there is none for a while.
struct YieldPolicy: Equatable {
    /// The longest yield after which the next one may follow at once.
    static let durationMax: Duration = .milliseconds(1)
    /// How long there is none after a longer one.
    static let rest: Duration = .milliseconds(10)

    private var resumesAt: MonotonicTime

    /// A policy by which the loop may yield from `now` on.
    init(now: MonotonicTime) { resumesAt = now }

    /// Whether the loop may yield at `now`.
    func allowsYield(at now: MonotonicTime) -> Bool { now >= resumesAt }

    /// Notes that the thread yielded at `start` and ran again at `end`.
    mutating func yielded(from start: MonotonicTime, until end: MonotonicTime) {
        guard end - start > Self.durationMax else { return }
        resumesAt = end + Self.rest
    }
}
