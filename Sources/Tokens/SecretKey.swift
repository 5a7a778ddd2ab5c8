import Crypto

/// The secret that every key of the service is derived from, so that there is one to keep.
package struct SecretKey: Sendable {
    /// The fewest octets that it may have: as many as a derived key.
    package static let octetCountMin = 32

    private let material: SymmetricKey

    /// Takes the octets of a secret, which nobody may be able to guess.
    ///
    /// - Precondition: They are ``octetCountMin`` at least.
    package init(_ octets: [UInt8]) {
        precondition(
            octets.count >= Self.octetCountMin, "\(octets.count) octets are too few for a secret.")
        material = SymmetricKey(data: octets)
    }

    /// A new secret from the system's source of random numbers.
    package static func random() -> [UInt8] {
        SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
    }

    /// The key for one purpose: HKDF with SHA-256, without a salt, with the purpose's label as its
    /// info (RFC 5869). Keys of different purposes tell nothing of each other, nor of the secret.
    package func key(for purpose: KeyPurpose) -> AuthenticationKey {
        AuthenticationKey(
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: material, info: Array(purpose.rawValue.utf8),
                outputByteCount: AuthenticationKey.octetCount))
    }
}

/// What a derived key is for. A label is never used for anything else, and never changes: whatever
/// was made with its key would be refused.
package enum KeyPurpose: String, CaseIterable, Sendable {
    /// Authenticating the cursors of lists.
    case cursors = "user-management cursors v1"
    /// Telling the attempts of clients apart, by who asks and what he calls the attempt.
    case attempts = "user-management idempotency keys v1"
    /// Comparing what attempts ask for.
    case contents = "user-management idempotency contents v1"
    /// Sealing refresh tokens.
    case refreshTokens = "user-management refresh tokens v1"
    /// Naming, in what is counted to slow attempts down, whoever or whatever they are made at.
    case throttling = "user-management throttling v1"
}
