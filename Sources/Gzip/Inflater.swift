import CZlib

/// Reads a text in the gzip format (RFC 1952), piece by piece, and makes no more of it at a time
/// than it is asked for: whoever counts what comes out is safe from what would be too large.
///
/// A text may have several members, which are read as one (RFC 1952 §2.2). Nothing else may follow
/// a member, padding included.
///
/// `@unchecked Sendable`: whoever has one lends it as a whole, to one thread and back, and nobody
/// else touches it meanwhile.
package final class Inflater: @unchecked Sendable {
    /// What one piece gave.
    package struct Step: Sendable {
        /// What was inflated.
        package let output: [UInt8]
        /// How many octets of the piece have been read.
        package let usedCount: Int
        /// Whether there may be more without any further input, since there was no room for it.
        package let isFull: Bool
    }

    /// zlib's state points at its stream, which therefore stays where it is.
    private let stream: UnsafeMutablePointer<z_stream>
    /// Whether what has been read ends with a member: the text may end here.
    package private(set) var isComplete = false

    /// Makes a reader of one text; nil if there is not enough memory.
    package init?() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // The largest window, 15 bits, and 16 for gzip and nothing else.
        let status = inflateInit2_(
            stream, 15 + 16, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { return nil }
    }

    deinit {
        // Of a stream that was never begun it only says so.
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Inflates the next octets; it blocks for as long as that takes, some 4 ms for each MiB that
    /// comes out.
    /// - Parameters:
    ///   - octets: What follows on what has been used, of at most ``Gzip/octetsMax``.
    ///   - outputMax: Most octets to make, 1 or more.
    /// - Returns: nil for what is not gzip, a wrong checksum or length included: nothing is to be
    ///   asked of this reader any more.
    package func inflate(_ octets: Span<UInt8>, upTo outputMax: Int) -> Step? {
        precondition(octets.count <= Gzip.octetsMax, "A piece has \(octets.count) octets.")
        var isMalformed = false
        let output = [UInt8](unsafeUninitializedCapacity: outputMax) { output, count in
            octets.withUnsafeBufferPointer { input in
                // It is only read (inflate's description in zlib.h); the type does not say so.
                stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.pointee.avail_in = uInt(input.count)
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = uInt(outputMax)
                isMalformed = !inflateMembers()
            }
            count = outputMax - Int(stream.pointee.avail_out)
        }
        guard !isMalformed else { return nil }
        return Step(
            output: output, usedCount: octets.count - Int(stream.pointee.avail_in),
            isFull: stream.pointee.avail_out == 0 && !isComplete)
    }

    /// Goes on until there is no input or no room left.
    /// - Returns: Whether all of it was gzip.
    private func inflateMembers() -> Bool {
        while stream.pointee.avail_in > 0 || !isComplete {
            // An end was no end if something follows.
            if isComplete {
                inflateReset(stream)
                isComplete = false
            }
            switch CZlib.inflate(stream, Z_NO_FLUSH) {
            case Z_OK where stream.pointee.avail_out > 0 && stream.pointee.avail_in > 0: continue
            // No input or no room is left; the latter says so if it meets it again.
            case Z_OK, Z_BUF_ERROR: return true
            case Z_STREAM_END: isComplete = true
            default: return false
            }
        }
        return true
    }
}
