/// Writes one JSON array, element by element, at the end of a buffer.
///
/// The writer exists only inside the closure that writes the array, so the brackets and the commas
/// are always right.
package struct JSONArrayWriter: ~Copyable {
    var bytes: [UInt8]
    private var isFirst = true

    init(taking bytes: consuming [UInt8]) {
        self.bytes = bytes
    }

    /// Writes a string.
    package mutating func element(_ value: String) {
        separate()
        bytes.append(jsonString: value)
    }

    /// Writes an integer.
    package mutating func element(_ value: Int64) {
        separate()
        bytes.append(jsonInteger: value)
    }

    /// Writes a value of any kind.
    package mutating func element(value: JSONValue) {
        separate()
        bytes.append(json: value)
    }

    /// Writes an object within this array.
    package mutating func object(_ write: (inout JSONObjectWriter) -> Void) {
        separate()
        JSONWriter.appendObject(to: &bytes, write)
    }

    /// Writes an array within this one.
    package mutating func array(_ write: (inout JSONArrayWriter) -> Void) {
        separate()
        JSONWriter.appendArray(to: &bytes, write)
    }

    private mutating func separate() {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
    }
}
