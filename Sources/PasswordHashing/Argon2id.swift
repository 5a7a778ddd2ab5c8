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
    ///   - password: UTF-8, of less than 4 GiB, normalised by the caller.
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
        var tag = [UInt8](repeating: 0, count: Self.tagOctets)
        let code = Self.withContext(password, salt, parameters, &tag) { argon2id_ctx(&$0) }
        guard code == ARGON2_OK.rawValue else { throw Self.error(ofCode: code) }
        return Argon2idHash(
            parameters: parameters, salt: salt.withUnsafeBufferPointer(Array.init), tag: tag)
    }

    /// Whether `hash` was made from `password`; the tags are compared in constant time.
    ///
    /// The cost is that of `hash`, whatever the parameters of this value are.
    /// - Throws: ``PasswordHashingError/outOfResources`` or
    ///   ``PasswordHashingError/refusedByLibrary(code:)``.
    package func verify(
        _ password: Span<UInt8>, against hash: Argon2idHash
    ) throws(PasswordHashingError) -> Bool {
        var tag = [UInt8](repeating: 0, count: hash.tag.count)
        let code = Self.withContext(password, hash.salt.span, hash.parameters, &tag) { context in
            hash.tag.withUnsafeBufferPointer { expected in
                expected.withMemoryRebound(to: CChar.self) {
                    argon2id_verify_ctx(&context, $0.baseAddress)
                }
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

    /// Has libargon2 make a tag with the arguments and the memory that it is given.
    private static func withContext(
        _ password: Span<UInt8>, _ salt: Span<UInt8>, _ parameters: Argon2idParameters,
        _ tag: inout [UInt8], _ body: (inout argon2_context) -> CInt
    ) -> CInt {
        password.withUnsafeBufferPointer { password in
            salt.withUnsafeBufferPointer { salt in
                tag.withUnsafeMutableBufferPointer { tag in
                    var context = argon2_context()
                    context.out = tag.baseAddress
                    context.outlen = UInt32(tag.count)
                    // Neither is written to: that takes a flag which is not set.
                    context.pwd = UnsafeMutablePointer(mutating: password.baseAddress)
                    context.pwdlen = UInt32(password.count)
                    context.salt = UnsafeMutablePointer(mutating: salt.baseAddress)
                    context.saltlen = UInt32(salt.count)
                    context.t_cost = UInt32(parameters.passes)
                    context.m_cost = UInt32(parameters.memoryKiB)
                    context.lanes = UInt32(parameters.lanes)
                    // When it cannot make a thread, libargon2 loses the memory.
                    context.threads = 1
                    context.version = UInt32(ARGON2_VERSION_13.rawValue)
                    context.allocate_cbk = { memory, byteCount in
                        // libargon2 looks at the memory, not at what is returned.
                        memory?.pointee = Argon2Memory.shared.take(byteCount: byteCount)
                        return 0
                    }
                    context.free_cbk = { memory, byteCount in
                        guard let memory else { return }
                        Argon2Memory.shared.putBack(memory, byteCount: byteCount)
                    }
                    return body(&context)
                }
            }
        }
    }

    private static func error(ofCode code: CInt) -> PasswordHashingError {
        switch code {
        case ARGON2_MEMORY_ALLOCATION_ERROR.rawValue, ARGON2_THREAD_FAIL.rawValue:
            .outOfResources
        default:
            .refusedByLibrary(code: code)
        }
    }
}
