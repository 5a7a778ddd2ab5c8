import Ambient
import Gzip
import HTTP
import Reactor
import Routing

/// What the page `/docs` loads. Each file has a name that follows from its content, so that whoever
/// has it, browser or content delivery network, never asks for it again (RFC 8246).
struct DocumentationAssets: Sendable {
    /// The names that the page uses.
    let scriptName: String
    let styleName: String
    let initializerName: String
    /// The files by their names.
    let documents: [String: FixedDocument]

    /// - Parameter compression: nil if nothing is to be sent in gzip.
    init(_ files: SwaggerUI, initializer: String, compression: CompressionPolicy?) {
        let javascript = "text/javascript; charset=utf-8"
        var documents: [String: FixedDocument] = [:]
        func add(
            _ stem: String, _ suffix: String, _ contentType: String, _ file: PackedContent
        ) -> String {
            let name = Self.name(stem, suffix, file.gzip)
            documents[name] = FixedDocument(
                contentType, file, isSentPacked: compression != nil, caching: .forever)
            return name
        }
        scriptName = add("swagger-ui-bundle", "js", javascript, files.script)
        styleName = add("swagger-ui", "css", "text/css; charset=utf-8", files.style)
        let octets = Array(initializer.utf8)
        initializerName = Self.name("initializer", "js", octets)
        documents[initializerName] = FixedDocument(
            javascript, octets, gzipped: compression?.compress(octets, of: javascript),
            caching: .forever)
        self.documents = documents
    }

    private static func name(_ stem: String, _ suffix: String, _ content: [UInt8]) -> String {
        "\(stem).\(Digits.hexadecimal(StableHash(content).value)).\(suffix)"
    }
}

/// `GET /docs/{asset}`.
struct DocumentationAsset: Endpoint {
    let assets: Lazy<DocumentationAssets>
    let pool: OffloadPool

    func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        let assets = await assets.value(madeOn: pool)
        guard let document = assets.documents[parameters["asset"]] else { throw .notFound }
        return try await document.respond(to: request, parameters)
    }
}
