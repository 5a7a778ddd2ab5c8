import Crypto
import CryptoExtras

/// A stored PBKDF2 hash as passlib writes it (`passlib.hash.pbkdf2_sha256`, `pbkdf2_sha512`):
/// `$pbkdf2-sha256$29000$<salt>$<tag>`, salt and tag in base64 without padding, `.` for `+`.
package struct PBKDF2Hash: Hashable, Sendable {
    /// The digest that HMAC is made with (RFC 8018 §B.1.2).
    package enum Digest: Hashable, Sendable {
        /// SHA-256, with a tag of 32 octets.
        case sha256
        /// SHA-512, with a tag of 64 octets.
        case sha512

        /// Octets of the tag: those of the digest, so that one block is derived and no more.
        package var tagOctets: Int {
            switch self {
            case .sha256: 32
            case .sha512: 64
            }
        }

        fileprivate var function: KDF.Insecure.PBKDF2.HashFunction {
            switch self {
            case .sha256: .sha256
            case .sha512: .sha512
            }
        }
    }

    /// How many rounds a hash may ask for: about three times OWASP's 600,000 for SHA-256.
    package static let roundsRange = 1...2_000_000

    /// The digest that the prefix names.
    package let digest: Digest
    /// The rounds that the text names, in ``roundsRange``.
    package let rounds: Int
    private let salt: [UInt8]
    private let tag: [UInt8]

    /// Reads what follows the prefix.
    /// - Throws: ``PasswordHashingError/malformedHash`` or
    ///   ``PasswordHashingError/roundsOutOfRange(_:)``.
    init(digest: Digest, fields: [Substring]) throws(PasswordHashingError) {
        guard fields.count == 3 else { throw .malformedHash }
        let rounds = try HashText.number(fields[0])
        guard Self.roundsRange.contains(rounds) else { throw .roundsOutOfRange(rounds) }
        salt = try HashText.octets(ofBase64: fields[1], .dot)
        tag = try HashText.octets(ofBase64: fields[2], .dot)
        guard !salt.isEmpty, tag.count == digest.tagOctets else { throw .malformedHash }
        (self.digest, self.rounds) = (digest, rounds)
    }

    /// Whether this hash was made from `password`; `SymmetricKey` compares in constant time.
    /// - Throws: ``PasswordHashingError/outOfResources``.
    func verify(_ password: Span<UInt8>) throws(PasswordHashingError) -> Bool {
        let octets = password.withUnsafeBufferPointer(Array.init)
        do {
            // Old hashes have fewer rounds than the checked function asks for.
            let derived = try KDF.Insecure.PBKDF2.deriveKey(
                from: octets, salt: salt, using: digest.function, outputByteCount: tag.count,
                unsafeUncheckedRounds: rounds)
            return derived == SymmetricKey(data: tag)
        } catch {
            // The arguments were checked; what is left is that there was no memory.
            throw .outOfResources
        }
    }
}
