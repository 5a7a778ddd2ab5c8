package import Ambient
import JSON
import JWTKit

extension AccessTokens {
    /// What `token` says, if it is one of ours and in force at `now`.
    ///
    /// A token picks one of our keys and decides nothing else of how it is checked; its payload is
    /// not read before the signature has proved that we wrote it. It is checked on the caller's
    /// thread.
    package func claims(
        of token: [UInt8], at now: Timestamp
    ) throws(InvalidToken) -> AccessTokenClaims {
        guard token.count <= Self.octetCountMax else { throw .tooLong }
        let parts = token.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, !parts.contains(where: \.isEmpty),
            let signature = Base64URL.octets(of: parts[2])
        else { throw .malformed }
        let verifier = try verifier(named: try Self.object(encoded: parts[0]))
        let signed = token[..<parts[1].endIndex]
        guard (try? verifier.algorithm.verify(signature, signs: signed)) == true else {
            throw .wrongSignature
        }
        return try claims(in: try Self.object(encoded: parts[1]), at: now)
    }

    /// The JSON object in a part of a token.
    private static func object(encoded part: ArraySlice<UInt8>) throws(InvalidToken) -> JSONObject {
        guard let text = Base64URL.octets(of: part),
            case .object(let object)? = try? JSONParser.parse(text.span)
        else { throw .malformed }
        return object
    }

    /// The verifier that a header names (RFC 7515 §4, RFC 9068 §4). A header has no members but
    /// ours: none that must be understood (`crit`), none that brings or fetches a key.
    private func verifier(named header: JSONObject) throws(InvalidToken) -> Verifier {
        guard case .string(let type)? = header["typ"],
            ["at+jwt", "application/at+jwt"].contains(JSONValue.string(type.lowercased()))
        else { throw .wrongType }
        guard header["alg"] == "ES256" else { throw .foreignAlgorithm }
        guard let verifier = verifiers.first(where: { header["kid"] == .string($0.keyID) }) else {
            throw .unknownKey
        }
        guard header.members.count == 3 else { throw .malformed }
        return verifier
    }

    private func claims(
        in payload: JSONObject, at now: Timestamp
    ) throws(InvalidToken) -> AccessTokenClaims {
        guard payload["iss"] == .string(issuer) else { throw .foreignIssuer }
        guard isAudience(payload["aud"]) else { throw .foreignAudience }
        guard let claims = AccessTokenClaims(payload) else { throw .malformed }
        let second = now.microsecondsSince1970 / 1_000_000
        guard second < claims.expiresAt else { throw .expired }
        // Ours have no `nbf`: they are valid once they are made.
        guard case .integer(let start) = payload["nbf"] ?? .integer(claims.issuedAt) else {
            throw .malformed
        }
        guard max(start, claims.issuedAt) <= second + Self.clockLeewaySeconds else {
            throw .notYetValid
        }
        return claims
    }

    /// Whether we are whom a token is for, or among them (RFC 7519 §4.1.3).
    private func isAudience(_ value: JSONValue?) -> Bool {
        guard case .array(let audiences)? = value else { return value == .string(audience) }
        return audiences.contains(.string(audience))
    }
}

extension AccessTokenClaims {
    /// The seconds since 1970 that a claim may tell: up to the end of the year 9999.
    private static let seconds: ClosedRange<Int64> = 0...253_402_300_799

    /// Reads the claims; nil if one is missing, of another type than ours or no time.
    fileprivate init?(_ payload: JSONObject) {
        guard let subject = UUID(payload["sub"]), let session = UUID(payload["sid"]),
            let id = UUID(payload["jti"]), case .integer(let issuedAt)? = payload["iat"],
            case .integer(let expiresAt)? = payload["exp"],
            Self.seconds.contains(issuedAt), Self.seconds.contains(expiresAt),
            case .integer(let epoch)? = payload["epoch"],
            case .array(let elements)? = payload["roles"]
        else { return nil }
        var roles: [String] = []
        for element in elements {
            guard case .string(let role) = element else { return nil }
            roles.append(role)
        }
        self.init(
            subject: subject, session: session, id: id, roles: roles, epoch: epoch,
            issuedAt: issuedAt, expiresAt: expiresAt)
    }
}

extension UUID {
    fileprivate init?(_ value: JSONValue?) {
        guard case .string(let text)? = value else { return nil }
        self.init(parsing: text)
    }
}
