/// What one hash costs: memory, passes over it, and lanes (RFC 9106 §3.1).
package struct Argon2idParameters: Hashable, Sendable {
    /// The most memory that a hash may ask for, in KiB: 256 MiB, four times what argon2-cffi and
    /// libpass take. The bound holds for stored hashes too, so that an imported one cannot take all
    /// the memory of the machine.
    package static let memoryKiBMax = 1 << 18
    /// The least memory of one lane in KiB (RFC 9106 §3.1).
    package static let memoryKiBPerLaneMin = 8
    /// How many passes over the memory a hash may ask for.
    package static let passesRange = 1...16
    /// How many lanes a hash may ask for; each hash computes them in turn.
    package static let lanesRange = 1...16

    /// OWASP's least for Argon2id: 19,456 KiB, two passes, one lane.
    package static let standard = Argon2idParameters()

    /// Memory in KiB, at least 8 a lane and at most ``memoryKiBMax``.
    package let memoryKiB: Int
    /// Passes over the memory, in ``passesRange``.
    package let passes: Int
    /// Lanes worked on in parallel, in ``lanesRange``.
    package let lanes: Int

    private init() {
        (memoryKiB, passes, lanes) = (19_456, 2, 1)
    }

    /// Makes parameters within the bounds.
    ///
    /// - Throws: ``PasswordHashingError/lanesOutOfRange(_:)``,
    ///   ``PasswordHashingError/passesOutOfRange(_:)`` or
    ///   ``PasswordHashingError/memoryOutOfRange(kibibytes:)``, the first that applies.
    package init(memoryKiB: Int, passes: Int, lanes: Int) throws(PasswordHashingError) {
        guard Self.lanesRange.contains(lanes) else { throw .lanesOutOfRange(lanes) }
        guard Self.passesRange.contains(passes) else { throw .passesOutOfRange(passes) }
        let memoryRange = Self.memoryKiBPerLaneMin * lanes...Self.memoryKiBMax
        guard memoryRange.contains(memoryKiB) else {
            throw .memoryOutOfRange(kibibytes: memoryKiB)
        }
        (self.memoryKiB, self.passes, self.lanes) = (memoryKiB, passes, lanes)
    }
}
