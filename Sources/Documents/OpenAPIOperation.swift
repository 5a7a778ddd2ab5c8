import HTTP
import HTTPTypes
import JSON
import Routing

/// One operation of the document (OpenAPI 3.1 §4.8.10).
struct OpenAPIOperation {
    private let route: RouteDeclaration
    private var operation: Operation { route.operation }

    init(_ route: RouteDeclaration) {
        self.route = route
    }

    var json: JSONValue {
        .object(
            JSONObject([
                ("operationId", .string(operation.id)),
                ("tags", [.string(operation.tag)]),
                ("summary", .string(operation.summary)),
                (
                    "description",
                    operation.description.isEmpty ? nil : .string(operation.description)
                ),
                ("security", security),
                (
                    "parameters",
                    .array(
                        operation.parameters.map(Self.json)
                            + [["$ref": "#/components/parameters/RequestID"]])
                ),
                (
                    "requestBody",
                    operation.content.map {
                        ["required": .bool($0.isRequired), "content": json($0)]
                    }
                ),
                ("responses", .object(JSONObject(responses))),
            ]))
    }

    private var security: JSONValue {
        switch operation.access {
        case .anybody: []
        case .anybodyWithToken: [[:], ["bearerAuth": []]]
        case .anybodyOr(let grant): [[:], ["bearerAuth": [.string(grant.name)]]]
        case .ownerOr(let grant), .holder(let grant): [["bearerAuth": [.string(grant.name)]]]
        }
    }

    /// A parameter, wherever it stands.
    static func json(_ parameter: Operation.Parameter) -> JSONValue {
        var isList = false
        if case .object(let schema) = parameter.schema { isList = schema["type"] == "array" }
        return .object(
            JSONObject([
                ("name", .string(parameter.name)),
                ("in", .string(parameter.location.rawValue)),
                ("required", .bool(parameter.location == .path)),
                ("description", .string(parameter.description)),
                // A list is one value with commas in it, never a parameter that is given twice.
                ("explode", isList ? false : nil),
                ("schema", parameter.schema),
                ("example", parameter.example),
            ]))
    }

    private func json(_ content: Operation.Content) -> JSONValue {
        let media = JSONObject([
            ("schema", content.schema.reference), ("example", content.example),
        ])
        return .object(JSONObject(content.mediaTypes.map { ($0, .object(media)) }))
    }

    /// The answers by status: those that are no problems, then the problems.
    private var responses: [(name: String, value: JSONValue?)] {
        let kinds = operation.allProblems(at: route.template)
        let statuses = Set(kinds.map(\.status.code)).sorted()
        return operation.answers.map { ("\($0.status)", json($0)) }
            + statuses.map { status in
                ("\(status)", json(kinds.filter { $0.status.code == status }))
            }
    }

    private func json(_ answer: Operation.Answer) -> JSONValue {
        let links: [(name: String, value: JSONValue?)] = answer.links.map { ($0.name, json($0)) }
        return .object(
            JSONObject([
                ("description", .string(answer.description)),
                ("headers", headers(answer.fields)),
                ("content", answer.content.map(json)),
                ("links", links.isEmpty ? nil : .object(JSONObject(links))),
            ]))
    }

    private func json(_ link: Operation.Link) -> JSONValue {
        [
            "operationId": .string(link.operationID),
            "description": .string(link.description),
            "parameters": .object(
                JSONObject(link.parameters.map { ($0.name, .string($0.expression)) })),
        ]
    }

    /// The answer of one status for all problems that have it.
    private func json(_ kinds: [ProblemKind]) -> JSONValue {
        let status = kinds[0].status
        let fields = Operation.Field.fields(ofProblemWith: status, answering: route.method)
        let codes = kinds.map(\.code)
        // Kinds of one title stand side by side.
        let titles = kinds.map(\.title).reduce(into: [String]()) { titles, title in
            if titles.last != title { titles.append(title) }
        }
        let schema = JSONObject([
            ("$ref", .string("#/components/schemas/Problem")),
            (
                "properties",
                ["status": ["const": JSONValue(status.code)], "code": ["enum": JSONValue(codes)]]
            ),
            ("required", kinds.allSatisfy(\.alwaysHasFaults) ? ["errors"] : nil),
        ])
        return [
            "description": .string(titles.joined(separator: "; ")),
            "headers": headers([.cacheControl] + fields + operation.problemFields),
            "content": [
                "application/problem+json": [
                    "schema": .object(schema),
                    "examples": .object(
                        JSONObject(
                            codes.map { ($0, ["$ref": "#/components/examples/\($0)"]) })),
                ]
            ],
        ]
    }

    private func headers(_ fields: [Operation.Field]) -> JSONValue {
        .object(
            JSONObject(
                (Operation.Field.ofEveryAnswer + fields).map {
                    let name = $0.name.rawName
                    return (name, ["$ref": "#/components/headers/\(name)"])
                }))
    }
}

extension ProblemKind {
    /// Whether it always says what is wrong with the content, one by one.
    fileprivate var alwaysHasFaults: Bool { status == .unprocessableContent && !faults.isEmpty }
}
