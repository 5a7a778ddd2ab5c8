import Crypto

/// A key that proves where octets come from: HMAC with SHA-256 (RFC 2104).
package struct AuthenticationKey: Sendable {
    /// Octets of the key, and of a code: as many as of the hash.
    static let octetCount = SHA256.byteCount

    private let key: SymmetricKey

    init(_ key: SymmetricKey) { self.key = key }

    /// The 32 octets that only a holder of the key can make of `octets`.
    package func code(of octets: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: octets, using: key))
    }

    /// A text of letters, digits, `-` and `_` from which ``octets(sealedIn:)`` gets `octets` back,
    /// and which only a holder of the key can make. Anybody can read what is in it.
    package func text(sealing octets: [UInt8]) -> String {
        var sealed: [UInt8] = []
        sealed.reserveCapacity(Self.octetCount + octets.count)
        sealed.append(contentsOf: HMAC<SHA256>.authenticationCode(for: octets, using: key))
        sealed.append(contentsOf: octets)
        return Base64URL.text(of: sealed)
    }

    /// The octets that were sealed in `text`; nil if this key has not sealed it, letter by letter.
    /// How long that takes tells nothing of how much of it is right.
    package func octets(sealedIn text: String) -> ArraySlice<UInt8>? {
        guard let sealed = Base64URL.octets(of: text), sealed.count >= Self.octetCount else {
            return nil
        }
        let octets = sealed[Self.octetCount...]
        let isOurs = HMAC<SHA256>.isValidAuthenticationCode(
            sealed[..<Self.octetCount], authenticating: octets, using: key)
        return isOurs ? octets : nil
    }
}
