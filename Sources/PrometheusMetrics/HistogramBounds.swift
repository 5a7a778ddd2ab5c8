/// The upper bounds of a histogram's buckets, each of which counts what is not above it.
package struct HistogramBounds: Sendable {
    /// Rising; in nanoseconds if this is about time.
    let values: [UInt64]
    /// How many decimals of what is written are below the whole: 9 for nanoseconds, else 0.
    let decimals: Int

    private init(_ values: [UInt64], decimals: Int) {
        precondition(
            !values.isEmpty && zip(values, values.dropFirst()).allSatisfy { $0 < $1 },
            "The bounds do not rise: \(values).")
        self.values = values
        self.decimals = decimals
    }

    /// Bounds of times, which are written in seconds. None is negative.
    package static func times(_ bounds: [Duration]) -> HistogramBounds {
        HistogramBounds(bounds.map(\.nanoseconds), decimals: 9)
    }

    /// Bounds of counts, such as how many come at a time.
    package static func counts(_ bounds: [UInt64]) -> HistogramBounds {
        HistogramBounds(bounds, decimals: 0)
    }

    /// For requests, queries and waits: half a millisecond to ten seconds.
    package static let requests = HistogramBounds.times([
        .microseconds(500), .milliseconds(1), .microseconds(2_500), .milliseconds(5),
        .milliseconds(10), .milliseconds(25), .milliseconds(50), .milliseconds(100),
        .milliseconds(250), .milliseconds(500), .seconds(1), .milliseconds(2_500), .seconds(5),
        .seconds(10),
    ])

    /// For the turns of an event loop: a tenth of a millisecond to one second.
    package static let turns = HistogramBounds.times([
        .microseconds(100), .microseconds(250), .microseconds(500), .milliseconds(1),
        .microseconds(2_500), .milliseconds(5), .milliseconds(10), .milliseconds(25),
        .milliseconds(50), .milliseconds(100), .milliseconds(250), .milliseconds(500), .seconds(1),
    ])
}

extension Duration {
    /// Whole nanoseconds; 0 if it is negative, as no time that has passed is.
    var nanoseconds: UInt64 {
        let attoseconds = attoseconds
        guard attoseconds > 0 else { return 0 }
        // Of 64 bits, which are 18 seconds, a division costs a sixth of one of 128.
        guard let small = UInt64(exactly: attoseconds) else {
            return UInt64(clamping: attoseconds / 1_000_000_000)
        }
        return small / 1_000_000_000
    }
}
