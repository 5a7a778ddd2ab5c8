import HTTP

/// What holds of a head that the parser has accepted, as a reader that knows nothing of the parser
/// sees it.
enum HeadProperties {
    static func check(_ head: HeadFacts) throws(BrokenProperty) {
        guard let naive = NaiveHead(head.octets) else {
            throw BrokenProperty(description: "A head has the outline of one: \(head.octets).")
        }
        try checkLine(head, naive)
        try checkFields(head, naive)
        try checkFraming(head, naive)
        try checkAuthority(head, naive)
    }

    private static func checkLine(
        _ head: HeadFacts, _ naive: NaiveHead
    ) throws(BrokenProperty) {
        try require(head.method.utf8.elementsEqual(naive.method), "The method is the first part.")
        let version = naive.version.map { UnicodeScalar($0) }
        try require(
            version.starts(with: "HTTP/1.".unicodeScalars) && version.count == 8
                && head.minorVersion == (version[7] == "0" ? 0 : 1),
            "\(head.minorVersion) is the minor version of \(naive.version).")
        try require(
            !naive.target.contains { Octets.isControl($0) || $0 == 0x20 || $0 > 0x7E },
            "A target holds visible characters of ASCII.")
        let target = String(decoding: naive.target, as: UTF8.self)
        let isServerWide =
            target == "*"
            || (naive.method == Array("OPTIONS".utf8) && target.lowercased().hasPrefix("http://")
                && !target.dropFirst(7).contains { "/?".contains($0) })
        try require(
            head.isAsterisk == isServerWide, "An asterisk, or a target without a path, is one.")
    }

    private static func checkFields(
        _ head: HeadFacts, _ naive: NaiveHead
    ) throws(BrokenProperty) {
        try require(
            head.fieldCount == naive.fields.count,
            "\(head.fieldCount) fields are \(naive.fields.count).")
        for (name, value) in naive.fields {
            try require(
                !value.contains { Octets.isControl($0) && $0 != 0x09 },
                "The value of \(name) holds no control: \(value).")
            let joined = Array(naive.values(of: name).joined(separator: Array(", ".utf8)))
            try require(
                head.values[name] == joined,
                "The value of \(name) is \(joined), not \(head.values[name] ?? []).")
        }
    }

    /// No other program can see another end of the message.
    private static func checkFraming(
        _ head: HeadFacts, _ naive: NaiveHead
    ) throws(BrokenProperty) {
        let lengths = naive.values(of: "content-length")
        let codings = naive.values(of: "transfer-encoding")
        let agrees =
            switch head.framing {
            case .none: lengths.isEmpty && codings.isEmpty
            case .length(let length):
                codings.isEmpty && lengths.count == 1 && length >= 0
                    && Int(String(decoding: lengths[0], as: UTF8.self)) == length
                    && lengths[0].allSatisfy { (0x30...0x39).contains($0) }
            case .chunked:
                lengths.isEmpty && codings.count == 1 && head.minorVersion == 1
                    && String(decoding: codings[0], as: UTF8.self).lowercased() == "chunked"
            }
        try require(agrees, "The framing is \(head.framing) of \(lengths) and \(codings).")
        try require(
            !head.expectsContinue || head.minorVersion == 1, "HTTP/1.0 has no 100 (Continue).")
    }

    private static func checkAuthority(
        _ head: HeadFacts, _ naive: NaiveHead
    ) throws(BrokenProperty) {
        let hosts = naive.values(of: "host")
        try require(
            hosts.count == 1 || (hosts.isEmpty && head.minorVersion == 0),
            "A request has one Host field, not \(hosts.count).")
        guard let authority = head.authority else {
            return try require(hosts.isEmpty, "A request with a Host field has an authority.")
        }
        try AuthorityProperties.check(authority)
        if naive.target.first == UInt8(ascii: "/") || naive.target == Array("*".utf8) {
            try require(
                hosts.first.map { $0.elementsEqual(authority.utf8) } == true,
                "The authority is the Host field's.")
        } else {
            let text = String(decoding: naive.target, as: UTF8.self)
            try require(text.contains("://" + authority), "The authority is the target's.")
        }
    }
}

/// What holds of a host and port that the parser has accepted.
enum AuthorityProperties {
    static func check(_ authority: String) throws(BrokenProperty) {
        try require(
            !authority.isEmpty && authority.first != ":", "An authority has a host: \(authority).")
        try require(
            !authority.unicodeScalars.contains {
                !(0x21...0x7E).contains($0.value) || "@/?#\\\"<>^`{|}".unicodeScalars.contains($0)
            }, "An authority holds what RFC 3986 §3.2 lets it: \(authority).")
        guard authority.first != "[" else { return }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        try require(
            parts.count == 1 || (parts.count == 2 && (parts[1].isEmpty || UInt16(parts[1]) != nil)),
            "A port is a number up to 65535: \(authority).")
    }
}
