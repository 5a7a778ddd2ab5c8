import Ambient

/// Tells when Redis is out of use for a loop, and when it is back; pure.
///
/// Single commands may be late, so they are an outage only when none has been answered in time for
/// a while. An attempt to connect that fails is one at once.
struct OutageWatch {
    private let outageAfter: Duration
    private var failingSince: MonotonicTime?
    /// Whether there is an outage.
    private(set) var isOut = false

    /// - Parameter outageAfter: How long commands may fail.
    init(outageAfter: Duration) { self.outageAfter = outageAfter }

    /// A command has failed.
    /// - Returns: Whether an outage begins.
    mutating func commandFailed(now: MonotonicTime) -> Bool {
        let since = failingSince ?? now
        failingSince = since
        guard !isOut, since + outageAfter <= now else { return false }
        isOut = true
        return true
    }

    /// An attempt to connect has failed.
    /// - Returns: Whether an outage begins.
    mutating func connectFailed(now: MonotonicTime) -> Bool {
        failingSince = failingSince ?? now
        defer { isOut = true }
        return !isOut
    }

    /// A command was answered in time, or a connection made.
    /// - Returns: Whether an outage ends.
    mutating func succeeded() -> Bool {
        failingSince = nil
        defer { isOut = false }
        return isOut
    }
}
