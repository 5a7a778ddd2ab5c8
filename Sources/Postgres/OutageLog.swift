package import Logging
import Reactor

/// Says once that the database is away, and once that it is back, whatever the number of pools that
/// notice: each loop has its own.
package final class OutageLog: Sendable {
    private let logger: Logger
    /// Pools whose last attempt to connect failed.
    private let failing = OutageCount()

    /// Makes the log of one database.
    package init(logger: Logger) { self.logger = logger }

    /// A pool that could connect before, or has not tried before, cannot connect.
    func poolFailed(_ cause: PostgresError) {
        guard failing.began() else { return }
        logger.warning("Database unreachable", metadata: ["cause": "\(cause)"])
    }

    /// A pool that could not connect has connected.
    func poolRecovered() {
        guard failing.ended() else { return }
        logger.notice("Database reachable again")
    }
}
