import Gzip
import HTTP

/// Content that is kept in gzip alone, which is a quarter of it, and inflated while it is sent to
/// the few who do not take it so.
package struct PackedContent: Sendable {
    /// What is inflated at a time, a quarter of a millisecond on the loop.
    private static let pieceBytes = 64 * 1024

    /// The content in gzip (RFC 1952).
    let gzip: [UInt8]
    /// How many octets it has when it is inflated.
    let count: Int

    /// Makes content of a file that gzip has made of it, of one member and less than 4 GiB; nil if
    /// it is too short for that. Whether it is gzip shows when it is inflated.
    package init?(gzip: [UInt8]) {
        // The head has ten octets at least, and the end eight: a checksum and the length.
        guard gzip.count >= 18 else { return nil }
        self.gzip = gzip
        count = gzip.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// The content as it is.
    var inflated: ResponseStream { ResponseStream(length: count, chunks: Pieces(gzip: gzip)) }

    private struct Pieces: AsyncSequence, Sendable {
        let gzip: [UInt8]

        func makeAsyncIterator() -> Iterator { Iterator(gzip: gzip) }
    }

    private struct Iterator: AsyncIteratorProtocol {
        let gzip: [UInt8]
        private let inflater = Inflater()
        private var usedCount = 0

        init(gzip: [UInt8]) { self.gzip = gzip }

        /// - Throws: That there is no memory, or that the content is no gzip.
        mutating func next() async throws -> [UInt8]? {
            guard inflater?.isComplete != true else { return nil }
            let octets = gzip
            let rest = octets.span.extracting(usedCount...)
            guard let step = inflater?.inflate(rest, upTo: pieceBytes), !step.output.isEmpty else {
                throw NotInflated()
            }
            usedCount += step.usedCount
            return step.output
        }
    }

    /// Content could not be inflated.
    private struct NotInflated: Error {}
}
