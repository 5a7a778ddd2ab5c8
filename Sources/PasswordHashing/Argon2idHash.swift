/// A stored Argon2id hash in PHC string form, its bounds checked:
/// `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<tag>`, salt and tag in base64 without padding.
///
/// Whoever holds one may hand it to libargon2: it will not ask for more memory, time or threads
/// than ``Argon2idParameters`` allows.
package struct Argon2idHash: Hashable, Sendable {
    /// Octets that a salt may have; RFC 9106 §3.1 asks for 8 or more and recommends 16.
    package static let saltOctetsRange = 8...64
    /// Octets that a tag may have; RFC 9106 §4 recommends 32.
    package static let tagOctetsRange = 16...64

    /// The PHC string, as it is stored.
    package let rawValue: String
    /// The cost that the string names.
    package let parameters: Argon2idParameters
    /// What was hashed together with the password.
    let salt: [UInt8]
    /// What came of it.
    let tag: [UInt8]

    /// The length of the salt in octets.
    package var saltOctets: Int { salt.count }
    /// The length of the tag in octets.
    package var tagOctets: Int { tag.count }

    /// Reads a PHC string: fields in the order given above, numbers without sign or leading zero.
    ///
    /// - Throws: ``PasswordHashingError/malformedHash`` for any other text (other algorithms and
    ///   version 1.0 of Argon2 included), and the `…OutOfRange` errors for numbers out of bounds.
    package init(parsing text: String) throws(PasswordHashingError) {
        let fields = text.split(separator: "$", omittingEmptySubsequences: false)
        guard fields.count == 6, fields[0].isEmpty, fields[1] == "argon2id", fields[2] == "v=19"
        else { throw .malformedHash }
        parameters = try Self.parameters(parsing: fields[3])
        salt = try HashText.octets(ofBase64: fields[4], .plus)
        tag = try HashText.octets(ofBase64: fields[5], .plus)
        guard Self.saltOctetsRange.contains(salt.count) else {
            throw .saltOutOfRange(octets: salt.count)
        }
        guard Self.tagOctetsRange.contains(tag.count) else {
            throw .tagOutOfRange(octets: tag.count)
        }
        rawValue = text
    }

    /// Writes a hash from its parts; salt and tag are as long as they may be.
    init(parameters: Argon2idParameters, salt: [UInt8], tag: [UInt8]) {
        let cost = "m=\(parameters.memoryKiB),t=\(parameters.passes),p=\(parameters.lanes)"
        rawValue = "$argon2id$v=19$\(cost)$\(HashText.base64(of: salt))$\(HashText.base64(of: tag))"
        self.parameters = parameters
        self.salt = salt
        self.tag = tag
    }

    /// A hash that costs as much as one made now and that was made from no password: salt and tag
    /// are zeros.
    static func decoy(costing parameters: Argon2idParameters) -> Argon2idHash {
        Argon2idHash(
            parameters: parameters, salt: [UInt8](repeating: 0, count: Argon2id.saltOctets),
            tag: [UInt8](repeating: 0, count: Argon2id.tagOctets))
    }

    private static func parameters(
        parsing field: Substring
    ) throws(PasswordHashingError) -> Argon2idParameters {
        let members = field.split(separator: ",", omittingEmptySubsequences: false)
        guard members.count == 3 else { throw .malformedHash }
        return try Argon2idParameters(
            memoryKiB: HashText.number(members[0], named: "m="),
            passes: HashText.number(members[1], named: "t="),
            lanes: HashText.number(members[2], named: "p="))
    }
}
