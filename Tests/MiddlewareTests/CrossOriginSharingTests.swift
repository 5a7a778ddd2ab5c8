import HTTP
import HTTPTesting
import HTTPTypes
import Middleware
import Routing
import Testing

/// Answers as the router does.
private struct TestHandler: Handler {
    func respond(to request: Request) async -> Response {
        guard request.head.method == .options else {
            var response = Response(status: .ok, contentType: "text/plain", body: [1])
            response.fields.append(.vary, "Accept-Encoding")
            return response
        }
        var response = Response(status: .noContent)
        response.fields.append(.allow, "GET, POST, HEAD, OPTIONS")
        return response
    }
}

@Suite("Answers to pages of other origins, CORS")
struct CrossOriginSharingTests {
    private func respond(
        _ method: String, _ fields: [String], allowing origins: String = "https://a.example"
    ) async throws -> Response {
        let origins = try #require(AllowedOrigins(parsing: origins))
        let handler = TestHandler().behind([CrossOriginSharing(origins: origins)])
        return await handler.respond(to: try Request("\(method) /users", fields: fields))
    }

    @Test func `a page of an allowed origin may read the answer and its fields`() async throws {
        let response = try await respond("GET", ["Origin: https://a.example"])
        #expect(response.fields.value(of: .accessControlAllowOrigin) == "https://a.example")
        let exposed = try #require(response.fields.value(of: .accessControlExposeHeaders))
        for name in ["ETag", "Link", "Location", "Retry-After", "X-Request-ID"] {
            #expect(exposed.contains(name))
        }
        #expect(!response.fields.contains(.accessControlAllowMethods))
        #expect(!response.fields.contains(.init("Access-Control-Allow-Credentials")!))
    }

    @Test func `a preflight tells methods and fields`() async throws {
        let response = try await respond(
            "OPTIONS", ["Origin: https://a.example", "Access-Control-Request-Method: POST"])
        #expect(response.status == .noContent)
        #expect(response.fields.value(of: .accessControlAllowOrigin) == "https://a.example")
        #expect(
            response.fields.value(of: .accessControlAllowMethods) == "GET, POST, HEAD, OPTIONS")
        let allowed = try #require(response.fields.value(of: .accessControlAllowHeaders))
        for name in ["Authorization", "Content-Type", "If-Match", "Idempotency-Key"] {
            #expect(allowed.contains(name))
        }
        #expect(response.fields.value(of: .accessControlMaxAge) == "7200")
    }

    @Test(arguments: [
        [], ["Origin: https://b.example"], ["Origin: http://a.example"],
        ["Origin: https://a.example:8443"], ["Origin: https://a.example.evil.example"],
        ["Origin: null"], ["Origin: https://A.example"], ["Origin:"],
        ["Origin: https://a.example", "Origin: https://b.example"],
    ])
    func `others get the answer without leave to read it`(_ fields: [String]) async throws {
        for method in ["GET", "OPTIONS"] {
            let response = try await respond(
                method, fields + ["Access-Control-Request-Method: POST"])
            #expect(response.status == (method == "GET" ? .ok : .noContent))
            #expect(!response.fields.contains(.accessControlAllowOrigin))
            #expect(!response.fields.contains(.accessControlAllowMethods))
            #expect(!response.fields.contains(.accessControlExposeHeaders))
        }
    }

    @Test(arguments: [[], ["Origin: https://a.example"], ["Origin: https://b.example"]])
    func `a cache keeps the answers of origins apart`(_ fields: [String]) async throws {
        let response = try await respond("GET", fields)
        var other = Response(status: .ok, contentType: "text/plain", body: [1])
        other.fields.append(.vary, "Accept-Encoding")
        other.fields.append(.vary, "Origin")
        var rest = response.fields
        rest.remove(.accessControlAllowOrigin)
        rest.remove(.accessControlExposeHeaders)
        #expect(rest == other.fields)
    }

    @Test func `every origin can be allowed`() async throws {
        let response = try await respond("GET", ["Origin: https://b.example"], allowing: "*")
        #expect(response.fields.value(of: .accessControlAllowOrigin) == "https://b.example")
    }

    @Test(arguments: [
        ("https://a.example", true), ("https://a.example,http://localhost:3000", true),
        ("https://a.example, http://[::1]:3000", true), ("*", true), ("", true),
        ("https://a.example/", false), ("a.example", false), ("https://", false),
        ("ftp://a.example", false), ("https://a.example:", false), ("https://A.example", false),
        ("null", false), ("https://*.example", false), ("*,https://a.example", false),
        ("https://user@a.example", false), ("https://a.example:8443", true),
        ("https://a.example:443", false), ("http://a.example:80", false),
        ("http://a.example:443", true), ("https://a:b:c", false), ("https://a.example:0443", false),
        ("https://a.example:99999", false), ("http://[::1]", true), ("http://[::1", false),
        ("https://bücher.example", false),
    ])
    func `origins are written as browsers write them`(_ text: String, _ isTaken: Bool) {
        #expect((AllowedOrigins(parsing: text) != nil) == isTaken)
    }
}
