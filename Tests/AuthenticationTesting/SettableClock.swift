package import Ambient
import Synchronization

/// A clock that stands still until a test moves it.
package final class SettableClock: Sendable {
    private let time: Mutex<Timestamp>

    /// Makes a clock that shows `start`.
    package init(at start: Timestamp) { time = Mutex(start) }

    /// What it shows.
    package var now: Timestamp { time.withLock { $0 } }

    /// Moves it on, or back, by so many seconds.
    package func advance(bySeconds seconds: Int64) {
        time.withLock { time in
            time = Timestamp(
                microsecondsSince1970: time.microsecondsSince1970 + seconds * 1_000_000)
        }
    }

    /// The clock as services take one.
    package var wallClock: WallClock { WallClock { self.now } }
}
