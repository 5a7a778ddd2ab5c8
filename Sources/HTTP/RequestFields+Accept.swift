import HTTPTypes

extension RequestFields {
    /// Whether the client takes content of one of these media types, such as `application/json`
    /// (RFC 9110 §12.5.1). Without `Accept` it takes any.
    ///
    /// Of the ranges that fit a type the most specific one counts, and it fits unless its weight is
    /// zero. Parameters other than the weight are not looked at. What is no range is passed over,
    /// and a weight that cannot be read refuses nothing: old clients send `*; q=.2`.
    package func accepts(anyOf mediaTypes: [String]) -> Bool {
        guard let ranges = acceptedRanges else { return true }
        return mediaTypes.contains { ranges.acceptance(of: $0).weight > 0 }
    }

    /// The one of these media types that the client likes best, by the rules of
    /// ``accepts(anyOf:)``: the one with the highest weight, of these the one that it names most
    /// closely, of these the first; nil if it takes none.
    package func preferred(of mediaTypes: [String]) -> String? {
        guard let ranges = acceptedRanges else { return mediaTypes.first }
        var best: (mediaType: String, acceptance: (weight: Int, specificity: Int))?
        for mediaType in mediaTypes {
            let acceptance = ranges.acceptance(of: mediaType)
            if acceptance > best?.acceptance ?? (0, .max) { best = (mediaType, acceptance) }
        }
        return best?.mediaType
    }

    /// The ranges of `Accept`; nil if the client takes anything.
    private var acceptedRanges: [MediaRange]? {
        guard let value = value(of: .accept) else { return nil }
        let ranges = value.utf8.split(separator: ASCII.comma).compactMap {
            MediaRange(parsing: Substring($0))
        }
        return ranges.isEmpty ? nil : ranges
    }
}

extension [MediaRange] {
    /// How much a media type is wanted, and how closely it is named; a weight of 0 if not at all.
    fileprivate func acceptance(of mediaType: String) -> (weight: Int, specificity: Int) {
        let fitting = filter { $0.contains(mediaType) }
        guard let specific = fitting.map(\.specificity).max() else { return (0, 0) }
        let weights = fitting.filter { $0.specificity == specific }.map(\.weight)
        return (weights.max() ?? 0, specific)
    }
}

/// A media type, all subtypes of a type, or all types, with a weight (RFC 9110 §12.5.1).
private struct MediaRange {
    /// In lower case, such as `text/*`.
    private let text: String
    /// Its weight in thousandths; 1000 if it has none that can be read.
    let weight: Int

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
        weight = parts.dropFirst().compactMap(\.weight).first ?? 1_000
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
    /// The weight that a parameter in lower case and without white space is, in thousandths; nil if
    /// it is none. A weight is 0 to 1 with up to three decimals (RFC 9110 §12.4.2).
    var weight: Int? {
        guard hasPrefix("q=") else { return nil }
        var octets = utf8.dropFirst(2)
        guard let first = octets.popFirst(), first == ASCII.zero || first == ASCII.zero + 1 else {
            return nil
        }
        var (weight, step) = (Int(first - ASCII.zero) * 1_000, 100)
        guard let point = octets.popFirst() else { return weight }
        guard point == ASCII.dot, octets.count <= 3, octets.allSatisfy(ASCII.isDigit) else {
            return nil
        }
        for octet in octets {
            weight += Int(octet - ASCII.zero) * step
            step /= 10
        }
        return min(1_000, weight)
    }
}
