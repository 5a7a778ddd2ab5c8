/// The JSON forms of values, appended to a buffer; the writers see to what stands between them.
extension [UInt8] {
    /// Appends a member's name, with the comma before it and the colon after it.
    mutating func append(memberName name: StaticString, isFirst: Bool) {
        append(addingCapacity: name.utf8CodeUnitCount + 4) { (output: inout OutputSpan<UInt8>) in
            if !isFirst { output.append(UInt8(ascii: ",")) }
            output.append(UInt8(ascii: "\""))
            output.append(name)
            output.append(UInt8(ascii: "\""))
            output.append(UInt8(ascii: ":"))
        }
    }

    mutating func append(jsonString text: String) {
        let utf8 = text.utf8Span
        append(UInt8(ascii: "\""))
        utf8.span.withUnsafeBufferPointer { octets in
            if octets.needEscapes {
                for octet in octets { append(escaping: octet) }
            } else {
                append(contentsOf: octets)
            }
        }
        append(UInt8(ascii: "\""))
    }

    mutating func append(_ text: StaticString) {
        append(addingCapacity: text.utf8CodeUnitCount) { (output: inout OutputSpan<UInt8>) in
            output.append(text)
        }
    }

    mutating func append(jsonInteger value: Int64) {
        if value < 0 { append(UInt8(ascii: "-")) }
        let magnitude = value.magnitude
        var divisor: UInt64 = 1
        while magnitude / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude / divisor % 10))
            divisor /= 10
        }
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

extension OutputSpan<UInt8> {
    @inline(__always)
    fileprivate mutating func append(_ text: StaticString) {
        for index in 0..<text.utf8CodeUnitCount { append(text.utf8Start[index]) }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether an octet must be escaped in a string: `"`, `\` or a control character.
    ///
    /// It looks at every octet, without leaving early, so that the loop runs on vectors.
    fileprivate var needEscapes: Bool {
        var found = false
        for octet in self {
            let isControl = octet < 0x20
            let isMark = octet == UInt8(ascii: "\"") || octet == UInt8(ascii: "\\")
            found = found || isControl || isMark
        }
        return found
    }
}
