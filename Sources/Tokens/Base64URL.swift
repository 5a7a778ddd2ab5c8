/// Octets as text that needs no escape in a URL: base64url without padding (RFC 4648 §5).
enum Base64URL {
    private static let letters = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The six bits that each octet stands for; ``noLetter`` for what is no letter of the alphabet.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: noLetter, count: 256)
        for (value, letter) in letters.enumerated() { values[Int(letter)] = UInt8(value) }
        return values
    }()
    private static let noLetter: UInt8 = 0xff

    /// The text of octets.
    static func text(of octets: [UInt8]) -> String {
        let letterCount = (octets.count * 8 + 5) / 6
        return String(unsafeUninitializedCapacity: letterCount) { text in
            var (count, bits, bitCount) = (0, UInt32(0), UInt32(0))
            for octet in octets {
                bits = bits << 8 | UInt32(octet)
                bitCount += 8
                while bitCount >= 6 {
                    bitCount -= 6
                    text[count] = letters[Int(bits >> bitCount & 0x3f)]
                    count += 1
                }
            }
            guard bitCount > 0 else { return count }
            text[count] = letters[Int(bits << (6 - bitCount) & 0x3f)]
            return count + 1
        }
    }

    /// The octets of a text; nil unless ``text(of:)`` makes exactly this text of some.
    static func octets(of text: String) -> [UInt8]? { octets(of: text.utf8) }

    /// The octets of a text that is given by its own octets, which need not be UTF-8.
    static func octets(of text: some Collection<UInt8>) -> [UInt8]? {
        var octets: [UInt8] = []
        octets.reserveCapacity(text.count * 6 / 8)
        var (bits, bitCount) = (UInt32(0), UInt32(0))
        for letter in text {
            let value = values[Int(letter)]
            guard value != noLetter else { return nil }
            bits = bits << 6 | UInt32(value)
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                octets.append(UInt8(truncatingIfNeeded: bits >> bitCount))
            }
        }
        // What is left over are less than six bits, none of them set.
        guard bitCount < 6, bits & (1 << bitCount - 1) == 0 else { return nil }
        return octets
    }
}
