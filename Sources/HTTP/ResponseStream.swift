/// Content that is made while it is sent, for what is too large to be held at once.
///
/// The next chunk is asked for while little is unsent (256 KiB unless configured), else when the
/// client has taken everything, so a slow client slows the sequence down instead of filling the
/// memory. It may be made of the request's content, which can be read until the stream has ended.
///
/// It is a class, so that in a response without one, as most are, it is one word that is nil.
package final class ResponseStream: Sendable {
    /// How many octets the chunks have in all; `nil` when nobody knows. A sequence that gives more
    /// or fewer breaks the connection, since the client could not tell where the content ends.
    package let length: Int?
    /// The content. If it throws, the connection is broken off, by which the client learns that
    /// the content is incomplete.
    package let chunks: any AsyncSequence<[UInt8], any Error> & Sendable

    /// Makes the content of a response.
    package init(
        length: Int? = nil, chunks: any AsyncSequence<[UInt8], any Error> & Sendable
    ) {
        self.length = length
        self.chunks = chunks
    }
}
