import HTTP

/// What holds of the values of fields that are read apart.
enum ValueProperties {
    static func check(_ input: FuzzInput) throws(BrokenProperty) {
        let text = String(decoding: input.bytes, as: UTF8.self)
        try checkMediaType(text)
        try checkEntityTags(text)
        try checkQuery(text)
        try checkAuthority(input)
        try ForwardedProperties.check(input)
        try checkAcceptEncoding(input)
        try ResponseProperties.check([text, text])
    }

    /// A media type that is written out anew is the same.
    private static func checkMediaType(_ text: String) throws(BrokenProperty) {
        guard let type = MediaType(parsing: text) else { return }
        let parameters = type.parameters.map { parameter in
            // By scalars: a quote with an accent behind it is a character that is no quote.
            let value = parameter.value.unicodeScalars.map { scalar in
                "\"\\".unicodeScalars.contains(scalar) ? "\\\(scalar)" : "\(scalar)"
            }
            return "; \(parameter.name)=\"\(value.joined())\""
        }
        let written = type.essence + parameters.joined()
        try require(MediaType(parsing: written) == type, "\(written) is \(type).")
    }

    /// Entity tags that are written out anew are the same.
    private static func checkEntityTags(_ text: String) throws(BrokenProperty) {
        guard case .tags(let tags) = EntityTagCondition(parsing: text) else { return }
        let written = tags.map(\.fieldValue).joined(separator: ", ")
        try require(EntityTagCondition(parsing: written) == .tags(tags), "\(written) is \(tags).")
    }

    /// Parameters that are written out anew are the same.
    private static func checkQuery(_ text: String) throws(BrokenProperty) {
        guard let query = try? QueryParameters(parsing: text) else { return }
        let pairs = query.parameters.map { parameter in
            [parameter.name, parameter.value].map { text in
                String(decoding: Octets.percentEncoded(Array(text.utf8)), as: UTF8.self)
            }.joined(separator: "=")
        }
        let written = pairs.joined(separator: "&")
        try require(
            (try? QueryParameters(parsing: written)) == query, "\(written) is \(query.parameters).")
    }

    /// Who prefers gzip does so the more it is named, and not by what is malformed.
    private static func checkAcceptEncoding(_ input: FuzzInput) throws(BrokenProperty) {
        // A longer one might pass a limit by what is added.
        guard input.bytes.count < 8192, !input.bytes.contains(where: { "\r\n".utf8.contains($0) })
        else { return }
        func prefersGzip(_ rest: String) -> Bool {
            let head = Array("GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: ".utf8) + input.bytes
            let octets = head + Array("\(rest)\r\n\r\n".utf8)
            var parser = RequestParser(limits: RequestLimits())
            return (try? parser.parse(octets.span))?.head.fields.prefersGzip ?? false
        }
        guard prefersGzip("") else { return }
        try require(prefersGzip(", gzip"), "Less gzip is preferred to more.")
        try require(!prefersGzip(", gzip;q=x"), "What is malformed is preferred.")
    }

    /// A host and port mean the same in the Host field and in a target.
    private static func checkAuthority(_ input: FuzzInput) throws(BrokenProperty) {
        let value = Octets.trimmed(input.bytes[...])
        let inField = ConnectionReader.read(
            [Array("GET / HTTP/1.1\r\nHost: ".utf8) + value + Array("\r\n\r\n".utf8)],
            limits: RequestLimits())
        let inTarget = ConnectionReader.read(
            [Array("GET http://".utf8) + value + Array("/ HTTP/1.1\r\nHost: a\r\n\r\n".utf8)],
            limits: RequestLimits())
        for message in inField.messages + inTarget.messages {
            try HeadProperties.check(message.head)
        }
        // Where the value has none of these, it is all of the field and all of the authority.
        guard !value.contains(where: { " \t\r\n/?".utf8.contains($0) }) else { return }
        try require(
            inField.messages.first?.head.authority == inTarget.messages.first?.head.authority,
            "\(value) is one authority or none: \(inField), \(inTarget).")
    }
}
