import CArgon2

/// Argon2id, version 1.3 (RFC 9106), by libargon2.
///
/// Both verbs take tens of milliseconds and all of the memory named by their parameters, and
/// block meanwhile: they belong on a pool of threads, never on an event loop. libargon2 wipes
/// its working memory; the octets of the password stay the caller's.
package struct Argon2id: Hashable, Sendable {
    /// Octets of salt that a new hash should have (RFC 9106 §4).
    package static let saltOctets = 16
    /// Octets of the tag of a new hash (RFC 9106 §4).
    package static let tagOctets = 32

    /// The cost of a new hash.
    package let parameters: Argon2idParameters

    /// Makes a hasher whose new hashes cost `parameters`.
    package init(parameters: Argon2idParameters = .standard) {
        self.parameters = parameters
    }

    /// Hashes a password; the same password, salt and parameters give the same hash.
    ///
    /// - Parameters:
    ///   - password: UTF-8, of any length, normalised by the caller.
    ///   - salt: ``Argon2idHash/saltOctetsRange`` octets, ``saltOctets`` of them from a
    ///     cryptographic source for a new password.
    /// - Throws: ``PasswordHashingError/saltOutOfRange(octets:)``,
    ///   ``PasswordHashingError/outOfResources``, or
    ///   ``PasswordHashingError/refusedByLibrary(code:)``.
    package func hash(
        _ password: Span<UInt8>, salt: Span<UInt8>
    ) throws(PasswordHashingError) -> Argon2idHash {
        guard Argon2idHash.saltOctetsRange.contains(salt.count) else {
            throw .saltOutOfRange(octets: salt.count)
        }
        let capacity = encodedCapacity(saltOctets: salt.count)
        var text = [CChar](repeating: 0, count: capacity)
        let code = password.withUnsafeBufferPointer { password in
            salt.withUnsafeBufferPointer { salt in
                argon2id_hash_encoded(
                    UInt32(parameters.passes), UInt32(parameters.memoryKiB),
                    UInt32(parameters.lanes), password.baseAddress, password.count,
                    salt.baseAddress, salt.count, Self.tagOctets, &text, capacity)
            }
        }
        guard code == ARGON2_OK.rawValue else { throw Self.error(ofCode: code) }
        let octets = text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
        return try Argon2idHash(parsing: String(decoding: octets, as: UTF8.self))
    }

    /// Whether `hash` was made from `password`; the tags are compared in constant time.
    ///
    /// The cost is that of `hash`, whatever the parameters of this value are.
    /// - Throws: ``PasswordHashingError/outOfResources``,
    ///   ``PasswordHashingError/malformedHash`` for base64 with stray bits, or
    ///   ``PasswordHashingError/refusedByLibrary(code:)``.
    package func verify(
        _ password: Span<UInt8>, against hash: Argon2idHash
    ) throws(PasswordHashingError) -> Bool {
        let code = password.withUnsafeBufferPointer { password in
            hash.rawValue.withCString { text in
                argon2id_verify(text, password.baseAddress, password.count)
            }
        }
        switch code {
        case ARGON2_OK.rawValue: return true
        case ARGON2_VERIFY_MISMATCH.rawValue: return false
        default: throw Self.error(ofCode: code)
        }
    }

    /// Whether `hash` differs in cost, salt length or tag length from one made now, so that it
    /// should be made anew when the password is next at hand.
    package func isOutdated(_ hash: Argon2idHash) -> Bool {
        hash.parameters != parameters || hash.saltOctets != Self.saltOctets
            || hash.tagOctets != Self.tagOctets
    }

    /// Octets that the PHC string takes, its closing NUL included.
    private func encodedCapacity(saltOctets: Int) -> Int {
        argon2_encodedlen(
            UInt32(parameters.passes), UInt32(parameters.memoryKiB), UInt32(parameters.lanes),
            UInt32(saltOctets), UInt32(Self.tagOctets), Argon2_id)
    }

    private static func error(ofCode code: CInt) -> PasswordHashingError {
        switch code {
        case ARGON2_MEMORY_ALLOCATION_ERROR.rawValue, ARGON2_THREAD_FAIL.rawValue:
            .outOfResources
        case ARGON2_DECODING_FAIL.rawValue, ARGON2_DECODING_LENGTH_FAIL.rawValue:
            .malformedHash
        default:
            .refusedByLibrary(code: code)
        }
    }
}
