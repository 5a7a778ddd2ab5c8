/// Writes JSON texts, without white space, into a buffer and nowhere else.
///
///     JSONWriter.appendObject(to: &body) { user in
///         user.member("email", "ada@example.com")
///         user.array("roles") { roles in roles.element("member") }
///     }
package enum JSONWriter {
    /// The text of an object.
    ///
    /// - Parameter capacity: octets to set aside before the first is written; more are no error.
    package static func object(
        capacity: Int = 512, _ write: (inout JSONObjectWriter) -> Void
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(capacity)
        appendObject(to: &bytes, write)
        return bytes
    }

    /// Appends the text of an object to `bytes`.
    package static func appendObject(
        to bytes: inout [UInt8], _ write: (inout JSONObjectWriter) -> Void
    ) {
        bytes.append(UInt8(ascii: "{"))
        var writer = JSONObjectWriter(taking: [])
        swap(&bytes, &writer.bytes)
        write(&writer)
        swap(&bytes, &writer.bytes)
        bytes.append(UInt8(ascii: "}"))
    }

    /// Appends the text of an array to `bytes`.
    package static func appendArray(
        to bytes: inout [UInt8], _ write: (inout JSONArrayWriter) -> Void
    ) {
        bytes.append(UInt8(ascii: "["))
        var writer = JSONArrayWriter(taking: [])
        swap(&bytes, &writer.bytes)
        write(&writer)
        swap(&bytes, &writer.bytes)
        bytes.append(UInt8(ascii: "]"))
    }
}

extension JSONValue {
    /// The value as a JSON text without white space.
    package var text: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(json: self)
        return bytes
    }
}

extension [UInt8] {
    mutating func append(json value: JSONValue) {
        switch value {
        case .null: append("null")
        case .bool(let value): append(jsonBool: value)
        case .integer(let value): append(jsonInteger: value)
        case .double(let value): append(jsonDouble: value)
        case .string(let value): append(jsonString: value)
        case .array(let elements):
            JSONWriter.appendArray(to: &self) { array in
                for element in elements { array.element(value: element) }
            }
        case .object(let object): append(json: object)
        }
    }

    private mutating func append(json object: JSONObject) {
        append(UInt8(ascii: "{"))
        for (index, member) in object.members.enumerated() {
            if index > 0 { append(UInt8(ascii: ",")) }
            append(jsonString: member.name)
            append(UInt8(ascii: ":"))
            append(json: member.value)
        }
        append(UInt8(ascii: "}"))
    }
}
