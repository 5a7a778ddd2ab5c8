extension RequestBody {
    /// The content as it arrives. The client is held up while nobody asks for more.
    ///
    /// - Parameter bytesMax: Most octets in all; beyond them the sequence fails with
    ///   ``BodyError/tooLarge``.
    package func chunks(upTo bytesMax: Int) -> Chunks {
        Chunks(body: self, bytesMax: bytesMax)
    }

    /// The content of a request, part by part.
    package struct Chunks: AsyncSequence, Sendable {
        fileprivate let body: RequestBody
        fileprivate let bytesMax: Int

        /// Begins to read; the content can be read once.
        package func makeAsyncIterator() -> Iterator { Iterator(chunks: self) }

        /// Reads the content.
        package struct Iterator: AsyncIteratorProtocol {
            /// Octets asked of the connection at a time.
            private static let chunkBytesMax = 64 * 1024

            private let source: (any BodySource)?
            private var bytes: [UInt8]?
            private var remaining: Int
            private var isTooLarge: Bool

            fileprivate init(chunks: Chunks) {
                remaining = chunks.bytesMax
                switch chunks.body.storage {
                case .bytes(let bytes):
                    source = nil
                    self.bytes = bytes.isEmpty ? nil : bytes
                    isTooLarge = bytes.count > remaining
                case .source(let source, let length):
                    self.source = source
                    isTooLarge = (length ?? 0) > remaining
                }
            }

            /// The next octets, at least one; `nil` after the last.
            /// - Throws: ``BodyError``; with a declared length above the limit before the first
            ///   octet.
            package mutating func next(
                isolation actor: isolated (any Actor)?
            ) async throws(BodyError) -> [UInt8]? {
                guard !isTooLarge else { throw .tooLarge }
                guard let source else { return bytes.take() }
                // At the limit one octet more is asked for, to learn whether there is one.
                let wanted = Swift.min(Self.chunkBytesMax, Swift.max(1, remaining))
                guard let chunk = try await source.nextChunk(upTo: wanted) else { return nil }
                remaining -= chunk.count
                isTooLarge = remaining < 0
                guard !isTooLarge else { throw .tooLarge }
                return chunk
            }
        }
    }
}
