/// Writes one JSON object, member by member, at the end of a buffer.
///
/// The writer exists only inside the closure that writes the object, so the brackets and the commas
/// are always right. Names are string literals of ASCII letters, digits and underscores, and the
/// caller's code gives each once.
package struct JSONObjectWriter: ~Copyable {
    var bytes: [UInt8]
    private var isFirst = true

    init(taking bytes: consuming [UInt8]) {
        self.bytes = bytes
    }

    /// Writes a string, or `null`.
    package mutating func member(_ name: StaticString, _ value: String?) {
        write(name)
        if let value { bytes.append(jsonString: value) } else { bytes.append("null") }
    }

    /// Writes `true` or `false`.
    package mutating func member(_ name: StaticString, _ value: Bool) {
        write(name)
        bytes.append(jsonBool: value)
    }

    /// Writes an integer.
    package mutating func member(_ name: StaticString, _ value: Int64) {
        write(name)
        bytes.append(jsonInteger: value)
    }

    /// Writes a number with the fewest digits that read back as `value`; `null` if not finite.
    package mutating func member(_ name: StaticString, double value: Double) {
        write(name)
        bytes.append(jsonDouble: value)
    }

    /// Writes a value of any kind.
    package mutating func member(_ name: StaticString, _ value: JSONValue) {
        write(name)
        bytes.append(json: value)
    }

    /// Writes a text that is JSON already, as it is.
    package mutating func member(_ name: StaticString, json text: [UInt8]) {
        write(name)
        bytes.append(contentsOf: text)
    }

    /// Writes `null`.
    package mutating func null(_ name: StaticString) {
        write(name)
        bytes.append("null")
    }

    /// Writes the string that `append` adds to the buffer; it must need no escapes.
    package mutating func member(
        _ name: StaticString, quoting append: (inout [UInt8]) -> Void
    ) {
        write(name)
        bytes.append(UInt8(ascii: "\""))
        append(&bytes)
        bytes.append(UInt8(ascii: "\""))
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

    private mutating func write(_ name: StaticString) {
        bytes.append(memberName: name, isFirst: isFirst)
        isFirst = false
    }
}
