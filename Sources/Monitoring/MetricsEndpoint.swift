import Gzip
package import HTTP
import HTTPTypes
package import PrometheusMetrics
package import Reactor
package import Routing

/// `GET /metrics`: what the process counts, in the form that whoever scrapes asks for.
package struct MetricsEndpoint: Endpoint {
    private let registry: MetricsRegistry
    private let pool: OffloadPool

    /// Makes the endpoint of a registry.
    /// - Parameter pool: Where the answers are made, off the loops: it takes some milliseconds, and
    ///   files of the system are read for it.
    package init(_ registry: MetricsRegistry, on pool: OffloadPool) {
        self.registry = registry
        self.pool = pool
    }

    /// Answers with all families.
    /// - Throws: 503 if too many scrapes wait already.
    package func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        let fields = request.head.fields
        let format: ExpositionFormat =
            fields.preferred(of: [Self.textType, Self.openMetricsType]) == Self.openMetricsType
            ? .openMetrics : .text
        let takesGzip = fields.prefersGzip
        do throws(OffloadPool.Refusal) {
            return try await pool.run { [registry] in
                Self.response(registry, in: format, gzipped: takesGzip)
            }
        } catch {
            throw .unavailable(retryAfterSeconds: 1, cause: error)
        }
    }

    // The media types without their parameters; who does not care gets the first.
    static let textType = "text/plain"
    static let openMetricsType = "application/openmetrics-text"

    /// Scrapes are many and their texts repetitive: more would cost more than it saves.
    private static let compressionLevel = 5

    private static func response(
        _ registry: MetricsRegistry, in format: ExpositionFormat, gzipped: Bool
    ) -> Response {
        let text = format.serialize(registry.families())
        let compressed = gzipped ? Gzip.compress(text.span, level: compressionLevel) : nil
        var response = Response(
            status: .ok, contentType: format.contentType, body: compressed ?? text)
        if compressed != nil { response.fields.append(.contentEncoding, "gzip") }
        response.fields.append(.vary, "Accept, Accept-Encoding")
        response.fields.append(.cacheControl, "no-store")
        return response
    }
}
