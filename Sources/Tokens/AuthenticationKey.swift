import Crypto

/// A key that proves where octets come from: HMAC with SHA-256 (RFC 2104).
package struct AuthenticationKey: Sendable {
    /// Octets of the key, and of a code: as many as of the hash.
    static let octetCount = SHA256.byteCount

    /// The state that the key alone makes, which is half of the work for a short text.
    private let keyed: HMAC<SHA256>

    init(_ key: SymmetricKey) { keyed = HMAC(key: key) }

    /// The 32 octets that only a holder of the key can make of `octets`.
    package func code(of octets: [UInt8]) -> [UInt8] {
        Array(mac(of: octets[...]))
    }

    /// A text of letters, digits, `-` and `_` from which ``octets(sealedIn:)`` gets `octets` back,
    /// and which only a holder of the key can make. Anybody can read what is in it.
    package func text(sealing octets: [UInt8]) -> String {
        var sealed: [UInt8] = []
        sealed.reserveCapacity(Self.octetCount + octets.count)
        sealed.append(contentsOf: mac(of: octets[...]))
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
        // A code compares itself in constant time.
        return mac(of: octets) == sealed[..<Self.octetCount] ? octets : nil
    }

    private func mac(of octets: ArraySlice<UInt8>) -> HMAC<SHA256>.MAC {
        var hmac = keyed
        hmac.update(data: octets)
        return hmac.finalize()
    }
}
