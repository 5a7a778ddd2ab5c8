import HTTP
import HTTPTesting
import HTTPTypes
import JSON
import Routing
import Testing

@testable import App

@Suite("openapi.json, as served")
struct OpenAPIDocumentTests {
    /// One operation of the document.
    fileprivate struct Described {
        let method: String
        let path: String
        let json: JSONValue
    }

    private func document(of application: TestApplication) async throws -> JSONValue {
        let response = try await application.send("GET /openapi.json")
        #expect(response.status == 200 && response["Content-Type"] == "application/json")
        return try JSONParser.parse(response.body.span)
    }

    private func operations(_ document: JSONValue) -> [Described] {
        (document["paths"]?.members ?? []).flatMap { path in
            path.value.members.map {
                Described(method: $0.name.uppercased(), path: path.name, json: $0.value)
            }
        }
    }

    @Test func `it tells of every route, and of nothing else`() async throws {
        try await withApplication { application, _ in
            let told = operations(try await document(of: application))
            let table = application.routes.map { "\($0.method) \($0.template)" }
            #expect(told.map { "\($0.method) \($0.path)" }.sorted() == table.sorted())
            #expect(table.count > 12)
            // What the service says of itself, asked in another way.
            for (path, methods) in Dictionary(grouping: told, by: \.path) {
                let target = path.replacing(/\{[a-z_]+\}/, with: "x")
                let allow = try await application.send("OPTIONS \(target)")["Allow"]
                let answered = Set((allow ?? "").split(separator: ", ").map(String.init))
                #expect(
                    answered.subtracting(["HEAD", "OPTIONS"]) == Set(methods.map(\.method)),
                    "\(path)")
            }
        }
    }

    @Test func `every operation has an id of its own and declares its path's parameters`()
        async throws
    {
        try await withApplication { application, _ in
            let told = operations(try await document(of: application))
            let ids = told.compactMap { $0.json["operationId"]?.text }
            #expect(ids.count == told.count && Set(ids).count == ids.count)
            for operation in told {
                let open = operation.path.matches(of: /\{([a-z_]+)\}/).map { String($0.1) }
                let declared = (operation.json["parameters"]?.elements ?? [])
                    .filter { $0["in"]?.text == "path" && $0["required"] == true }
                    .compactMap { $0["name"]?.text }
                #expect(declared.sorted() == open.sorted(), "\(operation.path)")
            }
        }
    }

    @Test func `every reference and every link leads somewhere`() async throws {
        try await withApplication { application, _ in
            let document = try await document(of: application)
            let ids = operations(document).compactMap { $0.json["operationId"]?.text }
            var references = 0
            var links = 0
            document.visit { name, value in
                if name == "$ref", let text = value.text {
                    references += 1
                    let steps = text.split(separator: "/").dropFirst()
                    let target = steps.reduce(Optional(document)) { $0?[String($1)] }
                    #expect(text.hasPrefix("#/") && target != nil, "\(text)")
                }
                if name == "links" {
                    for link in value.members {
                        links += 1
                        #expect(ids.contains(link.value["operationId"]?.text ?? ""), "\(link.name)")
                    }
                }
            }
            #expect(references > 100 && links > 5)
        }
    }

    @Test func `every problem is one of the register, under its own status`() async throws {
        let register = Dictionary(
            uniqueKeysWithValues: ProblemKind.all.map { ($0.code, "\($0.status.code)") })
        try await withApplication { application, _ in
            var told: Set<String> = []
            for operation in operations(try await document(of: application)) {
                for (status, code) in operation.problems {
                    told.insert(code)
                    #expect(register[code] == status, "\(operation.path): \(code)")
                }
            }
            // They are told to requests for what no operation is.
            #expect(
                Set(register.keys).subtracting(told) == [
                    "method_not_allowed", "unsupported_method",
                ])
        }
    }

    @Test func `a client that has it is told so`() async throws {
        try await withApplication { application, _ in
            let first = try await application.send("GET /openapi.json")
            let tag = try #require(first["ETag"])
            let second = try await application.send(
                "GET /openapi.json", fields: ["If-None-Match: \(tag)"])
            #expect(second.status == 304 && second["ETag"] == tag && second.body.isEmpty)
        }
    }
}

extension OpenAPIDocumentTests.Described {
    /// The problems that it declares: status and code.
    fileprivate var problems: [(status: String, code: String)] {
        (json["responses"]?.members ?? []).flatMap { response in
            let schema = response.value["content"]?["application/problem+json"]?["schema"]
            return (schema?["properties"]?["code"]?["enum"]?.elements ?? []).compactMap { code in
                code.text.map { (response.name, $0) }
            }
        }
    }
}

extension JSONValue {
    fileprivate subscript(name: String) -> JSONValue? {
        guard case .object(let object) = self else { return nil }
        return object[name]
    }

    fileprivate var members: [JSONMember] {
        guard case .object(let object) = self else { return [] }
        return object.members
    }

    fileprivate var elements: [JSONValue] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }

    fileprivate var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// Calls `body` with each member of each object in it.
    fileprivate func visit(_ body: (String, JSONValue) -> Void) {
        for member in members {
            body(member.name, member.value)
            member.value.visit(body)
        }
        for element in elements { element.visit(body) }
    }
}
