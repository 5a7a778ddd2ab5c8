extension JSONParser {
    /// Parses the number that begins at `position` (RFC 8259 §6).
    mutating func number(_ text: Span<UInt8>) throws(JSONError) -> JSONValue {
        let start = position
        if text[position] == UInt8(ascii: "-") { position += 1 }
        let integerStart = position
        try skipDigits(text)
        guard position - integerStart == 1 || text[integerStart] != UInt8(ascii: "0") else {
            throw JSONError(.malformedNumber, at: integerStart)
        }
        let integerEnd = position
        if next(text, is: UInt8(ascii: ".")) {
            position += 1
            try skipDigits(text)
        }
        if next(text, is: UInt8(ascii: "e")) || next(text, is: UInt8(ascii: "E")) {
            position += 1
            if next(text, is: UInt8(ascii: "+")) || next(text, is: UInt8(ascii: "-")) {
                position += 1
            }
            try skipDigits(text)
        }
        // Digits, points and signs are ASCII, so the range is UTF-8 by itself.
        let spelling = String(copying: UTF8Span(unchecked: text.extracting(start..<position)))
        if position == integerEnd, let integer = Int64(spelling) { return .integer(integer) }
        if position > integerEnd, let double = Double(spelling), double.isFinite {
            return .double(double)
        }
        throw JSONError(.numberOutOfRange, at: start)
    }

    private func next(_ text: Span<UInt8>, is octet: UInt8) -> Bool {
        position < text.count && text[position] == octet
    }

    /// Steps over one digit or more.
    private mutating func skipDigits(_ text: Span<UInt8>) throws(JSONError) {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard digits.contains(try octet(text)) else {
            throw JSONError(.malformedNumber, at: position)
        }
        while position < text.count, digits.contains(text[position]) { position += 1 }
    }
}
