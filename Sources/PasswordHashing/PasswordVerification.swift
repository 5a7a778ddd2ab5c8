/// Verifies passwords at a login so that the time taken does not tell whether there is somebody
/// to log in: one run of Argon2id happens for an unknown address as for a known one.
///
/// It blocks for as long as a hash costs: on a thread of a pool, never on a loop. A hash that was
/// imported in another format takes another time until its first right password replaces it.
package struct PasswordVerification: Sendable {
    /// What a login's password is.
    package enum Verdict: Hashable, Sendable {
        /// Not the one that the hash was made from, or there is no hash.
        case wrong
        /// The right one.
        case right
        /// The right one, and a hash of it should be made with the current parameters: the stored
        /// one has others, or another format.
        case rightButOutdated
    }

    private let argon2id: Argon2id
    private let decoy: Argon2idHash

    /// Makes a verification for hashes made by `argon2id`.
    package init(argon2id: Argon2id) {
        self.argon2id = argon2id
        decoy = .decoy(costing: argon2id.parameters)
    }

    /// Verifies a password against what is stored.
    ///
    /// - Parameters:
    ///   - normalised: the password in NFKC, as this service hashes it.
    ///   - typed: the password as it came, if that differs. Systems that hashes are imported from
    ///     do not normalise, or not as we do, so imported hashes are verified against `typed`
    ///     too. An Argon2id hash with other parameters than ours counts as one.
    ///   - stored: the stored hash; `nil` if nobody has this address, or no password.
    /// - Throws: ``PasswordHashingError/outOfResources`` when a later try may succeed. Any other
    ///   error means that the stored hash cannot be used: log it and answer as for
    ///   ``Verdict/wrong``, which takes as long.
    package func verify(
        _ normalised: Span<UInt8>, typed: Span<UInt8>? = nil, against stored: String?
    ) throws(PasswordHashingError) -> Verdict {
        guard let stored else { return try decoyVerdict(normalised) }
        let hash: StoredHash
        do throws(PasswordHashingError) {
            hash = try StoredHash(parsing: stored)
        } catch {
            _ = try decoyVerdict(normalised)
            throw error
        }
        switch hash {
        case .argon2id(let hash):
            let isOutdated = argon2id.isOutdated(hash)
            if try argon2id.verify(normalised, against: hash) {
                return isOutdated ? .rightButOutdated : .right
            }
            // One that others have made, perhaps of the password as it was typed.
            guard isOutdated, let typed, try argon2id.verify(typed, against: hash) else {
                return .wrong
            }
            return .rightButOutdated
        case .crypt, .scrypt, .pbkdf2:
            if let typed, try hash.verify(password: typed) { return .rightButOutdated }
            return try hash.verify(password: normalised) ? .rightButOutdated : .wrong
        }
    }

    private func decoyVerdict(_ password: Span<UInt8>) throws(PasswordHashingError) -> Verdict {
        // Its tag is all zeros: no password is known that it verifies, nor would one be let in.
        _ = try argon2id.verify(password, against: decoy)
        return .wrong
    }
}
