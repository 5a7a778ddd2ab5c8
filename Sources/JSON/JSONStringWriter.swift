/// Writes one JSON string, part by part, at the end of a buffer.
package struct JSONStringWriter: ~Copyable {
    private var bytes: [UInt8]

    private init(taking bytes: consuming [UInt8]) { self.bytes = bytes }

    static func append(
        to bytes: inout [UInt8], _ write: (inout JSONStringWriter) -> Void
    ) {
        bytes.append(UInt8(ascii: "\""))
        var writer = JSONStringWriter(taking: [])
        swap(&bytes, &writer.bytes)
        write(&writer)
        swap(&bytes, &writer.bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Appends a text.
    package mutating func append(_ text: String) { bytes.append(stringPart: text) }

    /// Appends a constant, which must need no escapes.
    package mutating func append(_ text: StaticString) { bytes.append(text) }

    /// Appends an integer's decimal digits.
    package mutating func append(_ value: Int64) { bytes.append(jsonInteger: value) }
}
