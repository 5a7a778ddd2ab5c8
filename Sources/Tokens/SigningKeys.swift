import Crypto
import JSON
import JWTKit

/// The keys of access tokens: one that signs, and all by which a signature may be verified, so that
/// a key can be published before it signs and kept until its last token has expired.
package struct SigningKeys: Sendable {
    /// The most keys that a text may hold: the next, the current and the previous, and some more.
    package static let countMax = 8
    /// The most octets that a text may have.
    package static let octetCountMax = 64 * 1024

    let signer: ES256PrivateKey
    /// In the order of the text; the first one is the signer's.
    let verificationKeys: [VerificationKey]

    /// The public keys as a JWK Set (RFC 7517 §5), a JSON text, in the order in which they came.
    package let jwks: [UInt8]

    /// Reads keys on P-256, each in a PEM block: `PRIVATE KEY` (PKCS#8, RFC 5958), `EC PRIVATE KEY`
    /// (RFC 5915) or `PUBLIC KEY` (RFC 5280 §4.1). The first one signs, so it is private; of the
    /// others only the public part is kept.
    package init(pem text: String) throws(InvalidSigningKeys) {
        guard text.utf8.count <= Self.octetCountMax else { throw .tooLong }
        let blocks = try PEMBlock.blocks(of: text)
        guard blocks.count <= Self.countMax else { throw .tooManyKeys }
        var signer: ES256PrivateKey?
        var keys: [VerificationKey] = []
        for (index, block) in blocks.enumerated() {
            let (privateKey, key) = try Self.keys(of: block, number: index + 1)
            guard !keys.contains(where: { $0.id == key.id }) else {
                throw .duplicateKey(block: index + 1)
            }
            if index == 0 { signer = privateKey }
            keys.append(key)
        }
        guard !keys.isEmpty else { throw .noKeys }
        guard let signer else { throw .firstKeyIsPublic }
        self.signer = signer
        verificationKeys = keys
        jwks = JSONWriter.object { set in
            set.array("keys") { array in
                for key in keys { array.object(key.write) }
            }
        }
    }

    /// A new private key from the system's source of random numbers, as a PEM block (PKCS#8).
    package static func makePEM() -> String {
        P256.Signing.PrivateKey().pemRepresentation + "\n"
    }

    private static func keys(
        of block: PEMBlock, number: Int
    ) throws(InvalidSigningKeys) -> (ES256PrivateKey?, VerificationKey) {
        switch block.label {
        case "PRIVATE KEY", "EC PRIVATE KEY":
            guard block.namesP256,
                let key = try? P256.Signing.PrivateKey(pemRepresentation: block.text),
                let signer = try? ES256PrivateKey(backing: key),
                let verificationKey = VerificationKey(key.publicKey)
            else { throw .invalidKey(block: number) }
            return (signer, verificationKey)
        case "PUBLIC KEY":
            guard block.namesP256,
                let key = try? P256.Signing.PublicKey(pemRepresentation: block.text),
                let verificationKey = VerificationKey(key)
            else { throw .invalidKey(block: number) }
            return (nil, verificationKey)
        default: throw .unknownLabel(block: number)
        }
    }
}
