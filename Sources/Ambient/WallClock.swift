import Glibc

/// The time of day, passed in so that a test can hold it still.
package struct WallClock: Sendable {
    private let read: @Sendable () -> Timestamp

    /// Makes a clock that asks `read` whenever it is looked at, on the asker's thread.
    package init(_ read: @escaping @Sendable () -> Timestamp) {
        self.read = read
    }

    /// The time now.
    package func now() -> Timestamp {
        read()
    }

    /// The machine's clock (`clock_gettime(2)`, `CLOCK_REALTIME`); it may be set back.
    package static let system = WallClock {
        var time = timespec()
        // It fails only for an unknown clock or a bad address (clock_gettime(2)): neither is here.
        _ = clock_gettime(CLOCK_REALTIME, &time)
        let microseconds = Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
        return Timestamp(microsecondsSince1970: microseconds)
    }

    /// A clock that always shows `time`.
    package static func fixed(at time: Timestamp) -> WallClock {
        WallClock { time }
    }
}
