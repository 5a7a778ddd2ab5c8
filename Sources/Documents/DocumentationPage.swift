import Gzip
import HTTP
import HTTPTypes
import Reactor
import Routing

/// `/docs` and what it loads. The page needs nothing from elsewhere, and may load nothing.
enum DocumentationPage {
    /// The routes of the page; without Swagger UI it says that it is missing.
    /// - Parameters:
    ///   - compression: nil if nothing is to be sent in gzip.
    ///   - pool: Where it is made.
    static func routes(
        _ files: SwaggerUI?, compression: CompressionPolicy?, madeOn pool: OffloadPool
    ) -> [Route] {
        guard let files else {
            let page = LazyDocument(madeOn: pool) { .page(missing, compression) }
            return [Route(.get, "/docs", .page, page)]
        }
        let assets = Lazy {
            DocumentationAssets(files, initializer: initializer, compression: compression)
        }
        return [
            Route(
                .get, "/docs", .page,
                LazyDocument(madeOn: pool) {
                    .page(html(assets.value), policy: policy, compression)
                }),
            Route(.get, "/docs/{asset}", .asset, DocumentationAsset(assets: assets, pool: pool)),
        ]
    }

    /// Its own scripts and styles, and requests to its own service. The style sheet has images in
    /// its text.
    private static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
        connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """

    private static func html(_ assets: DocumentationAssets) -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>user-management: API</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="docs/\(assets.styleName)">
        <script src="docs/\(assets.initializerName)"></script>
        <script src="docs/\(assets.scriptName)" defer></script>
        </head>
        <body>
        <noscript><p>The page needs JavaScript; <a href="openapi.json">openapi.json</a> does
        not.</p></noscript>
        <main id="swagger-ui"></main>
        </body>
        </html>

        """
    }

    private static let initializer = """
        "use strict";

        // In the head, so that the page is dark from the beginning.
        const dark = matchMedia("(prefers-color-scheme: dark)");
        const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
        dark.addEventListener("change", follow);
        follow();

        addEventListener("DOMContentLoaded", () => {
          SwaggerUIBundle({
            url: "openapi.json",
            dom_id: "#swagger-ui",
            deepLinking: true,
            defaultModelsExpandDepth: 0,
            // Else it would ask a service on the internet.
            validatorUrl: null,
          });
        });

        """

    private static var missing: String {
        var page = HTMLPage(title: "The interactive page is not installed")
        page.element(
            "p",
            "Swagger UI's files are not in the folder that DOCS_DIRECTORY names. The description "
                + "of the API is there all the same, for programs that show it.")
        page.link(to: "/openapi.json", "openapi.json")
        page.link(to: "/problems", "The codes of problems")
        return page.text
    }
}
