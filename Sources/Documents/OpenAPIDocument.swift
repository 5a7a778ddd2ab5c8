import HTTP
import HTTPTypes
import JSON
import Routing

/// The route table as OpenAPI 3.1 tells it.
struct OpenAPIDocument {
    /// The document as JSON.
    let json: JSONValue

    /// Makes the document of a build's routes.
    ///
    /// - Precondition: no two operations have one id, no two schemas one name.
    init(of routes: [RouteDeclaration], version: String) {
        json = [
            "openapi": "3.1.0",
            "info": [
                "title": "user-management", "version": .string(version),
                "description": .string(Self.introduction),
                "license": ["name": "Apache License 2.0", "identifier": "Apache-2.0"],
            ],
            "servers": [["url": "/", "description": "Whoever serves this document."]],
            "tags": [
                ["name": "users", "description": "Users and what can be done with them."],
                ["name": "roles", "description": "Roles, and who holds them."],
                ["name": "authentication", "description": "Logging in and out, and sessions."],
                ["name": "operation", "description": "What operators and probes ask for."],
                ["name": "documents", "description": "What explains the service."],
            ],
            "paths": Self.paths(routes),
            "components": Self.components(routes),
        ]
    }

    private static let introduction = """
        Keeps users. JSON in UTF-8; times in RFC 3339, in UTC with microseconds; ids are UUIDs.

        Every 4xx and 5xx is `application/problem+json` (RFC 9457), but for the 503 of the health \
        checks; `/problems/{code}` explains each code. Unknown members of a request are ignored, a \
        member that stands twice is an error. A request may say what it is called in \
        `X-Request-ID`, with 1 to 64 of `[A-Za-z0-9._-]`; else it is given a name. A W3C \
        `traceparent` goes into the logs. Content of requests may come in gzip \
        (`Content-Encoding`), and answers are compressed for those who ask for it \
        (`Accept-Encoding`), but for short ones and those that nobody may store.

        `HEAD` is answered wherever `GET` is, `OPTIONS` everywhere with 204 and `Allow`, and any \
        other method with 405 or 501; none of them is listed at each path.
        """

    private static func paths(_ routes: [RouteDeclaration]) -> JSONValue {
        var templates: [String] = []
        for route in routes where !templates.contains(route.template) {
            templates.append(route.template)
        }
        return .object(
            JSONObject(
                templates.map { template in
                    let methods = routes.filter { $0.template == template }
                    return (
                        template,
                        .object(
                            JSONObject(
                                methods.map {
                                    ($0.method.rawValue.lowercased(), OpenAPIOperation($0).json)
                                }))
                    )
                }))
    }

    private static func components(_ routes: [RouteDeclaration]) -> JSONValue {
        let operations = routes.map(\.operation)
        let contents = operations.flatMap { operation in
            operation.answers.compactMap(\.content) + (operation.content.map { [$0] } ?? [])
        }
        let schemas = contents.flatMap(\.schema.named) + Schema.problem.named
        let kinds = routes.flatMap { $0.operation.allProblems(at: $0.template) }
        let common = Operation.Field.ofEveryAnswer + [.cacheControl]
        let fields = routes.flatMap { route in
            route.operation.answers.flatMap(\.fields)
                + route.operation.problemFields
                + route.operation.allProblems(at: route.template).flatMap {
                    Operation.Field.fields(ofProblemWith: $0.status, answering: route.method)
                }
        }
        return [
            "schemas": object(schemas.map { ($0.name ?? "", $0.definition) }),
            "parameters": ["RequestID": OpenAPIOperation.json(requestID)],
            "headers": object(common.map(\.member) + fields.map(\.member)),
            "examples": object(kinds.map { ($0.code, ["value": Self.json($0.example)]) }),
            "securitySchemes": [
                "bearerAuth": [
                    "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
                    "description": "The access token of `POST /auth/login` (RFC 9068).",
                ]
            ],
        ]
    }

    /// An object whose members may be given more than once.
    private static func object(_ members: [(name: String, value: JSONValue)]) -> JSONValue {
        var object = JSONObject()
        for (name, value) in members {
            let isNew = object.append(name, value)
            precondition(isNew || object[name] == value, "\(name) means two things.")
        }
        return .object(object)
    }

    private static func json(_ text: [UInt8]) -> JSONValue {
        guard let json = try? JSONParser.parse(text.span) else {
            preconditionFailure("A problem is not JSON.")
        }
        return json
    }

    private static let requestID = Operation.Parameter(
        .header, "X-Request-ID", "What the request is to be called; anything else is not used.",
        ["type": "string"])
}

extension Operation.Field {
    /// As a member of the document's headers.
    fileprivate var member: (name: String, value: JSONValue) {
        (
            name.rawName,
            [
                "description": .string(description), "required": .bool(isRequired),
                "schema": schema,
            ]
        )
    }
}
