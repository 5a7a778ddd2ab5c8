/// Why a request's content could not be read to its end.
package enum BodyError: Error, Equatable, Sendable {
    /// There is more content than the limit that applies.
    case tooLarge
    /// The content did not arrive before its deadline.
    case timedOut
    /// The connection ended before the content did.
    case connectionLost
    /// The content is not framed as the head announced.
    case malformed(RequestParseError)
    /// The content is compressed in a way that the service does not know.
    case unsupportedCoding
    /// The content is said to be gzip, and is not.
    case malformedGzip
    /// Too much content is being inflated already.
    case overloaded
}

/// What a request's content is read from: the connection that it arrives on.
package protocol BodySource: AnyObject, Sendable {
    /// The next octets of the content, at least one; `nil` once all have been returned.
    ///
    /// It runs where its caller does.
    ///
    /// - Parameter bytesMax: Most octets to return, 1 or more.
    nonisolated(nonsending) func nextChunk(
        upTo bytesMax: Int
    ) async throws(BodyError) -> [UInt8]?
}

/// The content of a request, which may still be on its way.
///
/// It can be read once, by one reader, until the request has been answered; later it fails with
/// ``BodyError/connectionLost``.
package struct RequestBody: Sendable {
    enum Storage: Sendable {
        case bytes([UInt8])
        case source(any BodySource, length: Int?)
    }

    let storage: Storage

    /// No content.
    package static let empty = RequestBody(bytes: [])

    /// Content that is here already.
    package init(bytes: [UInt8]) {
        storage = .bytes(bytes)
    }

    /// Content that `source` delivers.
    ///
    /// - Parameter length: Its octets as the head declared them; `nil` when it is chunked.
    package init(source: any BodySource, length: Int?) {
        storage = .source(source, length: length)
    }

    /// All octets of the content.
    ///
    /// It runs where its caller does. With a declared length above `bytesMax` it fails before it
    /// has asked for an octet.
    ///
    /// - Parameter bytesMax: Most octets that the caller takes, 0 or more.
    /// - Throws: ``BodyError/tooLarge`` when there are more; whatever the source throws.
    package func collect(upTo bytesMax: Int) async throws(BodyError) -> [UInt8] {
        var chunks = chunks(upTo: bytesMax).makeAsyncIterator()
        var collected: [UInt8] = []
        while let chunk = try await chunks.next(isolation: #isolation) {
            if collected.isEmpty { collected = chunk } else { collected += chunk }
        }
        return collected
    }
}
