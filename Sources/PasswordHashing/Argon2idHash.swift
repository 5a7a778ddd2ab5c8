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
    /// The length of the salt in octets.
    package let saltOctets: Int
    /// The length of the tag in octets.
    package let tagOctets: Int

    /// Reads a PHC string: fields in the order given above, numbers without sign or leading zero.
    ///
    /// - Throws: ``PasswordHashingError/malformedHash`` for any other text (other algorithms and
    ///   version 1.0 of Argon2 included), and the `…OutOfRange` errors for numbers out of bounds.
    package init(parsing text: String) throws(PasswordHashingError) {
        let fields = text.split(separator: "$", omittingEmptySubsequences: false)
        guard fields.count == 6, fields[0].isEmpty, fields[1] == "argon2id", fields[2] == "v=19"
        else { throw .malformedHash }
        parameters = try Self.parameters(parsing: fields[3])
        saltOctets = try Self.octetCount(ofBase64: fields[4])
        tagOctets = try Self.octetCount(ofBase64: fields[5])
        guard Self.saltOctetsRange.contains(saltOctets) else {
            throw .saltOutOfRange(octets: saltOctets)
        }
        guard Self.tagOctetsRange.contains(tagOctets) else {
            throw .tagOutOfRange(octets: tagOctets)
        }
        rawValue = text
    }

    private init(
        unchecked rawValue: String, parameters: Argon2idParameters, saltOctets: Int,
        tagOctets: Int
    ) {
        self.rawValue = rawValue
        self.parameters = parameters
        self.saltOctets = saltOctets
        self.tagOctets = tagOctets
    }

    /// A hash that costs as much as one made now and that was made from no password: salt and tag
    /// are zeros.
    static func decoy(costing parameters: Argon2idParameters) -> Argon2idHash {
        let (salt, tag) = (Argon2id.saltOctets, Argon2id.tagOctets)
        let cost = "m=\(parameters.memoryKiB),t=\(parameters.passes),p=\(parameters.lanes)"
        // Unpadded base64 has four digits for three octets, and a last one for what is left.
        let zeros = [salt, tag].map { String(repeating: "A", count: ($0 * 4 + 2) / 3) }
        return Argon2idHash(
            unchecked: "$argon2id$v=19$\(cost)$\(zeros[0])$\(zeros[1])",
            parameters: parameters, saltOctets: salt, tagOctets: tag)
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

    /// The number of octets that unpadded base64 stands for (RFC 4648 §3.2 and §4).
    private static func octetCount(ofBase64 text: Substring) throws(PasswordHashingError) -> Int {
        let count = text.utf8.count
        guard text.utf8.allSatisfy({ HashText.base64Digit($0, .plus) != nil }), count % 4 != 1
        else { throw .malformedHash }
        return count * 6 / 8
    }
}
