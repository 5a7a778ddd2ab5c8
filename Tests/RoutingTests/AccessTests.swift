import Ambient
import HTTP
import HTTPTesting
import HTTPTypes
import Testing

@testable import Routing

@Suite("Who may ask for an operation")
struct AccessTests {
    static let owner = "0190b6c5-5b1e-7cc3-a1f2-3d4e5f60718a"
    static let other = "0190b6c5-5b1e-7cc3-a1f2-3d4e5f60718b"
    static let read = Operation.Grant("things:read", mask: 1)
    static let write = Operation.Grant("things:write", mask: 2)

    private let router = Router(
        [
            Route(.get, "/open", operation(.anybody), PrincipalEndpoint()),
            Route(.get, "/wider", operation(.anybodyOr(write)), PrincipalEndpoint()),
            Route(.get, "/things/{id}", operation(.ownerOr(read)), PrincipalEndpoint()),
            Route(.get, "/things", operation(.holder(read)), PrincipalEndpoint()),
            Route(.get, "/named/{name}", operation(.ownerOr(read)), PrincipalEndpoint()),
        ], authenticator: TestAuthenticator())

    private static func operation(_ access: Operation.Access) -> Operation {
        Operation(
            "told", tag: "tests", "Told", access: access,
            answers: [Operation.Answer(200, "All.", .text("text/plain"))])
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let token: String?
        let line: String
        var status = 200
        var text = "nobody"
        var challenge: String?
        var testDescription: String { "\(line) with \(token ?? "no token")" }

        init(_ token: String?, _ line: String, text: String) {
            self.token = token
            self.line = line
            self.text = text
        }

        init(_ token: String?, _ line: String, _ status: Int, challenge: String? = nil) {
            self.token = token
            self.line = line
            self.status = status
            self.challenge = challenge
        }
    }

    static let challenge = "Bearer"
    static let refusal = #"Bearer error="invalid_token""#

    static let cases = [
        // A token is not looked at.
        Case(nil, "GET /open", text: "nobody"), Case("bad", "GET /open", text: "nobody"),
        Case("none", "GET /open", text: "nobody"),
        // A token that is sent has to be valid.
        Case(nil, "GET /wider", text: "nobody"), Case("none", "GET /wider", text: "0"),
        Case("write", "GET /wider", text: "2"),
        Case("bad", "GET /wider", 401, challenge: refusal),
        Case("away", "GET /wider", 503),
        // Who holds the grant, and nobody else.
        Case(nil, "GET /things", 401, challenge: challenge),
        Case("bad", "GET /things", 401, challenge: refusal),
        Case("none", "GET /things", 403), Case("write", "GET /things", 403),
        Case("read", "GET /things", text: "1"), Case("both", "GET /things", text: "3"),
        Case("none", "HEAD /things", 403), Case(nil, "HEAD /things", 401, challenge: challenge),
        // The owner, too, however the id is written.
        Case(nil, "GET /things/\(owner)", 401, challenge: challenge),
        Case(nil, "GET /things/me", 401, challenge: challenge),
        Case(nil, "GET /things/x", 401, challenge: challenge),
        Case("none", "GET /things/\(owner)", text: "0"),
        Case("none", "HEAD /things/\(owner)", text: "0"),
        Case("none", "GET /things/\(owner.uppercased())", text: "0"),
        Case("none", "GET /things/%30\(owner.dropFirst())", text: "0"),
        Case("none", "GET /things/\(owner.replacing("-", with: "%2D"))", text: "0"),
        Case("none", "GET /things/me", text: "0"), Case("none", "GET /things/m%65", text: "0"),
        Case("none", "GET /things/ME", 403), Case("none", "GET /things/\(other)", 403),
        Case("none", "GET /things/x", 403), Case("none", "GET /things/\(owner)x", 403),
        Case("none", "GET /things/%2530\(owner.dropFirst())", 403),
        Case("read", "GET /things/\(other)", text: "1"), Case("read", "GET /things/x", text: "1"),
        Case("write", "GET /things/\(other)", 403),
        // A parameter of another name is no id.
        Case("none", "GET /named/\(owner)", 403), Case("none", "GET /named/me", 403),
        // What is not there, and what is not known of it, depends on nobody.
        Case(nil, "GET /nothing", 404), Case("bad", "GET /nothing", 404),
        Case(nil, "DELETE /things", 405), Case("bad", "PUT /things/\(owner)", 405),
        Case(nil, "GET /things/%ff", 404),
    ]

    @Test(arguments: cases)
    func access(_ given: Case) async throws {
        let fields = given.token.map { ["Authorization: Bearer \($0)"] } ?? []
        let response = await router.respond(to: try Request(given.line, fields: fields))
        #expect(response.status.code == given.status)
        #expect(response.fields.value(of: .wwwAuthenticate) == given.challenge)
        if given.status == 200 { #expect(response.text == given.text) }
    }

    @Test func `who lacks a grant is told which`() async throws {
        let response = await router.respond(
            to: try Request("GET /things", fields: ["Authorization: Bearer none"]))
        #expect(response.text.contains(#""code":"forbidden""#))
        #expect(response.text.contains("things:read"))
    }

    @Test(arguments: [(nil, 401), ("none", 403), ("read", 406)] as [(String?, Int)])
    func `who may not ask is told so before what there is`(
        _ token: String?, _ status: Int
    ) async throws {
        let fields = token.map { ["Authorization: Bearer \($0)"] } ?? []
        let response = await router.respond(
            to: try Request("GET /things", fields: fields + ["Accept: image/png"]))
        #expect(response.status.code == status)
    }

    @Test(
        arguments: [
            ("none", "/wider", 200, owner), ("none", "/things", 403, owner),
            ("read", "/things", 200, owner), ("read", "/open", 200, nil),
            ("bad", "/wider", 401, nil), (nil, "/wider", 200, nil),
        ] as [(String?, String, Int, String?)])
    func `an answer names the user for whom the request spoke, also if refused`(
        _ token: String?, _ path: String, _ status: Int, _ user: String?
    ) async throws {
        let fields = token.map { ["Authorization: Bearer \($0)"] } ?? []
        let response = await router.respond(to: try Request("GET \(path)", fields: fields))
        #expect(response.status.code == status)
        #expect(response.user?.description == user)
    }

    @Test func `OPTIONS needs no token`() async throws {
        let response = await router.respond(to: try Request("OPTIONS /things"))
        #expect(response.status == .noContent)
    }

    @Test func `the document tells of the problems that access brings about`() {
        let codes = { (access: Operation.Access) in Set(access.problems.map(\.code)) }
        #expect(codes(.anybody).isEmpty)
        #expect(codes(.anybodyOr(Self.read)) == ["invalid_token", "unavailable"])
        let all: Set = ["authentication_required", "invalid_token", "forbidden", "unavailable"]
        #expect(codes(.ownerOr(Self.read)) == all)
        #expect(codes(.holder(Self.read)) == all)
    }
}

/// Knows tokens by the names of what they grant.
private final class TestAuthenticator: Authenticator {
    func principal(of request: Request) async throws(Problem) -> Principal? {
        let grants: UInt8
        switch request.head.fields.value(of: .authorization) {
        case nil: return nil
        case "Bearer none": grants = 0
        case "Bearer read": grants = 1
        case "Bearer write": grants = 2
        case "Bearer both": grants = 3
        case "Bearer away": throw .unavailable(retryAfterSeconds: 1)
        default: throw .invalidToken
        }
        guard let user = UUID(parsing: AccessTests.owner) else { throw .invalidToken }
        return Principal(user: user, session: UUID(high: 1, low: 1), grants: grants)
    }
}

/// Tells what whoever asks is granted.
private struct PrincipalEndpoint: Endpoint {
    func respond(
        to request: Request, _ values: PathParameters
    ) async throws(Problem) -> Response {
        let text = request.principal.map { String($0.grants) } ?? "nobody"
        return Response(status: .ok, contentType: "text/plain", body: Array(text.utf8))
    }
}
