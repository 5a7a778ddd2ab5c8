import Ambient
import Authentication
import AuthenticationHTTP
import AuthenticationTesting
import HTTP
import HTTPTesting
import HTTPTypes
import Testing
import Users

@Suite("Authorization: Bearer")
struct BearerAuthenticatorTests {
    private static let line = "GET /users/me/sessions"

    private static func outcome(_ api: TestAPI, _ fields: [String]) async throws -> String {
        try await api.send(line, fields: fields).outcome
    }

    /// How often a signature was checked, and how often the database was asked.
    private static func calls(_ api: TestAPI) -> [Int] {
        [api.mint.claimsCount, api.repository.callCount("access")]
    }

    @Test(arguments: [
        ("Authorization: Bearer T", "200"), ("authorization: bearer T", "200"),
        ("AUTHORIZATION: BEARER T", "200"), ("Authorization: bEaReR T", "200"),
        ("Authorization:Bearer T", "200"), ("Authorization:   Bearer T  ", "200"),
        ("Authorization: Bearer  T", "401 invalid_token"),
        ("Authorization: Bearer\tT", "401 authentication_required"),
        ("Authorization: BearerT", "401 authentication_required"),
        ("Authorization: T", "401 authentication_required"),
        ("Authorization: Basic T", "401 authentication_required"),
        ("Authorization: Basic YTpi", "401 authentication_required"),
        ("Authorization: Bearer", "401 invalid_token"),
        ("Authorization: Bearer ", "401 invalid_token"),
        ("Authorization:", "401 authentication_required"),
        ("Authorization: Bearer T,", "401 invalid_token"),
        ("Authorization: Bearer \"T\"", "401 invalid_token"),
        ("Authorization: Bearer T T", "401 invalid_token"),
        ("Authorization: Bearer xT", "401 invalid_token"),
        ("Authorization: Bearer Tx", "401 invalid_token"),
        ("Proxy-Authorization: Bearer T", "401 authentication_required"),
        ("X: Bearer T", "401 authentication_required"),
    ])
    func `a token is taken as RFC 6750 has it, and not otherwise`(
        field: String, outcome: String
    ) async throws {
        try await withAPI { api in
            let token = try await api.token()
            let fields = [
                field.replacing("T", with: token, maxReplacements: field.contains("T T") ? 2 : 9)
            ]
            let written =
                field.hasPrefix("AUTHORIZATION") ? ["AUTHORIZATION: BEARER \(token)"] : fields
            // Once before it is remembered, and once after that.
            #expect(try await Self.outcome(api, written) == outcome)
            _ = try await api.send(Self.line, token: token)
            #expect(try await Self.outcome(api, written) == outcome)
        }
    }

    @Test func `two fields are none that is valid`() async throws {
        try await withAPI { api in
            let field = "Authorization: Bearer \(try await api.token())"
            for (fields, outcome) in [
                ([field, field], "401 invalid_token"),
                ([field, "Authorization: Basic YTpi"], "401 invalid_token"),
                (["Authorization: Basic YTpi", field], "401 authentication_required"),
                ([field, "Authorization:"], "401 invalid_token"),
            ] {
                #expect(try await Self.outcome(api, fields) == outcome)
            }
        }
    }

    @Test(arguments: ["Basic YTpi", "Digest username=\"a\"", "Bearerx T", "Negotiate"])
    func `credentials of another scheme are none, and are answered without an error code`(
        _ value: String
    ) async throws {
        try await withAPI { api async throws in
            let answer = try await api.send(Self.line, fields: ["Authorization: \(value)"])
            #expect(try answer.outcome == "401 authentication_required")
            #expect(answer[.wwwAuthenticate] == "Bearer")
            #expect(Self.calls(api) == [0, 0])
        }
    }

    @Test(arguments: ["é", "\u{FF}", "🦊", "a\u{0301}"])
    func `what is not ASCII is no token`(_ text: String) async throws {
        try await withAPI { api async throws in
            let field = "Authorization: Bearer \(String(repeating: text, count: 20))"
            #expect(try await Self.outcome(api, [field]) == "401 invalid_token")
        }
    }

    @Test func `a long token is refused, and is not kept`() async throws {
        try await withAPI { api async throws in
            let token = String(repeating: "A", count: 12_000)
            for _ in 0..<3 {
                #expect(
                    try await Self.outcome(api, ["Authorization: Bearer \(token)"])
                        == "401 invalid_token")
            }
            #expect(Self.calls(api) == [3, 0])
        }
    }

    @Test func `a token costs one check and, while somebody listens, one question`() async throws {
        try await withAPI { api in
            let token = try await api.token()
            for _ in 0..<3 { _ = try await api.send(Self.line, token: token) }
            #expect(Self.calls(api) == [1, 3])
            await api.cache.listeningBegan()
            for _ in 0..<3 { #expect(try await api.send(Self.line, token: token).status == 200) }
            #expect(Self.calls(api) == [1, 4])
            await api.cache.accessChanged(of: Account.sample(2).id)
            _ = try await api.send(Self.line, token: token)
            #expect(Self.calls(api) == [1, 4])
            await api.cache.accessChanged(of: Account.sample().id)
            for _ in 0..<3 { _ = try await api.send(Self.line, token: token) }
            #expect(Self.calls(api) == [1, 5])
            await api.cache.listeningEnded()
            for _ in 0..<3 { _ = try await api.send(Self.line, token: token) }
            #expect(Self.calls(api) == [1, 8])
        }
    }

    @Test func `a request without a token costs nothing`() async throws {
        try await withAPI { api async throws in
            #expect(
                try await Self.outcome(api, []) == "401 authentication_required")
            #expect(Self.calls(api) == [0, 0])
        }
    }

    @Test(arguments: ["ended", "disabled", "deleted", "another epoch", "another user"])
    func `a token that is revoked is refused, and asked for again only after a change`(
        _ change: String
    ) async throws {
        try await withAPI { api in
            await api.cache.listeningBegan()
            let token = try await api.token()
            #expect(try await api.send(Self.line, token: token).status == 200)
            let id = Account.sample().id
            api.repository.inspect { state in
                switch change {
                case "ended": state.logins = [:]
                case "disabled": state.members[id]?.account = .sample(status: .disabled)
                case "deleted": state.members[id] = nil
                case "another user":
                    for session in state.logins.keys {
                        state.logins[session]?.user = Account.sample(2).id
                    }
                default: state.members[id]?.epoch = 1
                }
            }
            // Until it is told, the memory stands.
            #expect(Self.calls(api) == [1, 1])
            await api.cache.accessChanged(of: id)
            let refusal: AccessRefusal =
                change == "another epoch" ? .accessChanged : .sessionEnded
            for (index, count) in [2, 2, 2, 3, 3].enumerated() {
                if index == 3 { await api.cache.accessChanged(of: id) }
                let answer = try await api.send(Self.line, token: token)
                #expect(try answer.outcome == "401 invalid_token")
                #expect(api.events.tallies.last == .accessRefused(refusal))
                #expect(answer[.wwwAuthenticate] == #"Bearer error="invalid_token""#)
                #expect(Self.calls(api) == [1, count])
            }
        }
    }

    @Test func `what the roles allow is what the database said last`() async throws {
        try await withAPI { api in
            await api.cache.listeningBegan()
            let token = try await api.token(.usersWrite)
            let line = "DELETE /users/me/lockout"
            #expect(try await api.send(line, token: token).status == 204)
            api.repository.inspect { $0.members[Account.sample().id]?.permissions = .usersRead }
            #expect(try await api.send(line, token: token).status == 204)
            await api.cache.accessChanged()
            #expect(try await api.send(line, token: token).outcome == "403 forbidden")
        }
    }

    @Test func `a token that runs out is refused, remembered or not`() async throws {
        try await withAPI { api in
            await api.cache.listeningBegan()
            let token = try await api.token()
            api.clock.advance(bySeconds: 599)
            #expect(try await api.send(Self.line, token: token).status == 200)
            api.clock.advance(bySeconds: 1)
            for _ in 0..<2 {
                #expect(try await api.send(Self.line, token: token).outcome == "401 invalid_token")
            }
        }
    }

    @Test(arguments: ["database", "keys"])
    func `while nobody can tell it is 503, and what is remembered goes on`(
        _ what: String
    ) async throws {
        try await withAPI { api in
            await api.cache.listeningBegan()
            let (known, new) = (try await api.token(), try await api.token())
            _ = try await api.send("DELETE /users/me/lockout", token: known)
            if what == "keys" {
                api.mint.fail(with: .unavailable(.storageAway, cause: nil))
            } else {
                api.repository.inspect {
                    $0.errors["access"] = .unavailable(.storageAway, cause: nil)
                }
            }
            let answer = try await api.send(Self.line, token: new)
            #expect(try answer.outcome == "503 unavailable" && answer["Retry-After"] != nil)
            #expect(try await api.send(Self.line, token: known).status == 200)
        }
    }
}
