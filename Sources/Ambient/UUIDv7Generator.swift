import Synchronization

/// Makes UUIDs that sort by the time they were made (RFC 9562 §5.7).
///
/// Each is greater than the one made before it in the same process, on any thread: within a
/// millisecond the 12 bits after the version are a counter (§6.2, method 1). It starts at a random
/// value below half its range, so a process can make at least 2,048 in a millisecond; one more
/// carries into the millisecond, which then runs ahead of the clock until the clock catches up. A
/// clock that is set back changes nothing but that.
package final class UUIDv7Generator: Sendable {
    private static let counterBits: UInt64 = 12
    private static let counterMask: UInt64 = 1 << counterBits - 1
    private static let millisecondsMask: UInt64 = 1 << 48 - 1

    private let clock: WallClock
    private let entropy: Entropy
    /// Millisecond and counter of the newest identifier, 48 and 12 bits: adding one carries.
    private let newest = Atomic<UInt64>(0)

    /// Makes a generator; two in one process are each monotonic, not both together.
    package init(clock: WallClock, entropy: Entropy) {
        self.clock = clock
        self.entropy = entropy
    }

    /// A new identifier, greater than each that this generator has returned. Any thread may ask.
    package func next() -> UUID {
        let position = advance()
        let milliseconds = position >> Self.counterBits & Self.millisecondsMask
        let version: UInt64 = 0x7 << 12
        let variant: UInt64 = 0b10 << 62
        return UUID(
            high: milliseconds << 16 | version | position & Self.counterMask,
            low: variant | entropy.next() >> 2)
    }

    /// Takes the next place in the order: a new millisecond, or one more in the newest.
    private func advance() -> UInt64 {
        let now = UInt64(max(0, clock.now().microsecondsSince1970 / 1_000)) & Self.millisecondsMask
        let seed = entropy.next() & Self.counterMask >> 1
        var last = newest.load(ordering: .relaxed)
        while true {
            let isLater = now > last >> Self.counterBits
            let next = isLater ? now << Self.counterBits | seed : last + 1
            let (isOurs, current) = newest.weakCompareExchange(
                expected: last, desired: next, ordering: .relaxed)
            if isOurs { return next }
            last = current
        }
    }
}
