import HTTP
import JSON
import Routing

extension Operation {
    static let openAPI = document("getOpenAPI", "This document", .json(Schema(["type": "object"])))

    static let problemIndex = document(
        "listProblems", "The codes of problems, as a page", .text("text/html"), fields: .ofPages)

    static let problemPage = document(
        "getProblem", "What a code means, as a page", .text("text/html"), fields: .ofPages,
        parameters: [
            Parameter(
                .path, "code", "The code of a problem.",
                ["type": "string", "pattern": "^[a-z][a-z0-9_]*$"], example: "email_taken")
        ])

    static let page = document(
        "getDocumentation", "This document, as a page to try it out", .text("text/html"),
        fields: .ofPages)

    static let asset = document(
        "getDocumentationAsset", "What the page loads", .text("text/javascript", "text/css"),
        parameters: [
            Parameter(
                .path, "asset", "The name of a file as the page has it.",
                ["type": "string", "pattern": "^[a-z-]+\\.[0-9a-f]{16}\\.(js|css)$"])
        ])

    private static func document(
        _ id: String, _ summary: String, _ content: Content, fields: [Field] = [],
        parameters: [Parameter] = []
    ) -> Operation {
        let known = Parameter(
            .header, "If-None-Match", "The versions that the client has.", ["type": "string"])
        let fields =
            [.cacheControl, .eTag, .vary, .contentEncoding] + fields
        let whole = Answer(200, "The document.", fields: fields, content)
        let unchanged = Answer(304, "The client has this version already.", fields: fields)
        return Operation(
            id, tag: "documents", summary, access: .anybody, parameters: parameters + [known],
            answers: [whole, unchanged])
    }
}

extension [Operation.Field] {
    /// What pages have beside what every document has.
    fileprivate static let ofPages: [Operation.Field] = [.referrerPolicy]
}
