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

    private static func parameters(
        parsing field: Substring
    ) throws(PasswordHashingError) -> Argon2idParameters {
        let members = field.split(separator: ",", omittingEmptySubsequences: false)
        guard members.count == 3 else { throw .malformedHash }
        return try Argon2idParameters(
            memoryKiB: number(parsing: members[0], named: "m="),
            passes: number(parsing: members[1], named: "t="),
            lanes: number(parsing: members[2], named: "p="))
    }

    private static func number(
        parsing member: Substring, named prefix: String
    ) throws(PasswordHashingError) -> Int {
        let digits = member.utf8.dropFirst(prefix.utf8.count)
        guard member.hasPrefix(prefix), (1...10).contains(digits.count),
            digits.first != UInt8(ascii: "0"),
            digits.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains),
            let value = Int(Substring(digits))
        else { throw .malformedHash }
        return value
    }

    /// The number of octets that unpadded base64 stands for (RFC 4648 §3.2 and §4).
    private static func octetCount(ofBase64 text: Substring) throws(PasswordHashingError) -> Int {
        let count = text.utf8.count
        guard text.utf8.allSatisfy(isBase64), count % 4 != 1 else { throw .malformedHash }
        return count * 6 / 8
    }

    private static func isBase64(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}
