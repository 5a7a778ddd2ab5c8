/// What tells one version of a resource from another (RFC 9110 §8.8.3).
package struct EntityTag: Equatable, Sendable {
    /// What stands between the quotes.
    package let opaque: String
    /// Whether versions that differ in their octets may share it.
    package let isWeak: Bool

    /// Makes a tag of the service's own. Those of clients come out of ``EntityTagCondition``.
    ///
    /// - Precondition: `opaque` holds no quote, white space or control.
    package init(_ opaque: String, isWeak: Bool = false) {
        precondition(
            opaque.utf8.allSatisfy { OctetClass.entityTag.contains($0) },
            "\(opaque.debugDescription) cannot be an entity tag.")
        self.opaque = opaque
        self.isWeak = isWeak
    }

    /// The tag as a field carries it, such as `"7"` or `W/"7"`.
    package var fieldValue: String {
        (isWeak ? "W/\"" : "\"") + opaque + "\""
    }

    /// Whether both are the same and neither is weak: what If-Match asks for (RFC 9110 §8.8.3.2).
    package func stronglyMatches(_ other: EntityTag) -> Bool {
        !isWeak && !other.isWeak && opaque == other.opaque
    }

    /// Whether both are the same, weak or not: what If-None-Match asks for (RFC 9110 §8.8.3.2).
    package func weaklyMatches(_ other: EntityTag) -> Bool {
        opaque == other.opaque
    }
}

extension EntityTag {
    /// What the tag of content in gzip has behind that of the content itself.
    private static let gzipMark = "-gzip"

    /// The tag of the same content in gzip (RFC 9110 §8.8.3.3), such as `"3-gzip"` of `"3"`.
    package var inGzip: EntityTag { EntityTag(opaque + Self.gzipMark, isWeak: isWeak) }

    /// ``inGzip`` from one value of `ETag` to another, without reading it.
    package static func inGzip(fieldValue: String) -> String {
        "\(fieldValue.dropLast())\(gzipMark)\""
    }

    /// The tag of the content itself, if this is one of content in gzip.
    package var ofInflated: EntityTag? {
        guard opaque.hasSuffix(Self.gzipMark) else { return nil }
        return EntityTag(String(opaque.dropLast(Self.gzipMark.count)), isWeak: isWeak)
    }
}

/// The value of If-Match or If-None-Match (RFC 9110 §13.1.1 and §13.1.2).
package enum EntityTagCondition: Equatable, Sendable {
    /// `*`: any version that exists.
    case any
    /// One of these versions; at least one is given.
    case tags([EntityTag])

    /// Reads a field's value: `*`, or entity tags with commas between them. `nil` when malformed.
    package init?(parsing value: String) {
        let bytes = value.utf8.span
        guard !bytes.equals(bytes.trimmingWhitespace(0..<bytes.count), "*") else {
            self = .any
            return
        }
        var tags: [EntityTag] = []
        var index = 0
        while index < bytes.count {
            let octet = bytes[index]
            guard octet != ASCII.comma, !ASCII.isWhitespace(octet) else {
                index += 1
                continue
            }
            guard let (tag, end) = Self.tag(in: bytes, at: index),
                Self.isMemberEnd(end, in: bytes)
            else { return nil }
            tags.append(tag)
            index = end
        }
        guard !tags.isEmpty else { return nil }
        self = .tags(tags)
    }

    /// Whether the condition names a version by strong comparison, as If-Match does.
    package func stronglyMatches(_ current: EntityTag) -> Bool {
        switch self {
        case .any: true
        case .tags(let tags): tags.contains { $0.stronglyMatches(current) }
        }
    }

    /// Whether the condition names a version by weak comparison, as If-None-Match does.
    package func weaklyMatches(_ current: EntityTag) -> Bool {
        switch self {
        case .any: true
        case .tags(let tags): tags.contains { $0.weaklyMatches(current) }
        }
    }

    /// The tag that begins at `start`, and where it ends.
    private static func tag(
        in bytes: Span<UInt8>, at start: Int
    ) -> (EntityTag, end: Int)? {
        let isWeak = start + 2 <= bytes.count && bytes.equals(start..<start + 2, "W/")
        let quote = isWeak ? start + 2 : start
        guard quote < bytes.count, bytes[quote] == ASCII.quote,
            let end = bytes.firstIndex(of: ASCII.quote, in: quote + 1..<bytes.count),
            bytes.areAll(quote + 1..<end, of: .entityTag),
            let opaque = bytes.validString(quote + 1..<end)
        else { return nil }
        return (EntityTag(opaque, isWeak: isWeak), end + 1)
    }

    /// Whether nothing, or a comma behind white space, stands at `start`.
    private static func isMemberEnd(_ start: Int, in bytes: Span<UInt8>) -> Bool {
        let rest = bytes.trimmingWhitespace(start..<bytes.count)
        return rest.isEmpty || bytes[rest.lowerBound] == ASCII.comma
    }
}
