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
        bytes.append(addingCapacity: Self.textLength) { (output: inout OutputSpan<UInt8>) in
            output.append(hexadecimal: high, fromBit: 64, toBit: 32)
            output.append(UInt8(ascii: "-"))
            output.append(hexadecimal: high, fromBit: 32, toBit: 16)
            output.append(UInt8(ascii: "-"))
            output.append(hexadecimal: high, fromBit: 16, toBit: 0)
            output.append(UInt8(ascii: "-"))
            output.append(hexadecimal: low, fromBit: 64, toBit: 48)
            output.append(UInt8(ascii: "-"))
            output.append(hexadecimal: low, fromBit: 48, toBit: 0)
        }
    }
}

extension UUID {
    /// Parses the text form: 8-4-4-4-12 hexadecimal digits of either case (RFC 9562 §4), and
    /// nothing around them: no braces, no `urn:uuid:`. Any version and variant.
    package init?(parsing text: Span<UInt8>) {
        guard text.count == Self.textLength else { return nil }
        var halves: (high: UInt64, low: UInt64) = (0, 0)
        for index in text.indices {
            switch index {
            case 8, 13, 18, 23:
                guard text[index] == UInt8(ascii: "-") else { return nil }
            default:
                guard let digit = Self.hexadecimalValue(of: text[index]) else { return nil }
                if index < 18 {
                    halves.high = halves.high << 4 | digit
                } else {
                    halves.low = halves.low << 4 | digit
                }
            }
        }
        self.init(high: halves.high, low: halves.low)
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

    private static func hexadecimalValue(of octet: UInt8) -> UInt64? {
        switch octet {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(octet - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(octet - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(octet - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}

extension OutputSpan<UInt8> {
    /// Appends the bits of `value` below `start` and from `end` up, four to a digit.
    fileprivate mutating func append(hexadecimal value: UInt64, fromBit start: Int, toBit end: Int)
    {
        var shift = start - 4
        while shift >= end {
            let digit = UInt8(truncatingIfNeeded: value >> UInt64(shift) & 0xF)
            append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            shift -= 4
        }
    }
}
