package import Logging
import Reactor

/// Says once that Redis is out of use, and once that it is back, whatever the number of loops that
/// notice.
package final class RedisOutageLog: Sendable {
    private let logger: Logger
    private let count = OutageCount()

    /// Makes the log of one Redis.
    package init(logger: Logger) { self.logger = logger }

    /// A loop cannot use Redis any more, or not from the beginning.
    func began(_ cause: String) {
        guard count.began() else { return }
        logger.warning("Redis out of use", metadata: ["cause": "\(cause)"])
    }

    /// A loop can use Redis again.
    func ended() {
        guard count.ended() else { return }
        logger.notice("Redis in use again")
    }
}
