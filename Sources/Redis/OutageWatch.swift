import Ambient

/// Tells when Redis is out of use for a loop, and when it is back; pure.
///
/// Single commands may be late, so they are an outage only when none has been answered in time for
/// a while in which failures followed each other. An attempt to connect that fails is one at once.
struct OutageWatch {
    private let outageAfter: Duration
    /// Failures since a success, or since there was none for long.
    private var failures: (first: MonotonicTime, last: MonotonicTime)?
    /// Whether there is an outage.
    private(set) var isOut = false

    /// - Parameter outageAfter: How long commands may fail. Failures that are more than three times
    ///   as far apart have nothing to do with each other: nobody has asked meanwhile.
    init(outageAfter: Duration) { self.outageAfter = outageAfter }

    /// A command has failed.
    /// - Returns: Whether an outage begins.
    mutating func commandFailed(now: MonotonicTime) -> Bool {
        var first = now
        if let failures, now <= failures.last + outageAfter * 3 { first = failures.first }
        failures = (first, last: now)
        guard !isOut, first + outageAfter <= now else { return false }
        isOut = true
        return true
    }

    /// An attempt to connect has failed.
    /// - Returns: Whether an outage begins.
    mutating func connectFailed() -> Bool {
        defer { isOut = true }
        return !isOut
    }

    /// A command was answered in time, or a connection made.
    /// - Returns: Whether an outage ends.
    mutating func succeeded() -> Bool {
        failures = nil
        defer { isOut = false }
        return isOut
    }
}
