package import Gzip
package import HTTP
import HTTPTypes
import JSON
package import Reactor
package import Routing

/// What explains the service: the OpenAPI document, the page that shows it, and the pages of
/// problems. They are shared by all loops.
package struct ServiceDocuments: Sendable {
    /// The documents' routes.
    package let routes: [Route]

    /// Makes the documents of a build.
    /// - Parameters:
    ///   - others: The routes of all else that the service answers.
    ///   - describe: What clients are told of an operation, each of the documents' own too.
    ///   - problems: All kinds of problems.
    ///   - swaggerUI: What shows the OpenAPI document; nil if it is not installed.
    ///   - version: The build, such as `0.1.0`.
    ///   - compression: How they are compressed, once; nil if they are not.
    ///   - pool: Where each is made when it is first asked for, which takes up to some tens of
    ///     milliseconds.
    package init(
        describing others: [Route], as describe: (Operation) -> Operation = { $0 },
        problems: [ProblemKind], swaggerUI: SwaggerUI?, version: String,
        compression: CompressionPolicy?, madeOn pool: OffloadPool
    ) {
        let pages =
            ProblemPages(of: problems, compression: compression, madeOn: pool).routes
            + DocumentationPage.routes(swaggerUI, compression: compression, madeOn: pool)
        // The document tells of itself, too.
        let own = RouteDeclaration(.get, "/openapi.json", .openAPI)
        let declarations = ((others + pages).map(\.declaration) + [own]).map {
            RouteDeclaration($0.method, $0.template, describe($0.operation))
        }
        let openAPI = LazyDocument(madeOn: pool) {
            let document = OpenAPIDocument(of: declarations, version: version)
            let (contentType, content) = ("application/json", document.json.text)
            return FixedDocument(
                contentType, content, gzipped: compression?.compress(content, of: contentType))
        }
        routes = pages + [Route(own, openAPI)]
    }
}
