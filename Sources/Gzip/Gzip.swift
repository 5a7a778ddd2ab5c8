/// Compression in the gzip format (RFC 1952), by zlib.
package enum Gzip {
    /// The most octets that are compressed or inflated at once: 64 MiB.
    package static let octetsMax = 64 << 20

    /// The octets, compressed; it blocks for as long as that takes, some 15 ms a MiB.
    /// - Parameter level: One of ``Deflater/levels``.
    /// - Returns: nil if there are more than ``octetsMax``, or not enough memory: they are best
    ///   sent as they are.
    package static func compress(_ octets: Span<UInt8>, level: Int) -> [UInt8]? {
        guard octets.count <= octetsMax else { return nil }
        return Deflater(level: level)?.compress(octets, isLast: true)
    }
}
