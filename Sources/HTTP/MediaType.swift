/// A media type with its parameters, such as `application/json; charset=utf-8`
/// (RFC 9110 §8.3.1).
package struct MediaType: Equatable, Sendable {
    /// A parameter of a media type.
    package struct Parameter: Equatable, Sendable {
        /// The name in lower case.
        package let name: String
        /// The value as given, without quotes.
        package let value: String
    }

    /// Type and subtype in lower case, such as `application/json`.
    package let essence: String
    /// The parameters in the order given; no name is there twice.
    package let parameters: [Parameter]

    /// Reads a Content-Type field's value; `nil` when it is malformed or repeats a parameter.
    package init?(parsing value: String) {
        let bytes = value.utf8.span
        var reader = ParameterReader(bytes.trimmingWhitespace(0..<bytes.count))
        guard let type = reader.token(in: bytes), reader.take(ASCII.slash, in: bytes),
            let subtype = reader.token(in: bytes)
        else { return nil }
        var parameters: [Parameter] = []
        while !reader.isAtEnd {
            guard reader.takeSpaced(ASCII.semicolon, in: bytes) else { return nil }
            // RFC 9110 §5.6.6 lets a semicolon stand with nothing behind it.
            guard let name = reader.token(in: bytes) else { continue }
            guard let parameter = Self.parameter(named: name, from: &reader, in: bytes),
                !parameters.contains(where: { $0.name == parameter.name })
            else { return nil }
            parameters.append(parameter)
        }
        essence = bytes.string(type.lowerBound..<subtype.upperBound).lowercased()
        self.parameters = parameters
    }

    /// Whether text of this type is UTF-8, the only encoding of JSON between systems
    /// (RFC 8259 §8.1): no `charset` is given, or it is `utf-8`.
    package var isUTF8: Bool {
        parameters.allSatisfy { $0.name != "charset" || $0.value.lowercased() == "utf-8" }
    }

    /// The parameter of this name, its value yet to be read.
    private static func parameter(
        named name: Range<Int>, from reader: inout ParameterReader, in bytes: Span<UInt8>
    ) -> Parameter? {
        guard reader.take(ASCII.equals, in: bytes) else { return nil }
        let lowercasedName = bytes.string(name).lowercased()
        if let token = reader.token(in: bytes) {
            return Parameter(name: lowercasedName, value: bytes.string(token))
        }
        guard let quoted = reader.quotedString(in: bytes),
            let text = String(validating: quoted, as: UTF8.self)
        else { return nil }
        return Parameter(name: lowercasedName, value: text)
    }
}
