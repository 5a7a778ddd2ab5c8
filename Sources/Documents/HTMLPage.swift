import Gzip
import HTTP
import HTTPTypes

/// A page of HTML that needs nothing but itself: no style, no script, no image, in the colours of
/// the reader's own (HTML Living Standard, `color-scheme`).
struct HTMLPage {
    private let title: String
    private var body = ""

    init(title: String) {
        self.title = title
        element("h1", title)
    }

    /// Appends an element with a text.
    mutating func element(_ name: StaticString, _ text: String) {
        body += "<\(name)>\(Self.escaped(text))</\(name)>\n"
    }

    /// Appends a link as a paragraph.
    mutating func link(to path: String, _ text: String) {
        body += "<p><a href=\"\(Self.escaped(path))\">\(Self.escaped(text))</a></p>\n"
    }

    /// Appends a table with a head.
    mutating func table(_ head: [String], _ rows: [[Cell]]) {
        body += "<table>\n<tr>" + head.map { "<th>\(Self.escaped($0))</th>" }.joined() + "</tr>\n"
        for row in rows {
            body += "<tr>" + row.map { "<td>\($0.html)</td>" }.joined() + "</tr>\n"
        }
        body += "</table>\n"
    }

    /// What stands in a table.
    enum Cell {
        case text(String)
        case code(String)
        case link(to: String, code: String)

        fileprivate var html: String {
            switch self {
            case .text(let text): HTMLPage.escaped(text)
            case .code(let code): "<code>\(HTMLPage.escaped(code))</code>"
            case .link(let path, let code):
                "<a href=\"\(HTMLPage.escaped(path))\"><code>\(HTMLPage.escaped(code))</code></a>"
            }
        }
    }

    /// Whoever embeds the page, and whatever it might load, is refused (Content Security Policy
    /// Level 3).
    static let policy = """
        default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """

    /// The page as HTML.
    var text: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(Self.escaped(title))</title>
        </head>
        <body>
        \(body)</body>
        </html>

        """
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

extension FixedDocument {
    /// A page of HTML that nobody may embed.
    /// - Parameters:
    ///   - policy: What it may load (Content Security Policy Level 3).
    ///   - compression: nil if nothing is to be sent in gzip.
    static func page(
        _ text: String, policy: String = HTMLPage.policy, caching: Caching = .checked,
        _ compression: CompressionPolicy?
    ) -> FixedDocument {
        let contentType = "text/html; charset=utf-8"
        let content = Array(text.utf8)
        var fields = ResponseFields()
        fields.append(.contentSecurityPolicy, policy)
        fields.append(.referrerPolicy, "no-referrer")
        return FixedDocument(
            contentType, content, gzipped: compression?.compress(content, of: contentType),
            caching: caching, fields: fields)
    }
}
