/// How the texts of stored hashes write numbers and octets. All of it is ASCII.
enum HashText {
    /// The sixty-third digit of base64: `+` (RFC 4648 §4), or `.` as in passlib's PBKDF2.
    enum Base64Variant {
        case plus
        case dot
    }

    /// Whether an octet is a character that one sees: neither space nor control nor beyond ASCII.
    static func isVisible(_ octet: UInt8) -> Bool { (0x21...0x7e).contains(octet) }

    /// Reads a number without sign or leading zero, of at most ten digits.
    static func number(_ text: Substring) throws(PasswordHashingError) -> Int {
        guard (1...10).contains(text.utf8.count), text.utf8.first != UInt8(ascii: "0"),
            text.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains),
            let value = Int(text)
        else { throw .malformedHash }
        return value
    }

    /// Reads the number of a member such as `t=2`, whose `prefix` is `t=`.
    static func number(
        _ member: Substring, named prefix: String
    ) throws(PasswordHashingError) -> Int {
        guard member.hasPrefix(prefix) else { throw .malformedHash }
        return try number(member.dropFirst(prefix.count))
    }

    /// Decodes base64 without padding; bits that stand for nothing must be zero (RFC 4648 §3.5).
    static func octets(
        ofBase64 text: Substring, _ variant: Base64Variant
    ) throws(PasswordHashingError) -> [UInt8] {
        var octets: [UInt8] = []
        var (bits, bitCount): (UInt32, Int) = (0, 0)
        for character in text.utf8 {
            guard let digit = base64Digit(character, variant) else { throw .malformedHash }
            bits = bits << 6 | digit
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                octets.append(UInt8(bits >> bitCount))
                bits &= 1 << bitCount - 1
            }
        }
        guard bits == 0, bitCount < 6 else { throw .malformedHash }
        return octets
    }

    /// Encodes octets in base64 without padding (RFC 4648 §3.2 and §4), with `+` as the
    /// sixty-third digit.
    static func base64(of octets: [UInt8]) -> String {
        var text: [UInt8] = []
        var (bits, bitCount): (Int, Int) = (0, 0)
        for octet in octets {
            bits = bits << 8 | Int(octet)
            bitCount += 8
            while bitCount >= 6 {
                bitCount -= 6
                text.append(base64Alphabet[bits >> bitCount])
                bits &= (1 << bitCount) - 1
            }
        }
        if bitCount > 0 { text.append(base64Alphabet[bits << (6 - bitCount)]) }
        return String(decoding: text, as: UTF8.self)
    }

    private static let base64Alphabet = [UInt8](
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// What an octet stands for in base64.
    static func base64Digit(_ octet: UInt8, _ variant: Base64Variant) -> UInt32? {
        switch (octet, variant) {
        case (UInt8(ascii: "A")...UInt8(ascii: "Z"), _): UInt32(octet - UInt8(ascii: "A"))
        case (UInt8(ascii: "a")...UInt8(ascii: "z"), _): UInt32(octet - UInt8(ascii: "a")) + 26
        case (UInt8(ascii: "0")...UInt8(ascii: "9"), _): UInt32(octet - UInt8(ascii: "0")) + 52
        case (UInt8(ascii: "+"), .plus), (UInt8(ascii: "."), .dot): 62
        case (UInt8(ascii: "/"), _): 63
        default: nil
        }
    }

    /// What an octet stands for in the alphabet of crypt(5): `./0-9A-Za-z`.
    static func cryptDigit(_ octet: UInt8) -> Int? {
        switch octet {
        case UInt8(ascii: "."): 0
        case UInt8(ascii: "/"): 1
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(octet - UInt8(ascii: "0")) + 2
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(octet - UInt8(ascii: "A")) + 12
        case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(octet - UInt8(ascii: "a")) + 38
        default: nil
        }
    }

    /// Whether a text is of the alphabet of crypt(5) and its length, in characters, in `range`.
    static func isCrypt(_ text: Substring, of range: ClosedRange<Int>) -> Bool {
        range.contains(text.utf8.count) && text.utf8.allSatisfy { cryptDigit($0) != nil }
    }
}
