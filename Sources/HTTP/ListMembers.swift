/// The members of a comma-separated list, as ranges of octets, the empty ones too.
///
/// Commas inside quoted strings part members as well: no list that is read with it allows them.
struct ListMembers {
    private var rest: Range<Int>?

    /// The members of the list that stands in `range`; an empty range has one empty member.
    init(_ range: Range<Int>) {
        rest = range
    }

    /// The next member without the white space around it; `nil` after the last.
    mutating func next(in bytes: Span<UInt8>) -> Range<Int>? {
        guard let range = rest else { return nil }
        guard let comma = bytes.firstIndex(of: ASCII.comma, in: range) else {
            rest = nil
            return bytes.trimmingWhitespace(range)
        }
        rest = comma + 1..<range.upperBound
        return bytes.trimmingWhitespace(range.lowerBound..<comma)
    }
}
