import Ambient
import Crypto
import JSON
import Tokens

/// What holds of access tokens.
enum TokenProperties {
    private static let mint = Task { await TokenMint() }

    static func check(_ input: FuzzInput) async throws(BrokenProperty) {
        guard let mint = await Self.mint.value else {
            throw BrokenProperty(description: "There is no token to begin with.")
        }
        try require(
            mint.claims(of: input.bytes) == nil, "\(input.bytes) is a token that nobody has made.")
        try require(
            mint.claims(of: Array(mint.token.utf8)) == TokenMint.claims, "A token is refused.")
        for octets in input.changes(of: Array(mint.token.utf8)) {
            try require(mint.claims(of: octets) == nil, "\(octets) is a token, though changed.")
        }
        try checkHeader(input.bytes, mint)
        try checkPayload(input.bytes, mint)
    }

    /// Even signed by us, a header that says anything but ours is refused.
    private static func checkHeader(_ header: [UInt8], _ mint: TokenMint) throws(BrokenProperty) {
        let parts = mint.token.split(separator: ".")
        guard let payload = parts.dropFirst().first else { return }
        let token = mint.signed(header: Base64.url(header), payload: String(payload))
        guard mint.claims(of: token) != nil else { return }
        guard case .object(let object)? = JSONProperties.value(of: header),
            object.members.count == 3, object["alg"] == "ES256",
            case .string(let type)? = object["typ"],
            ["at+jwt", "application/at+jwt"].contains(type.lowercased())
        else { throw BrokenProperty(description: "\(header) is a header.") }
    }

    /// What we have signed is refused, or says what a token of ours says.
    private static func checkPayload(_ payload: [UInt8], _ mint: TokenMint) throws(BrokenProperty) {
        let parts = mint.token.split(separator: ".")
        guard let header = parts.first,
            let claims = mint.claims(
                of: mint.signed(header: String(header), payload: Base64.url(payload)))
        else { return }
        let now = TokenMint.now.microsecondsSince1970 / 1_000_000
        try require(
            now < claims.expiresAt && claims.issuedAt <= now + AccessTokens.clockLeewaySeconds,
            "\(claims) is in force at \(now).")
        // Roles may take less room as they came than as we write them.
        guard let token = try? mint.tokens.token(of: claims) else { return }
        try require(
            mint.claims(of: Array(token.utf8)) == claims, "\(token) does not say \(claims).")
    }
}

/// Who signs whatever he is given.
private struct TokenMint {
    static let claims = AccessTokenClaims(
        subject: UUID(high: 1, low: 2), session: UUID(high: 3, low: 4), id: UUID(high: 5, low: 6),
        roles: ["member"], epoch: 7, issuedAt: 1_700_000_000, expiresAt: 1_700_000_900)
    static let now = Timestamp(microsecondsSince1970: 1_700_000_001_000_000)

    let tokens: AccessTokens
    /// A token that says ``claims``.
    let token: String
    private let key: P256.Signing.PrivateKey

    init?() async {
        // Always the same, so that an input can name it.
        let secret = Array(repeating: UInt8(7), count: 32)
        guard let key = try? P256.Signing.PrivateKey(rawRepresentation: secret),
            let keys = try? SigningKeys(pem: key.pemRepresentation)
        else { return nil }
        tokens = await AccessTokens(
            keys: keys, issuer: "https://a.example", audience: "b", clientID: "c")
        guard let token = try? tokens.token(of: Self.claims) else { return nil }
        self.token = token
        self.key = key
    }

    /// What a token says; nil if it is refused.
    func claims(of token: [UInt8]) -> AccessTokenClaims? {
        try? tokens.claims(of: token, at: Self.now)
    }

    /// The token of a header and a payload in base64url, with their signature.
    func signed(header: String, payload: String) -> [UInt8] {
        let signed = Array("\(header).\(payload)".utf8)
        guard let signature = try? key.signature(for: signed) else { return [] }
        return signed + Array(".\(Base64.url(Array(signature.rawRepresentation)))".utf8)
    }
}

/// base64url without padding (RFC 4648 §5), bit by bit.
private enum Base64 {
    private static let letters = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")

    static func url(_ octets: [UInt8]) -> String {
        var bits: [UInt8] = octets.flatMap { octet in (0..<8).map { octet >> (7 - $0) & 1 } }
        while !bits.count.isMultiple(of: 6) { bits.append(0) }
        return String(
            stride(from: 0, to: bits.count, by: 6).map { start in
                letters[bits[start..<(start + 6)].reduce(0) { $0 << 1 | Int($1) }]
            })
    }
}
