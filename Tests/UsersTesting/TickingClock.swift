package import Ambient
import Synchronization

/// A clock that moves on by a second whenever it is looked at.
package final class TickingClock: Sendable {
    private let start: Timestamp
    private let ticks = Atomic<Int64>(0)

    /// Makes a clock that shows `start` first.
    package init(from start: Timestamp) { self.start = start }

    /// The clock as services take one.
    package var wallClock: WallClock {
        WallClock {
            let tick = self.ticks.add(1, ordering: .relaxed).oldValue
            return Timestamp(
                microsecondsSince1970: self.start.microsecondsSince1970 + tick * 1_000_000)
        }
    }
}
