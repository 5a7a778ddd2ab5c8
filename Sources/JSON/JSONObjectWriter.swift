package import Ambient

/// Writes one JSON object, member by member, at the end of a buffer.
///
/// The writer exists only inside the closure that writes the object, so the brackets and the commas
/// are always right. Names are string literals of ASCII letters, digits and underscores, and the
/// caller's code gives each once.
package struct JSONObjectWriter: ~Copyable {
    var bytes: [UInt8]
    var isFirst = true

    init(taking bytes: consuming [UInt8]) {
        self.bytes = bytes
    }

    /// Writes a string, or `null`.
    package mutating func member(_ name: StaticString, _ value: String?) {
        guard let value else { return null(name) }
        bytes.append(memberName: name, isFirst: isFirst, jsonString: value)
        isFirst = false
    }

    /// Writes a string that `write` makes of several parts.
    package mutating func member(
        _ name: StaticString, joining write: (inout JSONStringWriter) -> Void
    ) {
        self.write(name)
        JSONStringWriter.append(to: &bytes, write)
    }

    /// Writes `true` or `false`.
    package mutating func member(_ name: StaticString, _ value: Bool) {
        write(name, atMost: 5) { $0.write(value ? "true" : "false") }
    }

    /// Writes an integer.
    package mutating func member(_ name: StaticString, _ value: Int64) {
        write(name, atMost: Digits.decimalOctetsMax) { Digits.write(decimal: value, to: $0) }
    }

    /// Writes `value` thousandths as a number with three decimals, such as `1.250`.
    /// - Parameter value: Not negative.
    package mutating func member(_ name: StaticString, thousandths value: Int64) {
        let (whole, fraction) = value.quotientAndRemainder(dividingBy: 1000)
        write(name, atMost: Digits.decimalOctetsMax + 4) { start in
            let count = Digits.write(decimal: whole, to: start)
            // The digit in front is the point's place.
            _ = Digits.write(decimal: 1000 + fraction, to: start + count)
            start[count] = UInt8(ascii: ".")
            return count + 4
        }
    }

    /// Writes a UUID in its text form.
    package mutating func member(_ name: StaticString, _ value: UUID) {
        write(name, atMost: UUID.textLength + 2) { start in
            value.write(to: start + 1)
            start[0] = UInt8(ascii: "\"")
            start[UUID.textLength + 1] = UInt8(ascii: "\"")
            return UUID.textLength + 2
        }
    }

    /// Writes a time as RFC 3339 has it, or `null`.
    package mutating func member(_ name: StaticString, _ value: Timestamp?) {
        guard let value else { return null(name) }
        write(name, atMost: Timestamp.textOctetsMax + 2) { start in
            let count = value.write(to: start + 1)
            start[0] = UInt8(ascii: "\"")
            start[count + 1] = UInt8(ascii: "\"")
            return count + 2
        }
    }

    /// Writes a number with the fewest digits that read back as `value`; `null` if not finite.
    package mutating func member(_ name: StaticString, double value: Double) {
        write(name)
        bytes.append(jsonDouble: value)
    }

    /// Writes a value of any kind.
    package mutating func member(_ name: StaticString, value: JSONValue) {
        write(name)
        bytes.append(json: value)
    }

    /// Writes a text that is JSON already, as it is.
    package mutating func member(_ name: StaticString, json text: [UInt8]) {
        text.withUnsafeBufferPointer { text in
            write(name, atMost: text.count) { $0.write(text) }
        }
    }

    /// Writes `null`.
    package mutating func null(_ name: StaticString) {
        write(name, atMost: 4) { $0.write("null") }
    }

    /// Writes an object within this one.
    package mutating func object(
        _ name: StaticString, _ write: (inout JSONObjectWriter) -> Void
    ) {
        self.write(name)
        JSONWriter.appendObject(to: &bytes, write)
    }

    /// Writes an array within this object.
    package mutating func array(
        _ name: StaticString, _ write: (inout JSONArrayWriter) -> Void
    ) {
        self.write(name)
        JSONWriter.appendArray(to: &bytes, write)
    }

    @inline(__always)
    private mutating func write(
        _ name: StaticString, atMost countMax: Int,
        _ write: (UnsafeMutablePointer<UInt8>) -> Int
    ) {
        bytes.append(memberName: name, isFirst: isFirst, atMost: countMax, write)
        isFirst = false
    }

    private mutating func write(_ name: StaticString) {
        bytes.append(memberName: name, isFirst: isFirst)
        isFirst = false
    }
}
