import Crypto
import FoundationEssentials
import Testing
import Tokens

@Suite("Access tokens that are refused for their signature")
struct ForgedSignatureTests {
    @Test(arguments: [Sample.publicKey, Sample.jwk, Sample.keyID, ""])
    func `a code by HS256 with what is public of the key`(_ secret: String) async throws {
        for (algorithm, expected) in [
            ("HS256", InvalidToken.foreignAlgorithm), ("ES256", .wrongSignature),
        ] {
            var forged = ForgedToken()
            forged.header.replace("ES256", with: algorithm)
            let code = HMAC<SHA256>.authenticationCode(
                for: Data(forged.signed.utf8), using: SymmetricKey(data: Data(secret.utf8)))
            try await expect(expected, of: forged.signed + "." + base64URL(code))
        }
    }

    @Test(arguments: ["none", "None", "nOnE", "ES256"])
    func `no signature`(_ algorithm: String) async throws {
        var forged = ForgedToken()
        forged.header.replace("ES256", with: algorithm)
        try await expect(.malformed, of: forged.signed + ".")
        try await expect(.malformed, of: forged.signed)
    }

    @Test func `a signature by another key under the name of ours`() async throws {
        let key = P256.Signing.PrivateKey()
        try await expect(.wrongSignature, of: ForgedToken().text(signedBy: key))
    }

    @Test func `a signature by a key that the header brings with it`() async throws {
        let key = P256.Signing.PrivateKey()
        let x = base64URL(key.publicKey.rawRepresentation.prefix(32))
        let y = base64URL(key.publicKey.rawRepresentation.suffix(32))
        let jwk = #","jwk":{"kty":"EC","crv":"P-256","x":"\#(x)","y":"\#(y)"}}"#
        var forged = ForgedToken()
        forged.header = forged.header.dropLast() + jwk
        try await expect(.malformed, of: forged.text(signedBy: key))
    }

    @Test(arguments: [0, 1, 32, 63, 64, 65, 96, 128], [0, 0xff])
    func `octets of any number, all the same`(_ count: Int, _ octet: UInt8) async throws {
        let signature = base64URL(Array(repeating: octet, count: count))
        try await expect(
            count == 0 ? .malformed : .wrongSignature, of: ForgedToken().signed + "." + signature)
    }

    @Test func `a right signature in DER, and one with an octet more`() async throws {
        let forged = ForgedToken()
        let signature = try Sample.key().signature(for: Data(forged.signed.utf8))
        for octets in [
            signature.derRepresentation, signature.rawRepresentation + [0],
            [0] + signature.rawRepresentation, signature.rawRepresentation.dropLast(),
        ] {
            try await expect(.wrongSignature, of: forged.signed + "." + base64URL(octets))
        }
    }

    @Test func `the signature of another token of ours`() async throws {
        let other = ForgedToken(payload: ForgedToken.payloadText(["roles": #"["admin"]"#]))
        let signature = try #require(try ForgedToken().text().split(separator: ".").last)
        try await expect(.wrongSignature, of: other.signed + "." + signature)
    }
}

@Suite("Access tokens that are refused for their text")
struct MalformedTokensTests {
    @Test func `any bit changed`() async throws {
        let tokens = try await Sample.tokens()
        for index in Sample.token.utf8.indices {
            for bit in 0..<8 {
                var altered = Array(Sample.token.utf8)
                let position = Sample.token.utf8.distance(from: Sample.token.startIndex, to: index)
                altered[position] ^= 1 << UInt8(bit)
                #expect(throws: InvalidToken.self, "octet \(position), bit \(bit)") {
                    try tokens.claims(of: altered, at: Sample.now)
                }
            }
        }
    }

    @Test func `any part of one`() async throws {
        let tokens = try await Sample.tokens()
        let token = Array(Sample.token.utf8)
        for count in 0..<token.count {
            for part in [token.prefix(count), token.suffix(count)] {
                #expect(throws: InvalidToken.self, "\(count) octets") {
                    try tokens.claims(of: Array(part), at: Sample.now)
                }
            }
        }
    }

    @Test func `more around it or within`() async throws {
        for more in [
            ".", "..", ".e30", ".AA.AA", "=", "==", " ", "\n", "\u{0}", "%", "é", "Bearer ",
        ] {
            try await expect(.malformed, of: Sample.token + more)
            try await expect(.malformed, of: more + Sample.token)
        }
        for (dot, more) in [(".", "=."), (".", "==."), (".", " ."), (".", ".."), (".", ".\n")] {
            try await expect(.malformed, of: Sample.token.replacing(dot, with: more))
        }
        try await expect(.malformed, of: "A" + Sample.token)
        try await expect(.wrongSignature, of: Sample.token + "A")
        // The alphabet of base64 that is not for URLs.
        try await expect(.malformed, of: Sample.token.replacing("_", with: "/"))
        try await expect(.malformed, of: Sample.token.replacing("-", with: "+"))
    }

    @Test(arguments: ["", ".", "..", "...", "a", "a.b", "a.b.c", "e30.e30.e30.e30.e30", ".e30.AA"])
    func `no token at all`(_ text: String) async throws {
        try await expect(.malformed, of: text)
    }

    @Test(arguments: [0x00, 0x2e, 0x41, 0x80, 0xff])
    func `the same octet again and again, UTF-8 or not`(_ octet: UInt8) async throws {
        let tokens = try await Sample.tokens()
        for (count, expected) in [
            (1, InvalidToken.malformed), (2048, .malformed), (2049, .tooLong),
            (100 * 1024, .tooLong),
        ] {
            let refusal = tokens.refusal(of: Array(repeating: octet, count: count))
            #expect(refusal == expected, "\(count) octets")
        }
    }

    @Test func `a right signature under too long a text`() async throws {
        let table: [(Int, InvalidToken?)] = [(700, nil), (2000, .tooLong), (75_000, .tooLong)]
        for (count, expected) in table {
            let more = String(repeating: "a", count: count)
            let payload = ForgedToken.payloadText(adding: #","more":"\#(more)""#)
            try await expect(expected, of: ForgedToken(payload: payload).text())
        }
    }
}

/// Expects that a token is refused for this reason; for none, that it is not.
private func expect(
    _ expected: InvalidToken?, of token: String,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let refusal = try await Sample.tokens().refusal(of: Array(token.utf8))
    #expect(refusal == expected, "\(token.prefix(2100))", sourceLocation: sourceLocation)
}
