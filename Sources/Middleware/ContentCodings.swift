import HTTP
import HTTPTypes
package import Reactor

/// Content that is compressed on its way (RFC 9110 §8.4): that of requests is inflated when
/// somebody reads it, that of answers is compressed for those who ask for it.
///
/// It is no middleware: ``RequestRecorder`` asks it only where there is something to do, which is
/// seldom, and a link of the chain would be a twentieth of a short request's instructions.
package final class ContentCodings: Sendable {
    private let loop: EventLoop
    private let pool: OffloadPool
    private let bodyBytesMax: Int
    private let answers: AnswerCompression?

    /// Makes those of one loop, to be used on its thread.
    /// - Parameters:
    ///   - pool: Where long content is compressed and inflated, off the loop.
    ///   - bodyBytesMax: Most octets of a request's content, as it is sent and as it is meant.
    ///   - answers: Compresses answers; nil if none is to be.
    package init(
        loop: EventLoop, pool: OffloadPool, bodyBytesMax: Int, answers: AnswerCompression?
    ) {
        self.loop = loop
        self.pool = pool
        self.bodyBytesMax = bodyBytesMax
        self.answers = answers
    }

    /// Gives a request that has content its content as it is meant.
    func decode(_ request: inout Request) {
        switch request.head.fields.contentCoding {
        case .identity: break
        case .gzip:
            let body = InflatedBody(request.body, bytesMax: bodyBytesMax, on: loop, pool)
            request.body = RequestBody(source: body, length: nil)
        case nil: request.body = RequestBody(source: UndecodableBody(), length: nil)
        }
    }

    /// Whether there is anything to be done with an answer: most are short.
    func concern(_ response: Response) -> Bool { answers?.concerns(response) == true }

    /// Compresses an answer that they ``concern(_:)``, if that is worth it and its client prefers
    /// it.
    func encode(_ response: consuming Response, to head: RequestHead) async -> Response {
        await answers?.encode(&response, to: head)
        return response
    }
}

/// Content in a coding that nobody here knows.
private final class UndecodableBody: BodySource {
    func nextChunk(upTo bytesMax: Int) async throws(BodyError) -> [UInt8]? {
        throw .unsupportedCoding
    }
}
