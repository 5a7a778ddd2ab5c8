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
    /// A stored hash that is no PHC string of Argon2id, version 1.3.
    case malformedHash
    /// Memory or a thread for the work was not to be had; a later try may succeed.
    case outOfResources
    /// libargon2 refused arguments that this module had checked: a fault of ours.
    /// The code is one of `Argon2_ErrorCodes`.
    case refusedByLibrary(code: Int32)
}
