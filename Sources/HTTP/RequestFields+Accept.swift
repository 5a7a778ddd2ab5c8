import HTTPTypes

extension RequestFields {
    /// Whether the client takes content of one of these media types, such as `application/json`
    /// (RFC 9110 §12.5.1). Without `Accept` it takes any.
    ///
    /// Of the ranges that fit a type the most specific one counts, and it fits unless its weight is
    /// zero. Parameters other than the weight are not looked at. What is no range is passed over,
    /// and a weight that cannot be read refuses nothing: old clients send `*; q=.2`.
    /// - Parameter mediaTypes: Types in lower case.
    package func accepts(anyOf mediaTypes: [String]) -> Bool {
        guard let field = octets(of: .accept), field.span.hasMediaRange else { return true }
        return mediaTypes.contains { field.span.acceptance(of: $0).weight > 0 }
    }

    /// The one of these media types that the client likes best, by the rules of
    /// ``accepts(anyOf:)``: the one with the highest weight, of these the one that it names most
    /// closely, of these the first; nil if it takes none.
    package func preferred(of mediaTypes: [String]) -> String? {
        guard let field = octets(of: .accept), field.span.hasMediaRange else {
            return mediaTypes.first
        }
        var best: (mediaType: String, acceptance: (weight: Int, specificity: Int))?
        for mediaType in mediaTypes {
            let acceptance = field.span.acceptance(of: mediaType)
            if acceptance > best?.acceptance ?? (0, .max) { best = (mediaType, acceptance) }
        }
        return best?.mediaType
    }
}

extension Span<UInt8> {
    /// Whether a member of the list is a range of media types.
    fileprivate var hasMediaRange: Bool {
        var members = ListMembers(indices)
        while let member = members.next(in: self) {
            if MediaRange(parsing: self, member) != nil { return true }
        }
        return false
    }

    /// How much the list wants a media type, and how closely it names it; a weight of 0 if not at
    /// all. Of two ranges that name it alike the higher weight counts.
    fileprivate func acceptance(of mediaType: String) -> (weight: Int, specificity: Int) {
        var closest = (specificity: 0, weight: 0)
        var members = ListMembers(indices)
        while let member = members.next(in: self) {
            guard let range = MediaRange(parsing: self, member),
                range.contains(mediaType.utf8.span, in: self)
            else { continue }
            let found = (specificity: range.specificity, weight: range.weight(in: self))
            if found > closest { closest = found }
        }
        return (closest.weight, closest.specificity)
    }
}

/// A media type, all subtypes of a type, or all types, with a weight (RFC 9110 §12.5.1), among the
/// octets of a list.
private struct MediaRange {
    /// 0 for all types, 1 for the subtypes of one, 2 for one.
    let specificity: Int
    /// Where the type stands, or the part of it that has to be the same, up to the slash.
    private let name: Range<Int>
    private let parameters: Range<Int>

    init?(parsing octets: Span<UInt8>, _ member: Range<Int>) {
        let end = octets.firstIndex(of: ASCII.semicolon, in: member) ?? member.upperBound
        parameters = end..<member.upperBound
        let text = octets.trimmingWhitespace(member.lowerBound..<end)
        if octets.equals(text, "*") || octets.equals(text, "*/*") {
            (specificity, name) = (0, text.lowerBound..<text.lowerBound)
            return
        }
        guard let slash = octets.firstIndex(of: ASCII.slash, in: text) else { return nil }
        let (type, subtype) = (text.lowerBound..<slash, slash + 1..<text.upperBound)
        guard !type.isEmpty, !subtype.isEmpty, !octets.has(ASCII.slash, in: subtype),
            !octets.equals(type, "*")
        else { return nil }
        (specificity, name) =
            octets.equals(subtype, "*") ? (1, type.lowerBound..<slash + 1) : (2, text)
    }

    func contains(_ mediaType: Span<UInt8>, in octets: Span<UInt8>) -> Bool {
        let compared = specificity == 2 ? mediaType : mediaType.extracting(first: name.count)
        return octets.equalsIgnoringCase(name, lowercased: compared)
    }

    /// Its weight in thousandths; 1000 if it has none that can be read.
    func weight(in octets: Span<UInt8>) -> Int {
        var rest = parameters
        while !rest.isEmpty {
            let start = rest.lowerBound + 1
            let end = octets.firstIndex(of: ASCII.semicolon, in: start..<rest.upperBound)
            rest = (end ?? rest.upperBound)..<rest.upperBound
            let parameter = octets.trimmingWhitespace(start..<rest.lowerBound)
            if let weight = octets.string(parameter).lowercased().weight { return weight }
        }
        return 1_000
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
