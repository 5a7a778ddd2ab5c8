import HTTPTesting
import Testing

@testable import App

@Suite("Bad input, through the socket")
struct BadInputTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let request: String
        let status: Int
        let code: String
        /// Whether it is sent without the administrator's token.
        var isAnonymous = false
    }

    private static let unknownID = "00000000-0000-7000-8000-000000000000"
    private static let user = #"{"email":"taken@example.com","display_name":"Taken"}"#

    static let cases = [
        Case(
            testDescription: "malformed JSON",
            request: requestText("POST /users", #"{"email":"#), status: 400,
            code: "malformed_json"),
        Case(
            testDescription: "a duplicated member",
            request: requestText("POST /users", #"{"email":"a@b.org","email":"c@d.org"}"#),
            status: 400, code: "malformed_json"),
        Case(
            testDescription: "wrong types",
            request: requestText("POST /users", #"{"email":1,"display_name":[]}"#),
            status: 422, code: "validation_failed"),
        Case(
            testDescription: "another media type",
            request: requestText(
                "POST /users", "email=a", fields: ["Content-Type: text/plain"]),
            status: 415, code: "unsupported_media_type"),
        Case(
            testDescription: "an unknown user", request: requestText("GET /users/\(unknownID)"),
            status: 404, code: "user_not_found"),
        Case(
            testDescription: "a duplicate e-mail, spelt otherwise",
            request: requestText(
                "POST /users", #"{"email":"TAKEN@EXAMPLE.COM","display_name":"X"}"#),
            status: 409, code: "email_taken"),
        Case(
            testDescription: "a body that is announced too large",
            request: requestText(
                "POST /users",
                fields: [
                    "Content-Type: application/json", "Content-Length: 1048577",
                ]), status: 413, code: "body_too_large"),
        Case(
            testDescription: "a header too large",
            request: requestText(
                "GET /users", fields: ["X: " + String(repeating: "x", count: 17_000)]),
            status: 431, code: "field_too_large"),
        Case(
            testDescription: "a request line too long",
            request: requestText("GET /" + String(repeating: "x", count: 17_000)),
            status: 414, code: "target_too_long"),
        Case(
            testDescription: "a method that is not allowed", request: requestText("PUT /users"),
            status: 405, code: "method_not_allowed"),
        Case(
            testDescription: "a method that does not exist", request: requestText("BREW /users"),
            status: 501, code: "unsupported_method"),
        Case(
            testDescription: "a path that does not exist", request: requestText("GET /nothing"),
            status: 404, code: "not_found"),
        Case(
            testDescription: "a bad UUID", request: requestText("GET /users/12"), status: 400,
            code: "malformed_id"),
        Case(
            testDescription: "a limit out of range",
            request: requestText("GET /users?limit=1001"), status: 400, code: "invalid_limit"),
        Case(
            testDescription: "an altered cursor", request: requestText("GET /users?cursor=00"),
            status: 400, code: "invalid_cursor"),
        Case(
            testDescription: "a parameter that does not exist",
            request: requestText("GET /users?offset=50"), status: 400,
            code: "unknown_parameter"),
        Case(
            testDescription: "a malformed condition",
            request: requestText("DELETE /users/\(unknownID)", fields: ["If-Match: 1"]),
            status: 400, code: "malformed_condition"),
        Case(
            testDescription: "U+0000, which no text of the database holds",
            request: requestText(
                "POST /users", #"{"email":"n@a.example","display_name":"A\u0000"}"#),
            status: 422, code: "validation_failed"),
        Case(
            testDescription: "a body in chunks that grows too large",
            request: requestText(
                "POST /users",
                fields: ["Content-Type: application/json", "Transfer-Encoding: chunked"])
                + "100001\r\n" + String(repeating: " ", count: 0x100001) + "\r\n0\r\n\r\n",
            status: 413, code: "body_too_large"),
        Case(
            testDescription: "what needs a token", request: requestText("GET /users"), status: 401,
            code: "authentication_required", isAnonymous: true),
        Case(
            testDescription: "a token that is none",
            request: requestText("GET /users", fields: [bearer("a.b.c")]), status: 401,
            code: "invalid_token", isAnonymous: true),
        Case(
            testDescription: "credentials of another kind",
            request: requestText("GET /users", fields: ["Authorization: Basic YTpi"]), status: 401,
            code: "authentication_required", isAnonymous: true),
        Case(
            testDescription: "two tokens, of which the first is good",
            request: requestText("GET /users", fields: [bearer("a.b.c")]), status: 401,
            code: "invalid_token"),
        Case(
            testDescription: "a request without Host", request: "GET /users HTTP/1.1\r\n\r\n",
            status: 400, code: "missing_host"),
        Case(
            testDescription: "HTTP/2 in the request line",
            request: "GET /users HTTP/2.0\r\nHost: a\r\n\r\n", status: 505,
            code: "unsupported_version"),
    ]

    @Test func `each gets its status and its code as Problem Details, and the service goes on`()
        async throws
    {
        try await withApplication { application, _ in
            #expect(try await application.send("POST /users", Self.user).status == 201)
            let own = "Host: localhost\r\n\(try await application.authorization)\r\n"
            for given in Self.cases {
                let request =
                    given.isAnonymous
                    ? given.request : given.request.replacing("Host: localhost\r\n", with: own)
                let response = try await application.connect().exchange(request)
                #expect(response.status == given.status, "\(given.testDescription)")
                #expect(response.string("code") == given.code, "\(given.testDescription)")
                #expect(response["Content-Type"] == "application/problem+json")
                #expect(response["X-Request-ID"] == response.string("request_id"))
                #expect(response["Date"] != nil)
            }
            #expect(try await application.send("GET /health/live").status == 200)
        }
    }
}
