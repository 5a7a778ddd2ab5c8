import HTTPTesting
import Testing

@testable import App

@Suite("What every answer forbids browsers")
struct BrowserFieldsTests {
    static let strictest = "default-src 'none'; frame-ancestors 'none'"

    /// Requests as they are sent, and the status that they get.
    static let requests: [(request: String, status: Int)] = [
        (requestText("GET /health"), 200),
        (requestText("GET /health/live"), 200),
        (requestText("HEAD /health/live"), 200),
        (requestText("GET /version"), 200),
        (requestText("GET /metrics"), 200),
        (requestText("GET /openapi.json"), 200),
        (requestText("GET /openapi.json", fields: ["Accept-Encoding: gzip"]), 200),
        (requestText("GET /openapi.json", fields: ["If-None-Match: *"]), 304),
        (requestText("GET /.well-known/jwks.json"), 200),
        (requestText("OPTIONS /users"), 204),
        (requestText("POST /users", #"{"email":"a@example.com","display_name":""}"#), 422),
        (requestText("GET /users"), 401),
        (requestText("GET /nothing"), 404),
        (requestText("DELETE /users"), 405),
        (requestText("GET /health", fields: ["Accept: text/html"]), 406),
        (requestText("POST /auth/login", "{}", fields: ["Content-Type: text/plain"]), 415),
        (
            requestText(
                "POST /auth/login",
                fields: ["Content-Type: application/json", "Content-Length: 2097152"]), 413
        ),
        // What is no request is answered before there is a route.
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        ("GET /\(String(repeating: "x", count: 20_000)) HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        (requestText("GET /", fields: ["X: \(String(repeating: "x", count: 200_000))"]), 431),
        ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
        // A head that does not come to its end in time.
        ("GET / HTTP/1.1\r\nHost: a\r\n", 408),
    ]

    @Test func `no other media type may be guessed, nothing loaded, nothing embedded`()
        async throws
    {
        try await withApplication(["HTTP_HEADER_TIMEOUT": "1s"]) { application, _ in
            for (request, status) in Self.requests {
                let client = try application.connect()
                try await client.send(request)
                let answer = try await client.response(toHead: request.hasPrefix("HEAD"))
                let line = request.prefix(60)
                #expect(answer.status == status, "\(line)")
                #expect(answer["X-Content-Type-Options"] == "nosniff", "\(line)")
                #expect(answer["Content-Security-Policy"] == Self.strictest, "\(line)")
                try await client.close()
            }
        }
    }

    @Test func `pages have a policy of their own, and keep it when they have not changed`()
        async throws
    {
        let policy =
            "default-src 'none'; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'none'"
        try await withApplication(["DOCS_DIRECTORY": "/nonexistent"]) { application, _ in
            for path in ["/docs", "/problems", "/problems/email_taken"] {
                let page = try await application.send("GET \(path)")
                #expect(page.status == 200 && page["Content-Security-Policy"] == policy)
                #expect(page["X-Content-Type-Options"] == "nosniff")
                let tag = try #require(page["ETag"])
                let again = try await application.send(
                    "GET \(path)", fields: ["If-None-Match: \(tag)"])
                #expect(again.status == 304 && again["Content-Security-Policy"] == policy)
                #expect(again["X-Content-Type-Options"] == "nosniff")
            }
        }
    }
}
