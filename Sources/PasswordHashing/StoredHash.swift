/// A stored hash that passwords are verified against, read and within the bounds of its format.
///
/// The text may come from another system and is not trusted. What a text asks for in time and
/// memory is bounded before any of it is spent. What other systems made takes 128 MiB at most,
/// and a second and a half of one processor; but sha-crypt, whose time grows with the length of
/// the password, takes four with 511 octets and the most rounds. Argon2id has bounds of its own,
/// those of ``Argon2idParameters``.
package enum StoredHash: Hashable, Sendable {
    /// The most octets of a text; the longest hash of any format below has about 200.
    package static let octetsMax = 1_024

    /// Argon2id as a PHC string: what this service makes.
    case argon2id(Argon2idHash)
    /// bcrypt, sha-crypt, yescrypt or scrypt as crypt(3) and passlib write it.
    case crypt(CryptHash)
    /// scrypt as passlib writes it.
    case scrypt(ScryptHash)
    /// PBKDF2 as passlib writes it.
    case pbkdf2(PBKDF2Hash)

    /// Reads a stored hash; its prefix says of which format it is.
    ///
    /// - Throws: ``PasswordHashingError/unknownFormat``,
    ///   ``PasswordHashingError/digestTooWeak`` for `$pbkdf2$`,
    ///   ``PasswordHashingError/malformedHash``, or the error of a cost out of bounds.
    package init(parsing text: String) throws(PasswordHashingError) {
        guard text.utf8.count <= Self.octetsMax, text.utf8.allSatisfy(HashText.isVisible) else {
            throw .malformedHash
        }
        let fields = text.split(separator: "$", omittingEmptySubsequences: false)
        guard fields.count >= 3, fields[0].isEmpty else { throw .unknownFormat }
        let rest = Array(fields[2...])
        switch fields[1] {
        case "argon2id": self = .argon2id(try Argon2idHash(parsing: text))
        case "2a", "2b", "2y": self = .crypt(try CryptHash(bcrypt: text, fields: rest))
        case "5": self = .crypt(try CryptHash(sha256: text, fields: rest))
        case "6": self = .crypt(try CryptHash(sha512: text, fields: rest))
        case "7": self = .crypt(try CryptHash(scrypt: text, fields: rest))
        case "y": self = .crypt(try CryptHash(yescrypt: text, fields: rest))
        case "scrypt": self = .scrypt(try ScryptHash(fields: rest))
        case "pbkdf2-sha256": self = .pbkdf2(try PBKDF2Hash(digest: .sha256, fields: rest))
        case "pbkdf2-sha512": self = .pbkdf2(try PBKDF2Hash(digest: .sha512, fields: rest))
        case "pbkdf2": throw .digestTooWeak
        default: throw .unknownFormat
        }
    }

    /// Whether this hash was made from `password`; what is secret is compared in constant time.
    ///
    /// It blocks for as long as the hash costs: on a thread of a pool, never on a loop. No
    /// password with a NUL verifies against a hash of crypt(3), which takes C strings.
    /// - Throws: ``PasswordHashingError/outOfResources``,
    ///   ``PasswordHashingError/malformedHash`` for what only the library can see, or
    ///   ``PasswordHashingError/refusedByLibrary(code:)``.
    package func verify(password: Span<UInt8>) throws(PasswordHashingError) -> Bool {
        switch self {
        case .argon2id(let hash): try Argon2id().verify(password, against: hash)
        case .crypt(let hash): try hash.verify(password)
        case .scrypt(let hash): try hash.verify(password)
        case .pbkdf2(let hash): try hash.verify(password)
        }
    }
}
