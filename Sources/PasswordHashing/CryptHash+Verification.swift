import CCrypt
import Crypto
import Glibc

extension CryptHash {
    /// Whether crypt_rn(3), which is safe on any thread and wipes its working memory, makes this
    /// hash from `password`. Texts of hashes are compared in constant time, as `SymmetricKey`.
    ///
    /// The answer is `false` for a password with a NUL, and for one of 512 octets or more, which
    /// crypt(3) does not take; bcrypt's are cut first.
    /// - Throws: ``PasswordHashingError/outOfResources``,
    ///   ``PasswordHashingError/malformedHash`` or
    ///   ``PasswordHashingError/refusedByLibrary(code:)``.
    func verify(_ password: Span<UInt8>) throws(PasswordHashingError) -> Bool {
        var octets = password.withUnsafeBufferPointer(Array.init)
        guard !octets.contains(0) else { return false }
        if isBcrypt { octets.removeLast(max(0, octets.count - Self.bcryptPasswordOctets)) }
        guard octets.count < CRYPT_MAX_PASSPHRASE_SIZE else { return false }
        octets.append(0)
        switch Self.crypt(octets.map(CChar.init(bitPattern:)), setting: rawValue) {
        case .success(let made):
            return SymmetricKey(data: made) == SymmetricKey(data: Array(rawValue.utf8))
        case .failure(let error): throw error
        }
    }

    /// The hash of a phrase, which ends with a NUL, by the parameters and the salt of `setting`.
    private static func crypt(
        _ phrase: [CChar], setting: String
    ) -> Result<[UInt8], PasswordHashingError> {
        withUnsafeTemporaryAllocation(
            byteCount: MemoryLayout<crypt_data>.size, alignment: MemoryLayout<crypt_data>.alignment
        ) { scratch in
            // crypt(3) asks for zeros before the first use.
            scratch.initializeMemory(as: UInt8.self, repeating: 0)
            let made = crypt_rn(phrase, setting, scratch.baseAddress, CInt(scratch.count))
            guard let made else { return .failure(error(ofCode: errno)) }
            return .success(
                (0..<strlen(made)).map { UInt8(bitPattern: made[$0]) })
        }
    }

    private static func error(ofCode code: CInt) -> PasswordHashingError {
        switch code {
        case ENOMEM: .outOfResources
        case EINVAL: .malformedHash
        default: .refusedByLibrary(code: code)
        }
    }
}
