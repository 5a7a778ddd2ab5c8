package import HTTP
import HTTPTypes
package import Reactor
package import Routing

/// Content that is compressed on its way (RFC 9110 §8.4): that of requests is inflated when
/// somebody reads it, that of answers is compressed for those who ask for it.
package struct ContentCodings: Middleware {
    private let loop: EventLoop
    private let pool: OffloadPool
    private let bodyBytesMax: Int
    private let answers: AnswerCompression?

    /// Makes the middleware of one loop.
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

    /// Answers as `next` does.
    package func respond(to request: Request, next: any Handler) async -> Response {
        var response = await next.respond(to: decoding(request))
        guard let answers, answers.concerns(response) else { return response }
        await answers.encode(&response, to: request)
        return response
    }

    /// The request with its content as it is meant.
    private func decoding(_ request: Request) -> Request {
        guard request.head.framing != .none, request.head.fields.contains(.contentEncoding) else {
            return request
        }
        var request = request
        guard let codings = request.head.fields.contentCodings else {
            request.body = RequestBody(source: UndecodableBody(), length: nil)
            return request
        }
        // The last coding was applied last (RFC 9110 §8.4).
        for coding in codings.reversed() {
            switch coding {
            case .gzip:
                let body = InflatedBody(request.body, bytesMax: bodyBytesMax, on: loop, pool)
                request.body = RequestBody(source: body, length: nil)
            }
        }
        return request
    }
}

/// Content in a coding that nobody here knows.
private final class UndecodableBody: BodySource {
    func nextChunk(upTo bytesMax: Int) async throws(BodyError) -> [UInt8]? {
        throw .unsupportedCoding
    }
}
