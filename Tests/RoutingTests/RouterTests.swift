import HTTP
import HTTPTesting
import HTTPTypes
import Testing

@testable import Routing

@Suite("Router")
struct RouterTests {
    private let router = Router([
        Route(.get, "/", .untold, TestEndpoint(name: "root")),
        Route(.get, "/users", .untold, TestEndpoint(name: "list")),
        Route(.post, "/users", .untold, TestEndpoint(name: "create")),
        Route(.get, "/users/{id}", .untold, TestEndpoint(name: "read", parameters: ["id"])),
        Route(.head, "/users/{id}", .untold, TestEndpoint(name: "look", parameters: ["id"])),
        Route(.delete, "/users/{id}", .untold, TestEndpoint(name: "delete", parameters: ["id"])),
        Route(
            .put, "/users/{id}/roles/{role}", .untold,
            TestEndpoint(name: "grant", parameters: ["role", "id"])),
        Route(.get, "/failing/{id}", .untold, FailingEndpoint(problem: .lengthRequired)),
    ])

    struct Case: Sendable, CustomTestStringConvertible {
        let request: String
        let text: String
        let route: String
        var testDescription: String { request }
    }

    @Test(arguments: [
        Case(request: "GET /", text: "root", route: "/"),
        Case(request: "GET /users", text: "list", route: "/users"),
        Case(request: "GET /users?limit=5", text: "list", route: "/users"),
        Case(request: "GET http://example.com/users", text: "list", route: "/users"),
        Case(request: "GET http://example.com", text: "root", route: "/"),
        Case(request: "POST /users", text: "create", route: "/users"),
        Case(request: "GET /users/7", text: "read 7", route: "/users/{id}"),
        Case(request: "DELETE /users/7", text: "delete 7", route: "/users/{id}"),
        Case(
            request: "PUT /users/7/roles/admin", text: "grant admin 7",
            route: "/users/{id}/roles/{role}"),
    ])
    func `a request finds its endpoint by path and method`(_ given: Case) async throws {
        let response = await router.respond(to: try Request(given.request))
        #expect(response.status == .ok && response.text == given.text)
        #expect(response.route?.template == given.route)
    }

    @Test(arguments: [
        Case(request: "GET /users/a%20b", text: "read a b", route: "/users/{id}"),
        Case(request: "GET /users/gr%C3%B6%C3%9Fe", text: "read größe", route: "/users/{id}"),
        Case(request: "GET /users/%7Bid%7D", text: "read {id}", route: "/users/{id}"),
        Case(request: "GET /users/a+b", text: "read a+b", route: "/users/{id}"),
        Case(request: "GET /users/%2541", text: "read %41", route: "/users/{id}"),
        Case(request: "GET /users/a;v=1", text: "read a;v=1", route: "/users/{id}"),
    ])
    func `parameters are percent-decoded, once`(_ given: Case) async throws {
        let response = await router.respond(to: try Request(given.request))
        #expect(response.text == given.text)
    }

    @Test(arguments: [
        "GET /nothing", "GET /users/", "GET /users/7/", "GET //users", "GET /Users",
        "POST /nothing", "DELETE /users/7/roles", "OPTIONS /nothing", "TRACE /nothing",
        // Octets that are no UTF-8.
        "GET /users/%FF", "GET /users/%C3", "GET /users/%ED%A0%80", "GET /users/%C0%AF",
    ])
    func `a path that no template fits is answered with 404`(_ line: String) async throws {
        let request = try Request(line, id: "r-1")
        let response = await router.respond(to: request)
        #expect(response.status == .notFound && response.route == nil)
        #expect(response.fields.value(of: .contentType) == "application/problem+json")
        #expect(response.text.contains("\"instance\":\"\(request.head.target.path)\""))
        #expect(response.text.contains(#""request_id":"r-1""#))
        #expect(response.fields.value(of: .allow) == nil)
    }

    @Test func `HEAD is answered by the endpoint of GET, or by its own`() async throws {
        let byGet = await router.respond(to: try Request("HEAD /users"))
        #expect(byGet.status == .ok && byGet.text == "list" && byGet.route?.template == "/users")
        let byOwn = await router.respond(to: try Request("HEAD /users/7"))
        #expect(byOwn.text == "look 7")
    }

    struct AllowCase: Sendable, CustomTestStringConvertible {
        let request: String
        let allow: String
        var testDescription: String { request }
    }

    @Test(arguments: [
        AllowCase(request: "DELETE /users", allow: "GET, POST, HEAD, OPTIONS"),
        AllowCase(request: "PATCH /users/7", allow: "GET, HEAD, DELETE, OPTIONS"),
        AllowCase(request: "GET /users/7/roles/admin", allow: "PUT, OPTIONS"),
        AllowCase(request: "HEAD /users/7/roles/admin", allow: "PUT, OPTIONS"),
        AllowCase(request: "TRACE /users", allow: "GET, POST, HEAD, OPTIONS"),
        AllowCase(request: "POST /", allow: "GET, HEAD, OPTIONS"),
    ])
    func `a method that the path does not know is answered with 405 and Allow`(
        _ given: AllowCase
    ) async throws {
        let response = await router.respond(to: try Request(given.request, id: "r-1"))
        #expect(response.status == .methodNotAllowed && response.route != nil)
        #expect(response.fields.value(of: .allow) == given.allow)
        #expect(response.text.contains(#""code":"method_not_allowed""#))
        #expect(response.text.contains(#""request_id":"r-1""#))
    }

    @Test(arguments: [
        AllowCase(request: "OPTIONS /users", allow: "GET, POST, HEAD, OPTIONS"),
        AllowCase(request: "OPTIONS /users/7", allow: "GET, HEAD, DELETE, OPTIONS"),
        AllowCase(
            request: "OPTIONS *", allow: "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"),
    ])
    func `OPTIONS is answered with 204 and Allow`(_ given: AllowCase) async throws {
        let response = await router.respond(to: try Request(given.request))
        #expect(response.status == .noContent && response.body.isEmpty)
        #expect(response.fields.value(of: .allow) == given.allow)
    }

    @Test(arguments: ["BREW /users", "get /users", "PROPFIND /", "QUERY /nothing", "GETS /"])
    func `a method that nothing here knows is answered with 501`(_ line: String) async throws {
        let response = await router.respond(to: try Request(line))
        #expect(response.status == .notImplemented)
        #expect(response.text.contains(#""code":"unsupported_method""#))
    }

    @Test func `an endpoint's problem becomes the answer of its route`() async throws {
        let response = await router.respond(to: try Request("GET /failing/7?q=1", id: "r-1"))
        #expect(response.status == .lengthRequired && response.route?.template == "/failing/{id}")
        #expect(response.text.contains(#""instance":"/failing/7""#))
        #expect(response.text.contains(#""request_id":"r-1""#))
    }

    @Test func `templates have numbers in the order in which they come up`() async throws {
        let routes = ["/", "/users", "/users", "/users/{id}"].enumerated().map { index, template in
            Route([.get, .put, .post, .delete][index], template, .untold, TestEndpoint(name: "x"))
        }
        let router = Router(routes, firstNumber: 5)
        #expect(router.templates == ["/", "/users", "/users/{id}"])
        let response = await router.respond(to: try Request("DELETE /users/7"))
        #expect(response.route == RouteName(template: "/users/{id}", number: 7))
        let refused = await router.respond(to: try Request("DELETE /users"))
        #expect(refused.route == RouteName(template: "/users", number: 6))
    }

    @Test func `a router without routes answers 404`() async throws {
        let response = await Router([]).respond(to: try Request("GET /"))
        #expect(response.status == .notFound)
    }
}
