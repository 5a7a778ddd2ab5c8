import Authentication
import AuthenticationTesting
import HTTPTypes
import Testing
import Users

@Suite("POST /auth/login")
struct LoginEndpointTests {
    @Test func `a login answers with tokens and how the budget stands`() async throws {
        try await withAPI { api in
            let answer = try await api.logIn()
            let session = try answer.string("session_id")
            let user = Account.sample().id.uuid
            let access = try answer.string("access_token")
            #expect(answer.status == 200)
            #expect(
                answer.text
                    == #"{"access_token":"\#(access)","token_type":"Bearer","expires_in":600,"#
                    + #""refresh_token":"\#(session)/1","session_id":"\#(session)","#
                    + #""user_id":"\#(user)"}"#)
            #expect(access.hasPrefix("0/") && access.hasSuffix("/\(user)/\(session)"))
            #expect(answer[.contentType] == "application/json")
            #expect(answer[.cacheControl] == "no-store")
            #expect(answer["RateLimit-Policy"] == #""login-id";q=5;w=300"#)
            #expect(answer["RateLimit"] == #""login-id";r=4;t=300"#)
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let body: String?
        let type: String?
        let outcome: String
        let faults: [String]

        init(
            _ body: String?, type: String? = "application/json", _ outcome: String,
            _ faults: [String] = [], _ testDescription: String? = nil
        ) {
            self.testDescription = testDescription ?? body ?? "nothing"
            self.body = body
            self.type = type
            self.outcome = outcome
            self.faults = faults
        }
    }

    private static let right =
        #"{"email":"ada.1@example.com","password":"seven quiet otters swim"}"#
    private static let long = String(repeating: "a", count: 5_000)

    static let bodies = [
        Case(right, "200"),
        Case(#"{"email":" ADA.1@Example.COM ","password":"seven quiet otters swim"}"#, "200"),
        Case(
            #"{"email":"ada.1@example.com","password":"seven quiet otters swim","x":[1]}"#, "200"),
        Case("{}", "422 validation_failed", ["/email required", "/password required"]),
        Case(
            #"{"email":"ada.1@example.com"}"#, "422 validation_failed", ["/password required"]),
        Case(#"{"password":"a"}"#, "422 validation_failed", ["/email required"]),
        Case(
            #"{"email":7,"password":null}"#, "422 validation_failed",
            ["/email wrong_type", "/password wrong_type"]),
        Case(
            #"{"email":["ada.1@example.com"],"password":{"$ne":""}}"#, "422 validation_failed",
            ["/email wrong_type", "/password wrong_type"]),
        Case(
            #"{"email":"ada","password":"a"}"#, "422 validation_failed",
            ["/email invalid_email"]),
        Case(
            #"{"email":"a\u0000@b.example","password":"a"}"#, "422 validation_failed",
            ["/email invalid_email"]),
        Case(
            #"{"email":"\#(long)@b.example","password":"a"}"#, "422 validation_failed",
            ["/email too_long"], "a long address"),
        Case(
            #"{"email":"ada.1@example.com","password":"\#(long)"}"#, "401 invalid_credentials", [],
            "a long password"),
        Case(#"{"email":"ada.1@example.com","password":""}"#, "401 invalid_credentials"),
        Case(#"{"email":"ada.1@example.com","password":"\u0000"}"#, "401 invalid_credentials"),
        Case(#"{"email":"a@b.example","password":"a"}"#, "401 invalid_credentials"),
        Case("[]", "422 validation_failed", [" wrong_type"]),
        Case(#""text""#, "422 validation_failed", [" wrong_type"]),
        Case("", "400 malformed_json"), Case("{", "400 malformed_json"),
        Case("email=ada.1@example.com&password=a", "400 malformed_json"),
        Case(
            #"{"password":"a","password":"b","email":"a@b.example"}"#, "400 malformed_json",
            ["/password duplicate_member"]),
        Case(
            right, type: "application/x-www-form-urlencoded", "415 unsupported_media_type", [],
            "a form"),
        Case(right, type: "text/plain", "415 unsupported_media_type", [], "text"),
        Case(right, type: nil, "415 unsupported_media_type", [], "no type"),
        Case(
            right, type: "application/json; charset=latin1", "415 unsupported_media_type", [],
            "Latin-1"),
        Case(nil, "415 unsupported_media_type"),
        Case(
            "[" + String(repeating: " ", count: 65_536) + "]", "413 body_too_large", [],
            "too much"),
    ]

    @Test(arguments: bodies)
    func `every fault of the content is told, and nothing of it is kept`(
        _ given: Case
    ) async throws {
        try await withAPI { api in
            let answer = try await api.send("POST /auth/login", given.body, type: given.type)
            #expect(try answer.outcome == given.outcome)
            #expect(try answer.faults == given.faults)
            #expect(answer[.cacheControl] == "no-store")
            #expect((answer[.wwwAuthenticate] == "Bearer") == (answer.status == 401))
            // A budget is told of as soon as it is touched.
            #expect((answer["RateLimit"] != nil) == [200, 401].contains(answer.status))
            #expect(!answer.text.contains("otters"))
        }
    }

    @Test func `nobody learns from a refusal who has an account`() async throws {
        func refusal(_ prepare: (TestAPI) -> Void, _ email: String) async throws -> Answer {
            var refusals: [Answer] = []
            try await withAPI { api in
                prepare(api)
                refusals.append(
                    try await api.send(
                        "POST /auth/login", #"{"email":"\#(email)","password":"wrong"}"#))
                #expect(api.checker.record.checks.count == 1)
            }
            return refusals[0]
        }
        let known = try await refusal({ _ in }, "ada.1@example.com")
        let unknown = try await refusal({ _ in }, "ada.2@example.com")
        let disabled = try await refusal(
            { $0.repository.add(.sample(status: .disabled)) }, "ada.1@example.com")
        for answer in [unknown, disabled] {
            #expect(answer.status == 401 && answer.text == known.text)
            for name in ["RateLimit", "RateLimit-Policy", "WWW-Authenticate", "Cache-Control"] {
                #expect(answer[name] == known[name] && answer[name] != nil)
            }
        }
    }

    @Test func `a disabled user is told so after the right password`() async throws {
        try await withAPI { api async throws in
            api.repository.add(.sample(status: .disabled))
            #expect(try await api.logIn().outcome == "403 account_disabled")
        }
    }

    @Test func `too many failures are 429, with the wait`() async throws {
        try await withAPI { api in
            for left in (0...4).reversed() {
                let answer = try await api.logIn("wrong")
                #expect(try answer.outcome == "401 invalid_credentials")
                #expect(
                    answer["RateLimit"] == #""login-id";r=\#(left);t=\#(left == 0 ? 330 : 300)"#)
            }
            let answer = try await api.logIn()
            #expect(answer.status == 429)
            #expect(answer["Retry-After"] == "30")
            #expect(answer["RateLimit-Policy"] == #""login-id";q=5;w=300"#)
            #expect(answer["RateLimit"] == #""login-id";r=0;t=330"#)
            #expect(answer[.cacheControl] == "no-store")
        }
    }

    @Test func `nothing is told of a budget that is not counted`() async throws {
        try await withAPI(throttle: nil) { api in
            let answer = try await api.logIn()
            #expect(answer.status == 200 && answer["RateLimit"] == nil)
            #expect(answer["RateLimit-Policy"] == nil)
        }
    }

    @Test func `a full queue is 503, and does not count`() async throws {
        try await withAPI { api in
            api.checker.inspect { $0.error = .unavailable(.overloaded, cause: nil) }
            for _ in 0..<9 {
                let answer = try await api.logIn()
                #expect(answer.status == 503 && answer["Retry-After"] != nil)
            }
            api.checker.inspect { $0.error = nil }
            #expect(try await api.logIn().status == 200)
        }
    }
}
