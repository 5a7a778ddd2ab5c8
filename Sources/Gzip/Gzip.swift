import CZlib

/// Compression in the gzip format (RFC 1952), by zlib.
package enum Gzip {
    /// The most octets that are compressed at once: 64 MiB. As many again, and a little more, are
    /// needed meanwhile.
    package static let octetsMax = 64 << 20

    /// What RFC 1952 §2.3 has around the compressed octets, as deflateInit2 is asked for it: the
    /// largest window, 15 bits, and 16 for gzip.
    private static let windowBits: CInt = 15 + 16
    /// zlib's own default for its memory: 256 KiB with that window.
    private static let memoryLevel: CInt = 8

    /// The octets, compressed; it blocks for as long as that takes, some 20 ms a MiB.
    /// - Returns: nil if there are more than ``octetsMax``, or not enough memory: they are best
    ///   sent as they are.
    package static func compress(_ octets: Span<UInt8>) -> [UInt8]? {
        guard octets.count <= octetsMax else { return nil }
        var stream = z_stream()
        guard
            deflateInit2_(
                &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, windowBits, memoryLevel,
                Z_DEFAULT_STRATEGY, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size)) == Z_OK
        else { return nil }
        defer { deflateEnd(&stream) }
        let capacity = Int(deflateBound(&stream, uLong(octets.count)))
        return octets.withUnsafeBufferPointer { input in
            [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
                // It is only read (deflate's description in zlib.h); the type does not say so.
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = uInt(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = uInt(capacity)
                let status = deflate(&stream, Z_FINISH)
                // zlib.h promises it for an output of deflateBound's size.
                precondition(status == Z_STREAM_END, "deflate ended with \(status).")
                count = capacity - Int(stream.avail_out)
            }
        }
    }
}
