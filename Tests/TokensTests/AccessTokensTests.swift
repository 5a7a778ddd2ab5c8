import Ambient
import Crypto
import FoundationEssentials
import JSON
import Testing
import Tokens

@Suite("Access tokens that are taken")
struct AccessTokensTests {
    @Test func `a token of PyJWT is taken`() async throws {
        let tokens = try await Sample.tokens()
        #expect(try tokens.claims(of: Array(Sample.token.utf8), at: Sample.now) == Sample.claims)
    }

    @Test func `a token says what RFC 9068 asks for, and what ours need`() async throws {
        let token = try await Sample.tokens().token(of: Sample.claims)
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        try #require(parts.count == 3)
        #expect(parts[0] == base64URL(ForgedToken().header.utf8))
        let payload = try #require(Data(base64Encoded: padded(parts[1])))
        let expected = Array(ForgedToken.payloadText().utf8)
        #expect(
            try JSONParser.parse(Array(payload).span) == (try JSONParser.parse(expected.span)))
    }

    @Test(arguments: [
        ("no roles", [], 0), ("one role", ["admin"], 1), ("a negative epoch", ["a"], -1),
        ("the first epoch", ["a"], .min), ("the last epoch", ["a"], .max),
        ("a role of any text", ["\"\\\u{0}\u{1f600}e\u{301}/"], 7),
    ])
    func `what goes into a token comes out of it`(
        _ description: String, _ roles: [String], _ epoch: Int64
    ) async throws {
        var claims = Sample.claims
        (claims.roles, claims.epoch) = (roles, epoch)
        let tokens = try await Sample.tokens()
        let token = try tokens.token(of: claims)
        #expect(try tokens.claims(of: Array(token.utf8), at: Sample.now) == claims)
    }

    @Test(arguments: [
        ForgedToken(header: header(#""at+jwt""#)),
        ForgedToken(header: header(#""AT+JWT""#)),
        ForgedToken(header: header(#""application/at+jwt""#)),
        ForgedToken(header: header(#""Application/AT+JWT""#)),
        ForgedToken(header: header(#""\u0061t+jwt""#)),
        ForgedToken(payload: ForgedToken.payloadText(["aud": #"["user-management"]"#])),
        ForgedToken(payload: ForgedToken.payloadText(["aud": #"[1,"a","user-management"]"#])),
        ForgedToken(payload: ForgedToken.payloadText(adding: #","nbf":1795000300"#)),
        ForgedToken(payload: ForgedToken.payloadText(adding: #","more":{"exp":0}"#)),
        ForgedToken(payload: " \n" + ForgedToken.payloadText() + "\t"),
    ])
    func `what means the same is taken`(_ given: ForgedToken) async throws {
        let tokens = try await Sample.tokens()
        let token = Array(try given.text().utf8)
        #expect(try tokens.claims(of: token, at: Sample.now) == Sample.claims)
    }

    @Test func `sixteen roles of the longest names fit`() async throws {
        var claims = Sample.claims
        claims.epoch = .max
        claims.roles = (0..<16).map { "\($0 % 10)" + String(repeating: "a", count: 62) }
        let tokens = try await Sample.tokens()
        let token = try tokens.token(of: claims)
        #expect(try tokens.claims(of: Array(token.utf8), at: Sample.now) == claims)
    }

    @Test func `a token that would be too long is not made`() async throws {
        var claims = Sample.claims
        claims.roles = (0..<20).map { "\($0 % 10)" + String(repeating: "a", count: 62) }
        let tokens = try await Sample.tokens()
        #expect(throws: UnsignableToken.tooLong) { try tokens.token(of: claims) }
    }
}

@Suite("The time of an access token")
struct AccessTokenTimeTests {
    private static let moments: [(microseconds: Int64, expected: InvalidToken?)] = [
        (-31_000_000, .notYetValid), (-30_000_001, .notYetValid), (-30_000_000, nil), (0, nil),
        (599_999_999, nil), (600_000_000, .expired), (600_000_001, .expired),
        (1_000_000_000_000, .expired),
    ]

    @Test(arguments: moments)
    func `it begins half a minute before it was made and ends without grace`(
        _ microseconds: Int64, _ expected: InvalidToken?
    ) async throws {
        let made = Sample.claims.issuedAt * 1_000_000
        let now = Timestamp(microsecondsSince1970: made + microseconds)
        let tokens = try await Sample.tokens()
        #expect(tokens.refusal(of: Array(Sample.token.utf8), at: now) == expected)
    }
}

@Suite("Rotation of signing keys")
struct KeyRotationTests {
    @Test func `tokens of the old key outlive the change to a new one`() async throws {
        let new = SigningKeys.makePEM()
        // Each step is taken by one replica after the other, so neighbours trust each other.
        let steps = [Sample.pkcs8, Sample.pkcs8 + new, new + Sample.publicKey, new]
        var sets: [AccessTokens] = []
        for step in steps { sets.append(try await Sample.tokens(pem: step)) }
        let made = try sets.map { Array(try $0.token(of: Sample.claims).utf8) }
        // Which of the sets take the tokens of which.
        let expected = [
            [true, true, true, false], [true, true, true, false],
            [false, true, true, true], [false, true, true, true],
        ]
        for (token, takers) in zip(made, expected) {
            let taken = sets.map { set in
                (try? set.claims(of: token, at: Sample.now)) == Sample.claims
            }
            #expect(taken == takers)
        }
    }

    @Test func `a key that has left is unknown`() async throws {
        let others = try await Sample.tokens(pem: SigningKeys.makePEM())
        #expect(throws: InvalidToken.unknownKey) {
            try others.claims(of: Array(Sample.token.utf8), at: Sample.now)
        }
    }

    @Test func `a key verifies its own tokens only`() async throws {
        let other = SigningKeys.makePEM()
        let tokens = try await Sample.tokens(pem: Sample.pkcs8 + other)
        // The other key has signed, and the header names ours.
        let forged = Array(try ForgedToken().text(signedBy: .init(pemRepresentation: other)).utf8)
        #expect(throws: InvalidToken.wrongSignature) {
            try tokens.claims(of: forged, at: Sample.now)
        }
    }
}

private func header(_ type: String) -> String {
    #"{"typ":\#(type),"kid":"\#(Sample.keyID)","alg":"ES256"}"#
}

/// Base64 as FoundationEssentials wants it.
private func padded(_ text: Substring) -> String {
    text.replacing("-", with: "+").replacing("_", with: "/")
        + String(repeating: "=", count: (4 - text.count % 4) % 4)
}
