package import Ambient

/// Which session is to go on, and how often it has: what a refresh token says.
///
/// The text is opaque to clients: `ur1_` and, in base64url, the session's id, the counter and the
/// first half of the code that the key makes of both. It is the same whenever it is made.
package struct RefreshToken: Equatable, Sendable {
    /// Tells the kind of text, and the first version of it.
    private static let prefix = "ur1_"
    /// Octets of a UUID and of a counter.
    private static let contentOctetCount = 24
    /// Octets that are left of a code: half of SHA-256's, as RFC 2104 §5 allows.
    private static let codeOctetCount = 16

    /// The session's id.
    package var session: UUID
    /// How many tokens the session had before this one.
    package var counter: Int64

    /// Names a session and one of its tokens.
    package init(session: UUID, counter: Int64) {
        self.session = session
        self.counter = counter
    }

    /// The text that only a holder of `key` can make.
    package func text(sealedWith key: AuthenticationKey) -> String {
        let content = content
        return Self.prefix + Base64URL.text(of: content + Self.code(of: content, by: key))
    }

    /// Reads a text; nil if `key` has not sealed it, letter by letter. How long that takes tells
    /// nothing of how much of its code is right.
    package init?(_ text: String, sealedWith key: AuthenticationKey) {
        guard text.utf8.starts(with: Self.prefix.utf8),
            let octets = Base64URL.octets(of: text.utf8.dropFirst(Self.prefix.utf8.count)),
            octets.count == Self.contentOctetCount + Self.codeOctetCount
        else { return nil }
        let content = Array(octets[..<Self.contentOctetCount])
        let code = Self.code(of: content, by: key)
        var difference: UInt8 = 0
        for (given, right) in zip(octets[Self.contentOctetCount...], code) {
            difference |= given ^ right
        }
        guard difference == 0 else { return nil }
        session = UUID(
            high: UInt64(bigEndian: content[0..<8]), low: UInt64(bigEndian: content[8..<16]))
        counter = Int64(bitPattern: UInt64(bigEndian: content[16..<24]))
    }

    private var content: [UInt8] {
        var octets: [UInt8] = []
        octets.append(bigEndian: session.high)
        octets.append(bigEndian: session.low)
        octets.append(bigEndian: UInt64(bitPattern: counter))
        return octets
    }

    private static func code(
        of content: [UInt8], by key: AuthenticationKey
    ) -> ArraySlice<UInt8> {
        key.code(of: content).prefix(codeOctetCount)
    }
}
