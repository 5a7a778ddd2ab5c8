import HTTP
import HTTPTypes
import Routing

/// What shows the OpenAPI document to people: Swagger UI's files as its package has them, each as
/// it is and in gzip.
package struct SwaggerUI: Sendable {
    /// A file in both forms.
    package struct File: Sendable {
        let plain: [UInt8]
        let gzipped: [UInt8]

        /// Makes a file of its octets.
        package init(plain: [UInt8], gzipped: [UInt8]) {
            self.plain = plain
            self.gzipped = gzipped
        }
    }

    let script: File
    let style: File

    /// Makes it of `swagger-ui-bundle.js` and `swagger-ui.css`.
    package init(script: File, style: File) {
        self.script = script
        self.style = style
    }
}

/// `/docs` and what it loads. The page needs nothing from elsewhere, and may load nothing.
enum DocumentationPage {
    /// The routes of the page; without Swagger UI it says that it is missing.
    static func routes(_ files: SwaggerUI?) -> [Route] {
        guard let files else {
            return [Route(.get, "/docs", .page, FixedDocument.html(missing.text))]
        }
        let javascript = "text/javascript; charset=utf-8"
        return [
            Route(.get, "/docs", .page, FixedDocument.html(html, policy: policy)),
            Route(
                .get, "/docs/swagger-ui-bundle.js", .script,
                LazyDocument {
                    FixedDocument(javascript, files.script.plain, gzipped: files.script.gzipped)
                }),
            Route(
                .get, "/docs/swagger-ui.css", .style,
                LazyDocument {
                    FixedDocument(
                        "text/css; charset=utf-8", files.style.plain,
                        gzipped: files.style.gzipped)
                }),
            Route(
                .get, "/docs/initializer.js", .initializer,
                FixedDocument(javascript, Array(initializer.utf8))),
        ]
    }

    /// Its own scripts and styles, and requests to its own service. The style sheet has images in
    /// its text.
    private static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
        connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """

    private static let html = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>user-management: API</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="docs/swagger-ui.css">
        <script src="docs/initializer.js"></script>
        <script src="docs/swagger-ui-bundle.js" defer></script>
        </head>
        <body>
        <noscript><p>The page needs JavaScript; <a href="openapi.json">openapi.json</a> does
        not.</p></noscript>
        <main id="swagger-ui"></main>
        </body>
        </html>

        """

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

    private static var missing: HTMLPage {
        var page = HTMLPage(title: "The interactive page is not installed")
        page.element(
            "p",
            "Swagger UI's files are not in the folder that DOCS_DIRECTORY names. The description "
                + "of the API is there all the same, for programs that show it.")
        page.link(to: "/openapi.json", "openapi.json")
        page.link(to: "/problems", "The codes of problems")
        return page
    }
}

extension FixedDocument {
    /// A page of HTML that nobody may embed.
    fileprivate static func html(_ text: String, policy: String = HTMLPage.policy) -> FixedDocument
    {
        var fields = ResponseFields()
        fields.append(.contentSecurityPolicy, policy)
        fields.append(.referrerPolicy, "no-referrer")
        return FixedDocument("text/html; charset=utf-8", Array(text.utf8), fields: fields)
    }
}
