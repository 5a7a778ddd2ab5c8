import Authentication
import AuthenticationTesting
import HTTPTypes
import Testing
import Users

@Suite("POST /auth/refresh and /auth/logout")
struct RefreshEndpointTests {
    private static func content(_ token: String) -> String { #"{"refresh_token":"\#(token)"}"# }

    @Test func `a refresh answers as a login does`() async throws {
        try await withAPI { api in
            let first = try await api.logIn()
            let session = try first.string("session_id")
            let answer = try await api.send(
                "POST /auth/refresh", Self.content("\(session)/1"))
            #expect(answer.status == 200)
            let access = try answer.string("access_token")
            #expect(
                answer.text
                    == #"{"access_token":"\#(access)","token_type":"Bearer","expires_in":600,"#
                    + #""refresh_token":"\#(session)/2","session_id":"\#(session)","#
                    + #""user_id":"\#(Account.sample().id.uuid)"}"#)
            #expect(answer[.cacheControl] == "no-store")
            api.clock.advance(bySeconds: 30)
            let reused = try await api.send("POST /auth/refresh", Self.content("\(session)/1"))
            #expect(try reused.outcome == "401 refresh_token_reused")
            #expect(reused[.wwwAuthenticate] == "Bearer" && reused[.cacheControl] == "no-store")
            let ended = try await api.send("POST /auth/refresh", Self.content("\(session)/2"))
            #expect(try ended.outcome == "401 invalid_refresh_token")
            #expect(ended[.wwwAuthenticate] == "Bearer" && ended[.cacheControl] == "no-store")
        }
    }

    @Test(
        arguments: ["/auth/refresh", "/auth/logout"],
        [
            ("{}", "422 validation_failed", ["/refresh_token required"]),
            (#"{"refresh_token":null}"#, "422 validation_failed", ["/refresh_token wrong_type"]),
            (#"{"refresh_token":[1]}"#, "422 validation_failed", ["/refresh_token wrong_type"]),
            ("nonsense", "400 malformed_json", []), ("{", "400 malformed_json", []),
            (
                #"{"refresh_token":"a","refresh_token":"b"}"#, "400 malformed_json",
                ["/refresh_token duplicate_member"]
            ),
        ] as [(String, String, [String])])
    func `every fault of the content is told`(
        path: String, given: (body: String, outcome: String, faults: [String])
    ) async throws {
        try await withAPI { api in
            let answer = try await api.send("POST \(path)", given.body)
            #expect(try answer.outcome == given.outcome)
            #expect(try answer.faults == given.faults)
            #expect(answer[.cacheControl] == "no-store")
            let form = try await api.send("POST \(path)", given.body, type: "text/plain")
            #expect(form.status == 415 && form[.cacheControl] == "no-store")
            #expect(form["Accept-Post"] == "application/json")
        }
    }

    @Test(arguments: ["", "rubbish", "ur1_AAAA", "\\u0000", String(repeating: "a", count: 9_000)])
    func `a token that is none refreshes nothing, and logs nobody out`(
        _ token: String
    ) async throws {
        try await withAPI { api in
            _ = try await api.logIn()
            let refresh = try await api.send("POST /auth/refresh", Self.content(token))
            #expect(try refresh.outcome == "401 invalid_refresh_token")
            let logout = try await api.send("POST /auth/logout", Self.content(token))
            #expect(logout.status == 204 && logout.text.isEmpty)
            #expect(logout[.cacheControl] == "no-store")
            let bearer = try await api.send(
                "POST /auth/logout", fields: ["Authorization: Bearer \(token.prefix(5_000))"])
            #expect(bearer.status == 204)
            #expect(api.repository.inspect { $0.logins.count } == 1)
        }
    }

    @Test(arguments: ["content", "bearer", "bearer and an empty content", "an old refresh token"])
    func `a logout ends the session, once and again`(_ manner: String) async throws {
        try await withAPI { api in
            let tokens = try await api.logIn()
            let other = try await api.logIn()
            let access = try tokens.string("access_token")
            let refresh = try tokens.string("refresh_token")
            if manner == "an old refresh token" {
                _ = try await api.send("POST /auth/refresh", Self.content(refresh))
            }
            for _ in 0..<2 {
                let answer =
                    switch manner {
                    case "bearer": try await api.send("POST /auth/logout", token: access)
                    case "bearer and an empty content":
                        try await api.send("POST /auth/logout", "", type: nil, token: access)
                    default: try await api.send("POST /auth/logout", Self.content(refresh))
                    }
                #expect(answer.status == 204 && answer.text.isEmpty)
                #expect(answer[.cacheControl] == "no-store")
                let left = api.repository.inspect { $0.logins.keys.map { "\($0.uuid)" } }
                #expect(left == [try other.string("session_id")])
            }
        }
    }

    @Test func `a logout without anything is no error`() async throws {
        try await withAPI { api async throws in
            #expect(try await api.send("POST /auth/logout").status == 204)
        }
    }

    @Test(arguments: ["POST /auth/logout", "POST /auth/refresh", "POST /auth/login"])
    func `while the storage is away everything is for later`(_ line: String) async throws {
        try await withAPI { api in
            let tokens = try await api.logIn()
            api.repository.inspect { state in
                for name in ["end", "refresh", "admit", "access"] {
                    state.errors[name] = .unavailable(.storageAway, cause: nil)
                }
            }
            let content =
                line.hasSuffix("login")
                ? #"{"email":"ada.1@example.com","password":"a"}"#
                : Self.content(try tokens.string("refresh_token"))
            var answers = [try await api.send(line, content)]
            if line.hasSuffix("logout") {
                answers.append(
                    try await api.send(line, token: try tokens.string("access_token")))
            }
            for answer in answers {
                #expect(try answer.outcome == "503 unavailable")
                #expect(answer["Retry-After"] != nil && answer[.cacheControl] == "no-store")
            }
        }
    }

    @Test func `the keys are everybody's, and may be kept for a while`() async throws {
        try await withAPI { api in
            let answer = try await api.send("GET /.well-known/jwks.json")
            #expect(answer.status == 200 && answer.text == #"{"keys":[]}"#)
            #expect(answer[.contentType] == "application/json")
            #expect(answer[.cacheControl] == "public, max-age=300")
            api.mint.fail(with: .unavailable(.storageAway, cause: nil))
            let failure = try await api.send("GET /.well-known/jwks.json")
            #expect(failure.status == 503 && failure[.cacheControl] == "no-store")
        }
    }
}
