import HTTPTypes

extension RequestFields {
    /// Whether content is best sent in gzip, by Accept-Encoding (RFC 9110 §12.5.3): gzip has a
    /// weight above zero and none below that of content as it is.
    ///
    /// Without the field the answer is no, though the RFC would allow it: who does not ask for gzip
    /// may not know it. A field that is malformed says nothing either. Whoever refuses both gzip
    /// and content as it is gets it as it is, which §12.4.1 leaves to the server: 406 would be an
    /// answer that is not compressed either.
    package var prefersGzip: Bool {
        guard let field = octets(of: .acceptEncoding) else { return false }
        let weights = CodingWeights(parsing: field.span)
        guard let weights, let gzip = weights.gzip ?? weights.any, gzip > 0 else { return false }
        return gzip >= weights.identity ?? weights.any ?? 0
    }

    /// How the content is coded (RFC 9110 §8.4); nil for what is none of the service's codings, and
    /// for one coding over another: no client has a reason for that, and a few octets in two of
    /// them can stand for a million times as many.
    package var contentCoding: ContentCoding? {
        guard let field = octets(of: .contentEncoding) else { return .identity }
        var coding = ContentCoding.identity
        let octets = field.span
        var members = ListMembers(octets.indices)
        while let member = members.next(in: octets) {
            if coding == .identity, octets.isGzip(member) {
                coding = .gzip
            } else if !member.isEmpty, !octets.equalsIgnoringCase(member, "identity") {
                return nil
            }
        }
        return coding
    }
}

/// How the content of a request may be coded (RFC 9110 §8.4.1).
package enum ContentCoding: Equatable, Sendable {
    /// Not at all.
    case identity
    /// Gzip (RFC 1952), also by its old name x-gzip.
    case gzip

    /// What is told to whom uses another one, as Accept-Encoding (RFC 9110 §12.5.3).
    package static let accepted = "gzip, identity"
}

/// The weights that Accept-Encoding gives, in thousandths.
private struct CodingWeights {
    var gzip: Int?
    var identity: Int?
    /// What `*` gives to those that are not named.
    var any: Int?

    /// Reads a field; nil if a member of it is malformed. Of two weights the higher one counts.
    init?(parsing octets: Span<UInt8>) {
        var members = ListMembers(octets.indices)
        while let member = members.next(in: octets) {
            guard !member.isEmpty else { continue }
            let nameEnd = octets.firstIndex(of: ASCII.semicolon, in: member) ?? member.upperBound
            let name = octets.trimmingWhitespace(member.lowerBound..<nameEnd)
            guard octets.isNonEmpty(name, allOf: .token) else { return nil }
            var weight = 1_000
            if nameEnd < member.upperBound {
                let parameter = octets.trimmingWhitespace(nameEnd + 1..<member.upperBound)
                let text = octets.string(parameter).lowercased()
                guard let given = text.weight else { return nil }
                weight = given
            }
            if octets.isGzip(name) {
                gzip = max(gzip ?? 0, weight)
            } else if octets.equalsIgnoringCase(name, "identity") {
                identity = max(identity ?? 0, weight)
            } else if octets.equals(name, "*") {
                any = max(any ?? 0, weight)
            }
        }
    }
}

extension Span<UInt8> {
    /// Whether a coding is gzip; x-gzip is the same (RFC 9110 §8.4.1.3).
    fileprivate func isGzip(_ range: Range<Int>) -> Bool {
        equalsIgnoringCase(range, "gzip") || equalsIgnoringCase(range, "x-gzip")
    }
}
