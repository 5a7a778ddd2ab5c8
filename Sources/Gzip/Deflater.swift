import CZlib

/// Compresses texts in the gzip format (RFC 1952) by zlib, one after the other, each in pieces.
///
/// The 256 KiB that it works with are got once: for a small text, to get them from the system and
/// give them back takes longer than to compress it.
///
/// `@unchecked Sendable`: whoever has one lends it as a whole, to one thread and back, and nobody
/// else touches it meanwhile.
package final class Deflater: @unchecked Sendable {
    /// How hard zlib may try: 1 is the fastest, 9 makes the smallest texts.
    package static let levels = 1...9

    /// zlib's state points at its stream, which therefore stays where it is.
    private let stream: UnsafeMutablePointer<z_stream>

    /// Makes a compressor; nil if there is not enough memory.
    ///
    /// - Precondition: `level` is one of ``levels``.
    package init?(level: Int) {
        precondition(Self.levels.contains(level), "There is no level \(level).")
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // The largest window, 15 bits, and 16 for gzip; zlib's own default for its memory.
        let status = deflateInit2_(
            stream, CInt(level), Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            CInt(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { return nil }
    }

    deinit {
        // Of a stream that was never begun it only says so.
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Compresses the next piece of a text; it blocks for as long as that takes, some 15 ms a MiB.
    /// - Parameters:
    ///   - octets: The piece, of at most ``Gzip/octetsMax``.
    ///   - isLast: Whether the text ends with it: what comes then begins another one.
    /// - Returns: What there is of the compressed text so far, behind what was returned before.
    package func compress(_ octets: Span<UInt8>, isLast: Bool) -> [UInt8] {
        precondition(octets.count <= Gzip.octetsMax, "A piece has \(octets.count) octets.")
        let flush = isLast ? Z_FINISH : Z_NO_FLUSH
        var output: [UInt8] = []
        octets.withUnsafeBufferPointer { input in
            // It is only read (deflate's description in zlib.h); the type does not say so.
            stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.pointee.avail_in = uInt(input.count)
            repeat {
                let room = Int(deflateBound(stream, uLong(stream.pointee.avail_in)))
                let piece = fill(room, flush)
                if output.isEmpty { output = piece } else { output += piece }
                // There may be more as long as there was no room left.
            } while stream.pointee.avail_out == 0
        }
        if isLast { deflateReset(stream) }
        return output
    }

    private func fill(_ room: Int, _ flush: CInt) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: room) { output, count in
            stream.pointee.next_out = output.baseAddress
            stream.pointee.avail_out = uInt(room)
            let status = deflate(stream, flush)
            // Without room, and without anything left to do, it says Z_BUF_ERROR.
            precondition(
                status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR,
                "deflate ended with \(status).")
            count = room - Int(stream.pointee.avail_out)
        }
    }
}
