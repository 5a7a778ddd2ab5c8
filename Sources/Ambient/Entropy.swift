import Synchronization

/// A source of random bits, passed in so that a test can repeat them.
package struct Entropy: Sendable {
    private let draw: @Sendable () -> UInt64

    /// Makes a source that asks `draw` for each 64 bits, on the asker's thread.
    package init(_ draw: @escaping @Sendable () -> UInt64) {
        self.draw = draw
    }

    /// Another 64 random bits.
    package func next() -> UInt64 {
        draw()
    }

    /// The machine's cryptographically secure source (`getrandom(2)`).
    package static let system = Entropy {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }

    /// A source that gives the same bits after the same `seed`: for tests, never for secrets.
    package static func seeded(_ seed: UInt64) -> Entropy {
        let sequence = SplitMix64(seed: seed)
        return Entropy { sequence.next() }
    }
}

/// The generator of Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
///
/// Its state only ever grows by a constant, so one atomic addition makes it safe to share.
private final class SplitMix64: Sendable {
    private let state: Atomic<UInt64>

    init(seed: UInt64) {
        state = Atomic(seed)
    }

    func next() -> UInt64 {
        var bits = state.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return bits ^ bits >> 31
    }
}
