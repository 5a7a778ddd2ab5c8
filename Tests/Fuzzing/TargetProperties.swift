import HTTP

/// What holds of targets, of the segments of paths and of the parameters of queries.
enum TargetProperties {
    /// What no escape in a path may stand for: NUL, and what separates segments somewhere.
    private static let hiddenOctets: [UInt8] = [0, UInt8(ascii: "/"), UInt8(ascii: "\\")]

    static func check(_ input: FuzzInput) throws(BrokenProperty) {
        for method in ["GET", "OPTIONS"] {
            let line = Array("\(method) ".utf8) + input.bytes + Array(" HTTP/1.1\r\n".utf8)
            let outcome = ConnectionReader.read(
                [line + Array("Host: a\r\n\r\n".utf8)], limits: input.limits)
            for message in outcome.messages {
                try HeadProperties.check(message.head)
                try check(path: message.head.path, query: message.head.query)
            }
        }
        try checkSegment(input.bytes[...])
        try checkRoundTrip(input)
    }

    /// A target that was accepted hides nothing, and all of it can be decoded that is UTF-8.
    static func check(path: String, query: String?) throws(BrokenProperty) {
        try require(path.first == "/" || path == "*", "A path begins with a slash: \(path).")
        for segment in path.utf8.split(separator: UInt8(ascii: "/")) {
            let octets = Array(segment)
            guard let decoded = Octets.percentDecoded(octets[...]) else {
                throw BrokenProperty(description: "A path's escapes are well formed: \(path).")
            }
            try require(
                !decoded.contains(where: hiddenOctets.contains(_:)),
                "A path hides no separator: \(path).")
            try require(
                ![".", ".."].contains(String(decoding: decoded, as: UTF8.self)),
                "A path has no dot segment: \(path).")
            try checkSegment(octets[...])
        }
        guard let query else { return }
        do throws(QueryError) {
            _ = try QueryParameters(parsing: query)
        } catch .malformedEscape {
            throw BrokenProperty(description: "A query's escapes are well formed: \(query).")
        } catch {}
    }

    /// A segment is decoded as the plain decoder does it, or refused for one of three reasons.
    private static func checkSegment(_ segment: ArraySlice<UInt8>) throws(BrokenProperty) {
        var expected = Octets.percentDecoded(segment).flatMap { decoded in
            decoded.contains(where: hiddenOctets.contains(_:))
                ? nil : String(validating: decoded, as: UTF8.self)
        }
        let octets = Array(segment)
        // Without an escape only the slash is looked for: the parser lets neither of the others by.
        if !octets.contains(UInt8(ascii: "%")), !octets.contains(UInt8(ascii: "/")) {
            expected = String(validating: octets, as: UTF8.self)
        }
        let decoded = RequestTarget.decodeSegment(octets.span)
        try require(
            decoded == expected,
            "The segment \(octets) is \(String(describing: decoded)), not "
                + "\(String(describing: expected)).")
    }

    /// What has been escaped comes back.
    private static func checkRoundTrip(_ input: FuzzInput) throws(BrokenProperty) {
        try checkSegment(Octets.percentEncoded(input.bytes)[...])
        let name = Array(input.bytes[..<input.cut])
        let value = Array(input.bytes[input.cut...])
        guard !input.bytes.contains(0), let nameText = String(validating: name, as: UTF8.self),
            let valueText = String(validating: value, as: UTF8.self)
        else { return }
        let query = Octets.percentEncoded(name) + Array("=".utf8) + Octets.percentEncoded(value)
        let parameters = try? QueryParameters(parsing: String(decoding: query, as: UTF8.self))
        try require(
            parameters?.parameters.map(\.name) == [nameText]
                && parameters?.parameters.map(\.value) == [valueText],
            "\(query) stands for \(nameText) and \(valueText).")
    }
}
