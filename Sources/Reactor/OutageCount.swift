import Synchronization

/// Tells the first and the last of several loops that notice one outage, so that it is logged once;
/// from any thread.
package final class OutageCount: Sendable {
    /// Those who have noticed it.
    private let count = Atomic<Int>(0)

    /// Makes the count of something that all can reach.
    package init() {}

    /// One more has noticed the outage, who had not noticed it before.
    /// - Returns: Whether it is the first.
    package func began() -> Bool { count.add(1, ordering: .relaxed).newValue == 1 }

    /// One who had noticed the outage has noticed its end.
    /// - Returns: Whether it is the last.
    package func ended() -> Bool { count.subtract(1, ordering: .relaxed).newValue == 0 }
}
