import Crypto
import FoundationEssentials
import HTTPTesting
import JSON
import Postgres
import PostgresTesting
import Testing

@testable import App

@Suite("Keys of access tokens")
struct KeyRotationTests {
    /// Made by `openssl genpkey`, for these tests only.
    private static let old = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgmeyT7TNKeJogRU9M
        8nB4d+rg5kSW226GoboBv2kf7kehRANCAASN27KujnWBfxP9wquvd5C48MjLj3aB
        ZdYwdfpUYuk93ukfo2i/1jEDVmfEl5/k3fl2aMkpYb5AqTN4peaoJT5F
        -----END PRIVATE KEY-----
        """
    private static let new = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgrhrOfZHrJSP7mqml
        6juVEYpsCSQD3ie1bfvWg3WNGwqhRANCAASNza/QVl4xm6D5zGyNKCKTkFaceO7J
        +KuwLTExXtKC8mZGyQ4Bl0g+o39O43zxHEezxeRzLCM6LhR5+KxJJk65
        -----END PRIVATE KEY-----
        """

    /// Runs `body` with a service that has these keys, or keeps its own.
    private func withKeys(
        _ keys: [String]?, on database: TestDatabase,
        _ body: (TestApplication) async throws -> Void
    ) async throws {
        let pem = keys?.joined(separator: "\n")
        try await withApplication(
            on: database, pem.map { ["JWT_SIGNING_KEYS": $0] } ?? [:], body)
    }

    private func keys(_ peer: some TestPeer) async throws -> [JSONObject] {
        let answer = try await peer.send("GET /.well-known/jwks.json")
        #expect(answer.status == 200 && answer["Cache-Control"] == "public, max-age=300")
        guard case .array(let keys) = answer.object["keys"] else { return [] }
        return keys.compactMap { if case .object(let key) = $0 { key } else { nil } }
    }

    @Test func `keys rotate without a logout`() async throws {
        try await withTestDatabase { database in
            let user = try database.connect().add()
            var first: TestSession?
            try await withKeys([Self.old], on: database) { application in
                #expect(try await keys(application).count == 1)
                first = try await application.session(of: user)
            }
            let session = try #require(first)
            try await withKeys([Self.old, Self.new], on: database) { application in
                let count = try await keys(application).count
                #expect(count == 2)
                #expect(try await application.status(with: session) == 200)
            }
            var second: TestSession?
            try await withKeys([Self.new, Self.old], on: database) { application in
                #expect(try await application.status(with: session) == 200)
                second = try await application.session(of: user)
            }
            let later = try #require(second)
            try await withKeys([Self.new], on: database) { application in
                #expect(try await keys(application).count == 1)
                let answer = try await application.send("GET /users/me", as: session.caller)
                #expect(answer.status == 401 && answer.string("code") == "invalid_token")
                #expect(try await application.status(with: later) == 200)
                // Refresh tokens are sealed by another key, which has not changed.
                let again = try TestSession(try await application.refresh(session.refresh))
                #expect(again.id == session.id)
                #expect(try await application.status(with: again) == 200)
            }
        }
    }

    @Test func `processes that begin at the same time agree on one key`() async throws {
        try await withApplication { first, database in
            try await withApplication(on: database) { second in
                let sets = try await withThrowingTaskGroup { group in
                    for number in 0..<16 {
                        group.addTask {
                            let peer = number % 2 == 0 ? first : second
                            return try await peer.send("GET /.well-known/jwks.json").text
                        }
                    }
                    return try await group.reduce(into: Set<String>()) { $0.insert($1) }
                }
                #expect(sets.count == 1)
                let session = try await first.session(of: try database.connect().add())
                #expect(try await second.status(with: session) == 200)
            }
            let rows = try database.connect().query(
                "SELECT count(*) FROM secret_keys WHERE name = 'JWT_SIGNING_KEYS'")
            #expect(rows == [["1"]])
        }
    }

    @Test func `the key set verifies a token, and the token tells what it should`() async throws {
        try await withApplication { application, database in
            let session = try await application.session(of: try database.connect().add())
            let parts = session.access.split(separator: ".").map(String.init)
            let key = try #require(try await keys(application).first)
            #expect(key["kty"] == .string("EC") && key["crv"] == .string("P-256"))
            #expect(key["alg"] == .string("ES256") && key["use"] == .string("sig"))
            #expect(key["d"] == nil)
            let point = try octets(key["x"]) + octets(key["y"])
            let publicKey = try P256.Signing.PublicKey(rawRepresentation: point)
            let signature = try P256.Signing.ECDSASignature(
                rawRepresentation: try octets(.string(parts[2])))
            let signed = Data("\(parts[0]).\(parts[1])".utf8)
            #expect(publicKey.isValidSignature(signature, for: signed))
            #expect(!publicKey.isValidSignature(signature, for: signed + [0]))

            let header = try object(parts[0])
            #expect(header["typ"] == .string("at+jwt") && header["kid"] == key["kid"])
            let claims = try object(parts[1])
            #expect(claims["sub"] == .string(session.userID))
            #expect(claims["sid"] == .string(session.id))
            #expect(claims["iss"] == .string("http://localhost:8000"))
            #expect(claims["roles"] == ["member"] && claims["client_id"] != nil)
            #expect(!claims.members.contains { "\($0.value)".contains("@") })
        }
    }

    @Test func `a token that is signed otherwise, or not at all, is none`() async throws {
        try await withApplication { application, database in
            let session = try await application.session(of: try database.connect().add())
            let parts = session.access.split(separator: ".").map(String.init)
            let none = text(#"{"alg":"none","typ":"at+jwt"}"#)
            for token in [
                "\(none).\(parts[1]).", "\(none).\(parts[1]).\(parts[2])",
                "\(parts[0]).\(parts[1]).",
                "\(parts[0]).\(parts[1]).\(String(parts[2].reversed()))", session.access + "A",
                session.refresh,
            ] {
                let answer = try await application.send("GET /users/me", as: .token(token))
                #expect(answer.status == 401 && answer.string("code") == "invalid_token")
            }
        }
    }

    private func octets(_ value: JSONValue?) throws -> Data {
        guard case .string(let text) = value else { return Data() }
        let base64 = text.replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - base64.count % 4) % 4)
        return try #require(Data(base64Encoded: base64 + padding))
    }

    private func text(_ json: String) -> String {
        Data(json.utf8).base64EncodedString().replacing("=", with: "")
            .replacing("+", with: "-").replacing("/", with: "_")
    }

    private func object(_ part: String) throws -> JSONObject {
        guard case .object(let object) = try JSONParser.parse(Array(octets(.string(part))).span)
        else { return JSONObject() }
        return object
    }
}
