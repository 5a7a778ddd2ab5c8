package import Gzip
import HTTP
import HTTPTypes
package import PrometheusMetrics
package import Reactor

/// Compresses the answers of one loop for those who ask for it, as RFC 9110 §12.5.3 has it.
///
/// Compressing what is secret beside what an attacker chooses tells the secret by its length, one
/// guess after the other (BREACH). So nothing is compressed that may not be stored: all of
/// `/auth/*` with its tokens, and every problem. No other answer has a secret in it. A user's
/// members are personal, and users may write some of their own which an administrator reads beside
/// those of others; but no page can have somebody's browser ask for them again and again, since
/// access tokens are no cookies. Who fears the one who listens to an administrator and registers
/// guesses meanwhile switches it off.
package struct AnswerCompression: Sendable {
    /// Longer content is compressed off the loop, which would be held for half a millisecond.
    static let onLoopBytesMax = 32 * 1024
    /// What is compressed at a time there, so that long content lets others have their turn.
    static let pieceBytes = 256 * 1024

    private let policy: CompressionPolicy
    private let pool: OffloadPool
    private let deflaters: Deflaters
    private let metrics: CompressionMetrics
    private let shard: MetricsShard

    /// Makes the compression of one loop, to be used on its thread.
    /// - Parameters:
    ///   - loop: The loop.
    ///   - pool: Where long content is compressed.
    ///   - shard: Where it is counted what became of answers.
    package init(
        _ policy: CompressionPolicy, on loop: EventLoop, _ pool: OffloadPool,
        metrics: CompressionMetrics, shard: MetricsShard
    ) {
        self.policy = policy
        self.pool = pool
        self.metrics = metrics
        self.shard = shard
        deflaters = Deflaters(level: policy.level, on: loop)
    }

    /// Whether there is anything to think of: most answers are short.
    func concerns(_ response: Response) -> Bool {
        response.body.count >= policy.bytesMin || response.status == .notModified
    }

    /// Compresses an answer if that is worth it and its client prefers it, and gives it the entity
    /// tag of what it becomes (RFC 9110 §8.8.3.3).
    func encode(_ response: inout Response, to head: RequestHead) async {
        guard response.status != .notModified else {
            return tellKnownForm(in: &response, to: head)
        }
        guard mayCompress(response) else { return }
        response.fields.vary(by: .acceptEncoding)
        guard head.fields.prefersGzip, let body = await compress(response.body) else {
            return
        }
        response.body = body
        response.fields.append(.contentEncoding, "gzip")
        if let tag = response.fields.value(of: .eTag) {
            response.fields.replace(.eTag, EntityTag.inGzip(fieldValue: tag))
        }
    }

    private func mayCompress(_ response: Response) -> Bool {
        let fields = response.fields
        guard let type = fields.value(of: .contentType),
            policy.covers(type, count: response.body.count)
        else { return false }
        return !fields.lists("no-store", in: .cacheControl) && !fields.contains(.contentEncoding)
    }

    /// What has not changed is sent in the form that the client has, if it still takes that: only
    /// by the tag of this form does it know what to go on using (RFC 9111 §4.3.4).
    private func tellKnownForm(in response: inout Response, to head: RequestHead) {
        guard let tag = response.fields.value(of: .eTag) else { return }
        let form = EntityTag.inGzip(fieldValue: tag)
        guard head.fields.value(of: .ifNoneMatch)?.contains(form) == true,
            head.fields.prefersGzip
        else { return }
        response.fields.replace(.eTag, form)
    }

    /// - Returns: nil if the content is best sent as it is.
    private func compress(_ content: [UInt8]) async -> [UInt8]? {
        do throws(OffloadPool.Refusal) {
            guard let deflater = deflaters.take() else { return nil }
            let isShort = content.count <= Self.onLoopBytesMax
            let body =
                isShort
                ? deflater.compress(content.span, isLast: true)
                : try await compressInPieces(content, with: deflater)
            deflaters.giveBack(deflater)
            guard body.count < content.count else {
                metrics.ended(.incompressible, on: shard)
                return nil
            }
            metrics.ended(.compressed, on: shard)
            return body
        } catch {
            metrics.ended(.refused, on: shard)
            return nil
        }
    }

    /// - Throws: That a piece found no room, after which the compressor is of no use.
    private func compressInPieces(
        _ content: [UInt8], with deflater: Deflater
    ) async throws(OffloadPool.Refusal) -> [UInt8] {
        var body: [UInt8] = []
        for start in stride(from: 0, to: content.count, by: Self.pieceBytes) {
            let end = min(start + Self.pieceBytes, content.count)
            body += try await pool.run {
                deflater.compress(
                    content.span.extracting(start..<end), isLast: end == content.count)
            }
        }
        return body
    }
}
