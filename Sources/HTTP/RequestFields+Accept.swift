import HTTPTypes

extension RequestFields {
    /// Whether the client takes content of one of these media types, such as `application/json`
    /// (RFC 9110 §12.5.1). Without `Accept` it takes any.
    ///
    /// Of the ranges that fit a type the most specific one counts, and it fits unless its weight is
    /// zero. Parameters other than the weight are not looked at. What is no range is passed over,
    /// and a weight that cannot be read refuses nothing: old clients send `*; q=.2`.
    package func accepts(anyOf mediaTypes: [String]) -> Bool {
        guard let value = value(of: .accept) else { return true }
        let ranges = value.utf8.split(separator: ASCII.comma).compactMap {
            MediaRange(parsing: Substring($0))
        }
        return ranges.isEmpty || mediaTypes.contains { isAccepted($0, by: ranges) }
    }

    private func isAccepted(_ mediaType: String, by ranges: [MediaRange]) -> Bool {
        let fitting = ranges.filter { $0.contains(mediaType) }
        guard let specific = fitting.map(\.specificity).max() else { return false }
        return fitting.contains { $0.specificity == specific && !$0.isRefused }
    }
}

/// A media type, all subtypes of a type, or all types, with a weight (RFC 9110 §12.5.1).
private struct MediaRange {
    /// In lower case, such as `text/*`.
    private let text: String
    /// Whether its weight is zero.
    let isRefused: Bool

    init?(parsing member: Substring) {
        let parts = member.split(separator: ";", omittingEmptySubsequences: false).map {
            String($0.filter { !$0.isWhitespace }).lowercased()
        }
        guard let range = parts.first else { return nil }
        text = range == "*" ? "*/*" : range
        let halves = text.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2, !halves.contains(""), halves[0] != "*" || halves[1] == "*" else {
            return nil
        }
        isRefused = parts.dropFirst().contains(where: \.isZeroWeight)
    }

    /// 0 for all types, 1 for the subtypes of one, 2 for one.
    var specificity: Int {
        if text == "*/*" { return 0 }
        return text.hasSuffix("/*") ? 1 : 2
    }

    func contains(_ mediaType: String) -> Bool {
        switch specificity {
        case 0: true
        case 1: mediaType.hasPrefix(text.dropLast())
        default: mediaType == text
        }
    }
}

extension String {
    /// Whether a parameter in lower case and without white space is a weight of zero. A weight is 0
    /// to 1 with up to three decimals (RFC 9110 §12.4.2).
    var isZeroWeight: Bool {
        hasPrefix("q=0") && dropFirst(2).allSatisfy { "0.".contains($0) }
    }
}
