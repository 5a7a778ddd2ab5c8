import Crypto
import FoundationEssentials
import Testing
import Tokens

@Suite("Access tokens that are refused for what they say")
struct RefusedTokensTests {
    private static let type = #""typ":"at+jwt""#
    private static let kid = #""kid":"\#(Sample.keyID)""#
    private static let header = #"{"alg":"ES256",\#(type),\#(kid)"#

    private static let types = [
        #""JWT""#, #""""#, "1", "null", #""at+jwt ""#, #""text/at+jwt""#, #"["at+jwt"]"#,
        #""at+jwt\u0000""#,
    ]

    @Test(
        arguments: types.map { #"{"alg":"ES256","typ":\#($0),\#(kid)}"# } + [
            "{}", #"{"alg":"ES256",\#(kid)}"#, #"{"alg":"ES256","TYP":"at+jwt",\#(kid)}"#,
        ])
    func `a type that is not that of an access token`(_ header: String) async throws {
        try await expect(.wrongType, of: ForgedToken(header: header))
    }

    private static let algorithms = [
        #""none""#, #""None""#, #""nOnE""#, #""NONE""#, #""""#, #""HS256""#, #""HS512""#,
        #""RS256""#, #""PS256""#, #""ES384""#, #""ES512""#, #""ES256K""#, #""EdDSA""#,
        #""es256""#, #""ES256 ""#, #""ES256\u0000""#, "null", "256", "true", #"["ES256"]"#,
        #"{"ES256":1}"#,
    ]

    @Test(
        arguments: algorithms.map { #"{"alg":\#($0),\#(type),\#(kid)}"# } + [
            #"{\#(type),\#(kid)}"#, #"{"ALG":"ES256",\#(type),\#(kid)}"#,
        ])
    func `an algorithm that is not ours`(_ header: String) async throws {
        try await expect(.foreignAlgorithm, of: ForgedToken(header: header))
    }

    private static let keyIDs = [
        #""""#, #""\#(Sample.keyID) ""#, #""\#(Sample.keyID.lowercased())""#,
        #""\#(Sample.keyID.dropLast())""#, #""YoAzHT3ygzYgDmdKcKXTfZLzyQrITC4qP1M5hMpMVhA""#,
        #""../../dev/null""#, #""' OR 1=1""#, "null", "0", #"["\#(Sample.keyID)"]"#,
        // The sign for kelvin, which Swift's strings take for the letter K.
        #""\#(Sample.keyID.replacing("K", with: "\u{212a}"))""#,
    ]

    @Test(
        arguments: keyIDs.map { #"{"alg":"ES256",\#(type),"kid":\#($0)}"# } + [
            #"{"alg":"ES256",\#(type)}"#
        ])
    func `a key that is not ours`(_ header: String) async throws {
        try await expect(.unknownKey, of: ForgedToken(header: header))
    }

    @Test(arguments: [
        #""crit":["exp"]"#, #""crit":[]"#, #""b64":false"#, #""zip":"DEF""#, #""cty":"JWT""#,
        #""jwk":\#(Sample.jwk)"#, #""jku":"https://evil.example/jwks.json""#,
        #""x5u":"https://evil.example/chain""#, #""x5c":["MIIB"]"#, #""x5t":"AAAA""#,
        #""alg":"ES256""#, #""alg":"none""#, #""\u0061lg":"none""#, type, kid,
    ])
    func `a header with more in it, or the same twice`(_ member: String) async throws {
        try await expect(.malformed, of: ForgedToken(header: "\(Self.header),\(member)}"))
    }

    private static let noObjects = [
        "[]", "null", "1", #""ES256""#, " ", "{", "{}{}", "{'alg':'ES256'}", "\u{feff}{}",
        String(repeating: "[", count: 1000), #"{"alg":"\ud800"}"#, "{]", #"{"a":1,}"#, "a=b",
    ]

    @Test(arguments: noObjects)
    func `what is no JSON object in place of one`(_ text: String) async throws {
        try await expect(.malformed, of: ForgedToken(header: text))
        try await expect(.malformed, of: ForgedToken(payload: text))
    }

    @Test func `octets that are not UTF-8 in place of a JSON object`() async throws {
        let tokens = try await Sample.tokens()
        let valid = ForgedToken()
        let bad = base64URL([UInt8(ascii: "{"), 0xff, UInt8(ascii: "}")])
        for signed in [
            "\(bad).\(base64URL(valid.payload.utf8))", base64URL(valid.header.utf8) + ".\(bad)",
        ] {
            let signature = try Sample.key().signature(for: Data(signed.utf8)).rawRepresentation
            let token = signed + "." + base64URL(signature)
            #expect(tokens.refusal(of: Array(token.utf8)) == .malformed)
        }
    }

    @Test(arguments: [
        nil, #""https://other.example""#, #""https://issuer.example/""#, #""""#, "null", "1",
        #""HTTPS://issuer.example""#, #"["https://issuer.example"]"#,
    ])
    func `an issuer that is not ours`(_ issuer: String?) async throws {
        let payload = ForgedToken.payloadText(["iss": issuer])
        try await expect(.foreignIssuer, of: ForgedToken(payload: payload))
    }

    @Test(arguments: [
        nil, #""other""#, #""user-management ""#, #""User-Management""#, "[]", #"["other"]"#,
        #"[["user-management"]]"#, #"{"user-management":1}"#, "null", "1",
    ])
    func `an audience without us`(_ audience: String?) async throws {
        let payload = ForgedToken.payloadText(["aud": audience])
        try await expect(.foreignAudience, of: ForgedToken(payload: payload))
    }

    private static let names = ["sub", "sid", "jti", "iat", "exp", "epoch", "roles"]

    @Test(arguments: names, [nil, "null", "true", #""""#, "{}", "[[]]", "[1]", "1.5"])
    func `a claim that is missing or of another type`(
        _ name: String, _ text: String?
    ) async throws {
        let payload = ForgedToken.payloadText([name: text])
        try await expect(.malformed, of: ForgedToken(payload: payload))
    }

    @Test(
        arguments: ["sub", "sid", "jti"],
        [
            "1", #""019a8c5e7b1f7cde8f000123456789ab""#,
            #""{019a8c5e-7b1f-7cde-8f00-0123456789ab}""#,
            #""019a8c5e-7b1f-7cde-8f00-0123456789ag""#,
        ])
    func `an id that is no UUID`(_ name: String, _ text: String) async throws {
        let payload = ForgedToken.payloadText([name: text])
        try await expect(.malformed, of: ForgedToken(payload: payload))
    }

    @Test(
        arguments: ["iat", "exp", "epoch", "nbf"],
        [
            #""1795000300""#, "1795000300.0", "1.7950003e9", "9223372036854775808",
            "-9223372036854775809", "[1795000300]", "01795000300", "NaN", "1e999", "null",
        ])
    func `a number that is no integer of 64 bits`(_ name: String, _ text: String) async throws {
        let payload =
            name == "nbf"
            ? ForgedToken.payloadText(adding: #","nbf":\#(text)"#)
            : ForgedToken.payloadText([name: text])
        try await expect(.malformed, of: ForgedToken(payload: payload))
    }

    @Test(arguments: [#""admin""#, #"["admin",1]"#, #"["admin",null]"#, #"{"admin":true}"#, "0"])
    func `roles that are not texts`(_ text: String) async throws {
        let payload = ForgedToken.payloadText(["roles": text])
        try await expect(.malformed, of: ForgedToken(payload: payload))
    }

    @Test(arguments: [
        #","exp":1795000600"#, #","exp":9795000600"#, #","\u0065xp":1795000600"#,
        #","iss":"https://issuer.example""#, #","aud":"user-management""#, #","roles":[]"#,
        #","more":1,"more":1"#, #","more":{"a":1,"a":1}"#,
    ])
    func `a claim that comes twice`(_ more: String) async throws {
        let payload = ForgedToken.payloadText(adding: more)
        try await expect(.malformed, of: ForgedToken(payload: payload))
    }

    private static let times: [(String, InvalidToken)] = [
        (ForgedToken.payloadText(["exp": "1795000300"]), .expired),
        (ForgedToken.payloadText(["exp": "0"]), .expired),
        (ForgedToken.payloadText(["iat": "1795000331"]), .notYetValid),
        (ForgedToken.payloadText(["iat": "253402300799"]), .notYetValid),
        (ForgedToken.payloadText(["iat": "253402300800"]), .malformed),
        (ForgedToken.payloadText(["iat": "-1"]), .malformed),
        (ForgedToken.payloadText(["exp": "253402300800"]), .malformed),
        (ForgedToken.payloadText(["exp": "9223372036854775807"]), .malformed),
        (ForgedToken.payloadText(["exp": "-9223372036854775808"]), .malformed),
        (ForgedToken.payloadText(adding: #","nbf":1795000331"#), .notYetValid),
    ]

    @Test(arguments: times)
    func `a time that is over, has not come or is none`(
        _ payload: String, _ expected: InvalidToken
    ) async throws {
        try await expect(expected, of: ForgedToken(payload: payload))
    }
}

/// Expects that a token, signed by our key, is refused for this reason.
private func expect(
    _ expected: InvalidToken, of token: ForgedToken,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let refusal = try await Sample.tokens().refusal(of: Array(token.text().utf8))
    #expect(refusal == expected, sourceLocation: sourceLocation)
}
