/// What one scrypt hash costs (RFC 7914 §2): `N`, a power of two, `r` and `p`.
package struct ScryptCost: Hashable, Sendable {
    /// The most octets that a hash may work through, `128 · N · r · p`: 128 MiB, which is what
    /// OWASP's strongest choice takes (N=2¹⁷, r=8, p=1). It bounds both memory and time.
    package static let octetsMax = 128 << 20
    /// The block sizes `r` that a hash may ask for; crypt_gensalt(3) writes 32.
    package static let blockSizeRange = 1...32
    /// How many lanes `p` a hash may ask for.
    package static let lanesRange = 1...16

    /// The logarithm of `N`: at least 1, and less than `16 · r` (RFC 7914 §2).
    package let logN: Int
    /// `r`, in ``blockSizeRange``.
    package let blockSize: Int
    /// `p`, in ``lanesRange``.
    package let lanes: Int

    /// Makes a cost within the bounds.
    /// - Throws: ``PasswordHashingError/scryptCostOutOfRange(logN:blockSize:lanes:)``.
    package init(logN: Int, blockSize: Int, lanes: Int) throws(PasswordHashingError) {
        guard Self.blockSizeRange.contains(blockSize), Self.lanesRange.contains(lanes),
            logN >= 1, logN < min(16 * blockSize, Self.octetsMax.trailingZeroBitCount),
            128 * blockSize * lanes << logN <= Self.octetsMax
        else {
            throw .scryptCostOutOfRange(logN: logN, blockSize: blockSize, lanes: lanes)
        }
        (self.logN, self.blockSize, self.lanes) = (logN, blockSize, lanes)
    }
}
