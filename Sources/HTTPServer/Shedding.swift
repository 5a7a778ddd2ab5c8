import Ambient

/// That connections were closed as soon as they had been accepted, for an operator to hear of.
package struct Shedding: Equatable, Sendable {
    /// What there was not enough of.
    package enum Reason: String, Hashable, CaseIterable, Sendable {
        /// The process or the system has no descriptor left.
        case descriptors
        /// ``HTTPServerConfiguration/connectionsMax`` are open.
        case connections
        /// ``HTTPServerConfiguration/connectionsPerClientMax`` of one client are open.
        case connectionsOfClient = "connections_of_client"
    }

    /// Why they were closed.
    package let reason: Reason
    /// How many were since the last report of the same reason, at least 1.
    package let count: Int
}

/// Makes of every connection that is shed a few reports; pure.
struct SheddingReports: Sendable {
    /// Least time between two reports of one reason, however many connections a flood has.
    static let interval: Duration = .seconds(60)

    private var unreported: [Shedding.Reason: Int] = [:]
    private var reportedAt: [Shedding.Reason: MonotonicTime] = [:]

    /// A connection has been shed.
    /// - Returns: What is to be reported now, if anything.
    mutating func connectionShed(
        _ reason: Shedding.Reason, now: MonotonicTime
    ) -> Shedding? {
        let count = unreported[reason, default: 0] + 1
        if let last = reportedAt[reason], now < last + Self.interval {
            unreported[reason] = count
            return nil
        }
        unreported[reason] = nil
        reportedAt[reason] = now
        return Shedding(reason: reason, count: count)
    }
}
