extension UUID: CustomStringConvertible {
    /// Octets of the text form: 32 digits and 4 hyphens (RFC 9562 §4).
    package static let textLength = 36

    /// The text form in lower case: `019a8c5e-7b1f-7cde-8f00-0123456789ab` (RFC 9562 §4).
    package var description: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends ``description`` to `bytes`: 36 octets.
    package func append(to bytes: inout [UInt8]) {
        bytes.append(atMost: Self.textLength) {
            write(to: $0)
            return Self.textLength
        }
    }

    /// Writes ``description``: 36 octets.
    package func write(to start: UnsafeMutablePointer<UInt8>) {
        let hyphen = UInt8(ascii: "-")
        // Groups of four digits are written by eights; what stands too far right is written over.
        Digits.write(hexadecimal: UInt32(truncatingIfNeeded: high >> 32), to: start)
        Digits.write(hexadecimal: UInt32(truncatingIfNeeded: high), to: start + 9)
        Digits.write(hexadecimal: UInt32(truncatingIfNeeded: high) << 16, to: start + 14)
        Digits.write(hexadecimal: UInt32(truncatingIfNeeded: low >> 32), to: start + 19)
        Digits.write(hexadecimal: UInt32(truncatingIfNeeded: low >> 16), to: start + 24)
        Digits.write(hexadecimal: UInt32(truncatingIfNeeded: low), to: start + 28)
        start[8] = hyphen
        start[13] = hyphen
        start[18] = hyphen
        start[23] = hyphen
    }
}

extension UUID {
    /// Parses the text form: 8-4-4-4-12 hexadecimal digits of either case (RFC 9562 §4), and
    /// nothing around them: no braces, no `urn:uuid:`. Any version and variant.
    package init?(parsing text: Span<UInt8>) {
        guard text.count == Self.textLength else { return nil }
        let hyphen = UInt8(ascii: "-")
        guard text[8] == hyphen, text[13] == hyphen, text[18] == hyphen, text[23] == hyphen
        else { return nil }
        // Groups of four digits are read by eights, as they are written.
        guard let first = Digits.number(hexadecimal: text, 0, 4),
            let second = Digits.number(hexadecimal: text, 9, 14),
            let third = Digits.number(hexadecimal: text, 19, 24),
            let last = Digits.number(hexadecimal: text, 28, 32)
        else { return nil }
        self.init(
            high: UInt64(first) << 32 | UInt64(second), low: UInt64(third) << 32 | UInt64(last))
    }

    /// Parses the text form from a string, as ``init(parsing:)-(Span<UInt8>)`` does.
    package init?(parsing text: String) {
        let utf8 = text.utf8Span
        self.init(parsing: utf8.span)
    }

    /// Parses the text form from part of a string, as ``init(parsing:)-(Span<UInt8>)`` does.
    package init?(parsing text: Substring) {
        let utf8 = text.utf8Span
        self.init(parsing: utf8.span)
    }
}
