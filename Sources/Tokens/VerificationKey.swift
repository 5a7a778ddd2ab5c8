import Crypto
import JSON
import JWTKit

/// A public key on P-256, and what is told of it.
struct VerificationKey: Sendable {
    /// Octets of a coordinate of a point on P-256 (RFC 7518 §6.2.1.2).
    private static let coordinateOctetCount = 32

    /// The key as jwt-kit has it.
    let publicKey: ES256PublicKey
    /// The `kid`: the key's thumbprint (RFC 7638 §3), so that whoever has the key can tell it.
    let id: String
    private let x: String
    private let y: String

    /// Takes a key; nil if jwt-kit does not take it, which it does with every key on P-256.
    init?(_ key: P256.Signing.PublicKey) {
        guard let publicKey = try? ES256PublicKey(backing: key) else { return nil }
        self.publicKey = publicKey
        let point = Array(key.rawRepresentation)
        let x = Base64URL.text(of: Array(point.prefix(Self.coordinateOctetCount)))
        let y = Base64URL.text(of: Array(point.suffix(Self.coordinateOctetCount)))
        (self.x, self.y) = (x, y)
        // The members that are required, in the order of their names, without white space.
        let required = JSONWriter.object { jwk in
            jwk.member("crv", "P-256")
            jwk.member("kty", "EC")
            jwk.member("x", x)
            jwk.member("y", y)
        }
        id = Base64URL.text(of: Array(SHA256.hash(data: required)))
    }

    /// Writes the members of the key's JWK (RFC 7517 §4, RFC 7518 §6.2.1).
    func write(to jwk: inout JSONObjectWriter) {
        jwk.member("kty", "EC")
        jwk.member("crv", "P-256")
        jwk.member("x", x)
        jwk.member("y", y)
        jwk.member("kid", id)
        jwk.member("use", "sig")
        jwk.member("alg", "ES256")
    }
}
