import Glibc

/// A point on the machine's monotonic clock, for deadlines and for how long something took.
///
/// It says what `ContinuousClock.Instant` does, whose layout the standard library keeps to itself:
/// every copy of that one is a call.
package struct MonotonicTime: InstantProtocol, Hashable, Sendable {
    private let sinceStart: Duration

    private init(sinceStart: Duration) { self.sinceStart = sinceStart }

    /// The time now (`clock_gettime(2)`, `CLOCK_MONOTONIC`); it is never set back.
    package static var now: MonotonicTime {
        var time = timespec()
        // It fails only for an unknown clock or a bad address (clock_gettime(2)): neither is here.
        _ = clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicTime(
            sinceStart: .nanoseconds(Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)))
    }

    /// The time so much later.
    package func advanced(by duration: Duration) -> MonotonicTime {
        MonotonicTime(sinceStart: sinceStart + duration)
    }

    /// How long it is until `other`; negative when that is earlier.
    package func duration(to other: MonotonicTime) -> Duration { other.sinceStart - sinceStart }

    /// Whether the left one is earlier.
    package static func < (left: MonotonicTime, right: MonotonicTime) -> Bool {
        left.sinceStart < right.sinceStart
    }

    /// The time so much later.
    package static func + (time: MonotonicTime, duration: Duration) -> MonotonicTime {
        time.advanced(by: duration)
    }

    /// Moves the left one so much later.
    package static func += (time: inout MonotonicTime, duration: Duration) {
        time = time.advanced(by: duration)
    }

    /// How long it is from the right one to the left one.
    package static func - (left: MonotonicTime, right: MonotonicTime) -> Duration {
        right.duration(to: left)
    }
}
