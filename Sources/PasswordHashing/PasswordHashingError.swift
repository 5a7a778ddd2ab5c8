/// Why a password could not be hashed, or a stored hash not be used.
///
/// A wrong password is no error: ``Argon2id/verify(_:against:)`` answers `false`.
package enum PasswordHashingError: Error, Hashable, Sendable {
    /// Memory outside ``Argon2idParameters/memoryKiBMax``, or less than 8 KiB a lane; in KiB.
    case memoryOutOfRange(kibibytes: Int)
    /// A number of passes outside ``Argon2idParameters/passesRange``.
    case passesOutOfRange(Int)
    /// A number of lanes outside ``Argon2idParameters/lanesRange``.
    case lanesOutOfRange(Int)
    /// A salt outside ``Argon2idHash/saltOctetsRange``; in octets.
    case saltOutOfRange(octets: Int)
    /// A tag outside ``Argon2idHash/tagOctetsRange``; in octets.
    case tagOutOfRange(octets: Int)
    /// A bcrypt cost outside ``CryptHash/bcryptCostRange``; the logarithm of the iterations.
    case bcryptCostOutOfRange(Int)
    /// Rounds outside ``CryptHash/shaRoundsRange`` or ``PBKDF2Hash/roundsRange``.
    case roundsOutOfRange(Int)
    /// A cost outside the bounds of ``ScryptCost``.
    case scryptCostOutOfRange(logN: Int, blockSize: Int, lanes: Int)
    /// A yescrypt hash whose parameters are not among ``CryptHash/yescryptParameters``.
    case yescryptParametersNotListed
    /// PBKDF2 with HMAC-SHA-1, which is not verified: too cheap to guess.
    case digestTooWeak
    /// A stored hash of a format that ``StoredHash`` does not list.
    case unknownFormat
    /// A stored hash that is not of the form that its prefix announces.
    case malformedHash
    /// Memory or a thread for the work was not to be had; a later try may succeed.
    case outOfResources
    /// A library refused arguments that this module had checked: a fault of ours.
    /// The code is one of `Argon2_ErrorCodes` or, from crypt(3), of `errno`.
    case refusedByLibrary(code: Int32)
}
