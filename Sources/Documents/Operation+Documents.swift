import HTTP
import JSON
import Routing

extension Operation {
    static let openAPI = document(
        "getOpenAPI", "This document", .json(Schema(["type": "object"])), isFixed: true)

    static let problemIndex = document(
        "listProblems", "The codes of problems, as a page", .text("text/html"))

    static let problemPage = document(
        "getProblem", "What a code means, as a page", .text("text/html"),
        parameters: [
            Parameter(
                .path, "code", "The code of a problem.",
                ["type": "string", "pattern": "^[a-z][a-z0-9_]*$"], example: "email_taken")
        ])

    static let page = document(
        "getDocumentation", "This document, as a page to try it out", .text("text/html"),
        isFixed: true)
    static let script = document(
        "getDocumentationScript", "Swagger UI", .text("text/javascript"), isFixed: true)
    static let style = document(
        "getDocumentationStyle", "Swagger UI's style", .text("text/css"), isFixed: true)
    static let initializer = document(
        "getDocumentationInitializer", "What starts Swagger UI", .text("text/javascript"),
        isFixed: true)

    private static func document(
        _ id: String, _ summary: String, _ content: Content, parameters: [Parameter] = [],
        isFixed: Bool = false
    ) -> Operation {
        let known = Parameter(
            .header, "If-None-Match", "The versions that the client has.", ["type": "string"])
        return Operation(
            id, tag: "documents", summary, parameters: parameters + (isFixed ? [known] : []),
            answers: [
                Answer(
                    200, "The document.", fields: [.cacheControl] + (isFixed ? [.eTag] : []),
                    content)
            ]
                + (isFixed
                    ? [
                        Answer(
                            304, "The client has this version already.",
                            fields: [.cacheControl, .eTag])
                    ] : []))
    }
}
