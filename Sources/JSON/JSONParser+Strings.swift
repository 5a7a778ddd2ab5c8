extension JSONParser {
    /// Parses the string whose opening quotation mark is at `position` (RFC 8259 §7).
    mutating func string(_ text: Span<UInt8>) throws(JSONError) -> String {
        position += 1
        let start = position
        try skipPlainOctets(text)
        guard text[position] == UInt8(ascii: "\\") else {
            let range = start..<position
            position += 1
            // The whole text is UTF-8 and the marks are ASCII, so nothing is cut in two.
            return String(copying: UTF8Span(unchecked: text.extracting(range)))
        }
        return try escapedString(text, from: start)
    }

    /// Parses the rest of a string that began at `start` and has its first escape at `position`.
    private mutating func escapedString(
        _ text: Span<UInt8>, from start: Int
    ) throws(JSONError) -> String {
        var octets: [UInt8] = []
        var plainStart = start
        while true {
            for index in plainStart..<position { octets.append(text[index]) }
            if text[position] == UInt8(ascii: "\"") { break }
            octets.append(contentsOf: try String(escape(text)).utf8)
            plainStart = position
            try skipPlainOctets(text)
        }
        position += 1
        return String(decoding: octets, as: UTF8.self)
    }

    /// Moves to the next quotation mark or backslash.
    private mutating func skipPlainOctets(_ text: Span<UInt8>) throws(JSONError) {
        while true {
            switch try octet(text) {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): return
            case 0..<0x20: throw JSONError(.controlCharacter, at: position)
            default: position += 1
            }
        }
    }

    /// Parses the escape whose backslash is at `position`.
    private mutating func escape(_ text: Span<UInt8>) throws(JSONError) -> Unicode.Scalar {
        let start = position
        position += 1
        let letter = try octet(text)
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
            return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try codePoint(text, escapedFrom: start)
        default: throw JSONError(.invalidEscape, at: start)
        }
    }

    /// Parses the digits of a `\u` escape, and the low surrogate's escape after a high one.
    private mutating func codePoint(
        _ text: Span<UInt8>, escapedFrom start: Int
    ) throws(JSONError) -> Unicode.Scalar {
        let unit = try hexadecimalDigits(text, escapedFrom: start)
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard UTF16.isLeadSurrogate(unit), text.count - position >= 2,
            text[position] == UInt8(ascii: "\\"), text[position + 1] == UInt8(ascii: "u")
        else { throw JSONError(.loneSurrogate, at: start) }
        let second = position
        position += 2
        let low = try hexadecimalDigits(text, escapedFrom: second)
        let pair = 0x10000 + (UInt32(unit) & 0x3FF) << 10 + UInt32(low) & 0x3FF
        guard UTF16.isTrailSurrogate(low), let scalar = Unicode.Scalar(pair) else {
            throw JSONError(.loneSurrogate, at: start)
        }
        return scalar
    }

    private mutating func hexadecimalDigits(
        _ text: Span<UInt8>, escapedFrom start: Int
    ) throws(JSONError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            let digit = try octet(text)
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                value = value << 4 | UInt16(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"):
                value = value << 4 | UInt16(digit - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"):
                value = value << 4 | UInt16(digit - UInt8(ascii: "A") + 10)
            default: throw JSONError(.invalidEscape, at: start)
            }
            position += 1
        }
        return value
    }
}
