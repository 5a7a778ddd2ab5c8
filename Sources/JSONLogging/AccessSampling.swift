import Synchronization

/// Which of the requests that went well get a line, when not every one does; pure.
///
/// Of each `oneOf` requests, counted as they are answered, one is taken: at a place that looks like
/// chance and is always the same, so that no client whose requests come in turns is always left
/// out.
package struct AccessSampling: Hashable, Sendable {
    /// Takes every request.
    package static let everything = AccessSampling(oneOf: 1, slowFrom: .zero)

    /// Of how many requests one is taken, 1 or more.
    package let oneOf: Int
    /// How long a request may take, below which it counts as any other: slower ones are all taken.
    package let slowFrom: Duration

    /// Takes one of `oneOf` requests, and all that take `slowFrom` or longer.
    package init(oneOf: Int, slowFrom: Duration) {
        precondition(oneOf > 0, "One of \(oneOf) requests cannot be taken.")
        self.oneOf = oneOf
        self.slowFrom = slowFrom
    }

    /// Whether only some of the requests are taken that were answered with `status` after
    /// `duration`: those with a 2xx that were not slow.
    func applies(toStatus status: Int, _ duration: Duration) -> Bool {
        oneOf > 1 && (200..<300).contains(status) && duration < slowFrom
    }

    /// Whether a request that it applies to is taken; `number` counts them from 0.
    func takes(_ number: UInt64) -> Bool {
        let count = UInt64(oneOf)
        return number % count == Self.mixed(number / count) % count
    }

    /// Distinct numbers for distinct ones, without a pattern: the finaliser of SplitMix64 (Steele,
    /// Lea and Flood, Fast Splittable Pseudorandom Number Generators, 2014).
    private static func mixed(_ number: UInt64) -> UInt64 {
        var bits = number &+ 0x9e37_79b9_7f4a_7c15
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        return bits ^ (bits >> 31)
    }
}

/// Counts requests.
final class RequestCount: Sendable {
    private let value = Atomic<UInt64>(0)

    /// The number of one more, from 0; any thread may ask.
    func next() -> UInt64 { value.add(1, ordering: .relaxed).oldValue }
}
