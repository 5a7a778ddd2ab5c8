import Ambient

/// The JSON forms of values, appended to a buffer; the writers see to what stands between them.
extension [UInt8] {
    /// Appends a member's name, with the comma before it and the colon after it.
    mutating func append(memberName name: StaticString, isFirst: Bool) {
        append(atMost: name.utf8CodeUnitCount + 4) { start in
            start.write(memberName: name, isFirst: isFirst)
        }
    }

    /// Appends a member whose value is a string.
    mutating func append(memberName name: StaticString, isFirst: Bool, jsonString text: String) {
        let utf8 = text.utf8Span
        utf8.span.withUnsafeBufferPointer { octets in
            guard !octets.needEscapes else {
                append(memberName: name, isFirst: isFirst)
                return append(jsonString: octets)
            }
            append(atMost: name.utf8CodeUnitCount + octets.count + 6) { start in
                let nameCount = start.write(memberName: name, isFirst: isFirst)
                return nameCount + (start + nameCount).write(quoted: octets)
            }
        }
    }

    /// Appends a member whose value `write` puts at the pointer it is given, at most `countMax`
    /// octets; it returns how many.
    @inline(__always)
    mutating func append(
        memberName name: StaticString, isFirst: Bool, atMost countMax: Int,
        _ write: (UnsafeMutablePointer<UInt8>) -> Int
    ) {
        append(atMost: name.utf8CodeUnitCount + 4 + countMax) { start in
            let nameCount = start.write(memberName: name, isFirst: isFirst)
            return nameCount + write(start + nameCount)
        }
    }

    mutating func append(jsonString text: String) {
        let utf8 = text.utf8Span
        utf8.span.withUnsafeBufferPointer { append(jsonString: $0) }
    }

    private mutating func append(jsonString octets: UnsafeBufferPointer<UInt8>) {
        guard octets.needEscapes else {
            return append(atMost: octets.count + 2) { $0.write(quoted: octets) }
        }
        append(UInt8(ascii: "\""))
        append(escaping: octets)
        append(UInt8(ascii: "\""))
    }

    /// Appends what stands inside a string.
    mutating func append(stringPart text: String) {
        let utf8 = text.utf8Span
        utf8.span.withUnsafeBufferPointer { octets in
            guard !octets.needEscapes else { return append(escaping: octets) }
            append(atMost: octets.count) { $0.write(octets) }
        }
    }

    mutating func append(_ text: StaticString) {
        append(atMost: text.utf8CodeUnitCount) { $0.write(text) }
    }

    mutating func append(jsonInteger value: Int64) {
        append(atMost: Digits.decimalOctetsMax) { Digits.write(decimal: value, to: $0) }
    }

    mutating func append(jsonBool value: Bool) {
        append(value ? "true" : "false")
    }

    /// Appends a double's fewest digits that read back as the same double, or `null`, as
    /// ECMAScript does, if it is not finite.
    ///
    /// There is never an exponent. PostgreSQL's `jsonb` spells numbers out too, so that a text has
    /// the same length, and a number stays a double, when it comes back from there.
    mutating func append(jsonDouble value: Double) {
        guard value.isFinite else { return append("null") }
        let shortest = value.description
        let parts = shortest.split(separator: "e")
        guard parts.count == 2, let exponent = Int(parts[1]) else {
            return append(contentsOf: shortest.utf8)
        }
        if value < 0 { append(UInt8(ascii: "-")) }
        let digits = parts[0].utf8.filter { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "-") }
        if exponent < 0 {
            append("0.")
            append(contentsOf: repeatElement(UInt8(ascii: "0"), count: -exponent - 1))
            append(contentsOf: digits)
        } else {
            append(contentsOf: digits)
            let zeros = Swift.max(0, exponent + 1 - digits.count)
            append(contentsOf: repeatElement(UInt8(ascii: "0"), count: zeros))
            append(".0")
        }
    }

    private mutating func append(escaping octets: UnsafeBufferPointer<UInt8>) {
        for octet in octets { append(escaping: octet) }
    }

    /// Appends one octet of a string: as it is, or as an escape (RFC 8259 §7).
    private mutating func append(escaping octet: UInt8) {
        switch octet {
        case UInt8(ascii: "\""): append(#"\""#)
        case UInt8(ascii: "\\"): append(#"\\"#)
        case 0x08: append(#"\b"#)
        case 0x09: append(#"\t"#)
        case 0x0A: append(#"\n"#)
        case 0x0C: append(#"\f"#)
        case 0x0D: append(#"\r"#)
        case 0..<0x20:
            append(#"\u00"#)
            append(octet < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
            let digit = octet & 0xF
            append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        default: append(octet)
        }
    }
}

extension UnsafeMutablePointer<UInt8> {
    /// Writes a constant and returns its length in octets.
    @inline(__always)
    func write(_ text: StaticString) -> Int {
        update(from: text.utf8Start, count: text.utf8CodeUnitCount)
        return text.utf8CodeUnitCount
    }

    /// Writes octets and returns how many.
    @inline(__always)
    func write(_ octets: UnsafeBufferPointer<UInt8>) -> Int {
        if let first = octets.baseAddress { update(from: first, count: octets.count) }
        return octets.count
    }

    /// Writes octets between quotes and returns how many that makes.
    @inline(__always)
    func write(quoted octets: UnsafeBufferPointer<UInt8>) -> Int {
        self[0] = UInt8(ascii: "\"")
        let count = (self + 1).write(octets)
        self[count + 1] = UInt8(ascii: "\"")
        return count + 2
    }

    /// Writes a member's name, with the comma before it and the colon after it, and returns how
    /// many octets that makes.
    @inline(__always)
    func write(memberName name: StaticString, isFirst: Bool) -> Int {
        var next = self
        next[0] = UInt8(ascii: ",")
        next += isFirst ? 0 : 1
        next[0] = UInt8(ascii: "\"")
        next += 1 + (next + 1).write(name)
        next[0] = UInt8(ascii: "\"")
        next[1] = UInt8(ascii: ":")
        return next - self + 2
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether an octet must be escaped in a string: `"`, `\` or a control character.
    ///
    /// It looks at eight octets at a time. In each of them the highest bit tells: it is set where a
    /// subtraction borrows that had no highest bit to take from, so where the octet is less than
    /// what is taken away.
    fileprivate var needEscapes: Bool {
        guard let first = baseAddress else { return false }
        let octets = UnsafeRawPointer(first)
        var found: UInt64 = 0
        var index = 0
        while index + 8 <= count {
            found |= Self.marks(octets.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            index += 8
        }
        if index < count {
            // Spaces, which need no escape, fill up the last eight.
            var rest: UInt64 = 0x2020_2020_2020_2020
            while index < count {
                rest = rest << 8 | UInt64(self[index])
                index += 1
            }
            found |= Self.marks(rest)
        }
        return found & 0x8080_8080_8080_8080 != 0
    }

    /// The highest bit of at least one octet is set if one of `octets` must be escaped.
    @inline(__always)
    private static func marks(_ octets: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotes = octets ^ (ones * UInt64(UInt8(ascii: "\"")))
        let backslashes = octets ^ (ones * UInt64(UInt8(ascii: "\\")))
        return (octets &- ones * 0x20) & ~octets
            | (quotes &- ones) & ~quotes | (backslashes &- ones) & ~backslashes
    }
}
