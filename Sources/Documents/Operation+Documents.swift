import HTTP
import JSON
import Routing

extension Operation {
    static let openAPI = document(
        "getOpenAPI", "This document", .json(Schema(["type": "object"])), isFixed: true)

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
        fields: .ofPages + [.referrerPolicy], isFixed: true)
    static let script = document(
        "getDocumentationScript", "Swagger UI", .text("text/javascript"), fields: .ofCompressed,
        isFixed: true)
    static let style = document(
        "getDocumentationStyle", "Swagger UI's style", .text("text/css"), fields: .ofCompressed,
        isFixed: true)
    static let initializer = document(
        "getDocumentationInitializer", "What starts Swagger UI", .text("text/javascript"),
        isFixed: true)

    private static func document(
        _ id: String, _ summary: String, _ content: Content, fields: [Field] = [],
        parameters: [Parameter] = [], isFixed: Bool = false
    ) -> Operation {
        let known = Parameter(
            .header, "If-None-Match", "The versions that the client has.", ["type": "string"])
        let fields =
            [.cacheControl, .contentTypeOptions] + (isFixed ? [.eTag] : []) + fields
        let whole = Answer(200, "The document.", fields: fields, content)
        let unchanged = Answer(304, "The client has this version already.", fields: fields)
        return Operation(
            id, tag: "documents", summary, access: .anybody,
            parameters: parameters + (isFixed ? [known] : []),
            answers: isFixed ? [whole, unchanged] : [whole])
    }
}

extension [Operation.Field] {
    /// What pages have beside what every document has.
    fileprivate static let ofPages: [Operation.Field] = [.contentSecurityPolicy]
    /// What those have that are there in gzip, too.
    fileprivate static let ofCompressed: [Operation.Field] = [.vary, .contentEncoding]
}
