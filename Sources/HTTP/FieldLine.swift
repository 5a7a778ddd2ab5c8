/// Where the name and the value of a well-formed field line stand among the octets of a head.
struct FieldLine: Sendable {
    private let nameRange: OctetRange
    private let valueRange: OctetRange

    var name: Range<Int> { nameRange.indices }

    /// The octets of the name: what tells most names apart.
    var nameCount: Int { nameRange.count }

    /// The value without the white space around it; empty is allowed.
    var value: Range<Int> { valueRange.indices }

    /// Reads `field-name ":" OWS field-value OWS` (RFC 9112 §5).
    ///
    /// - Precondition: `line` is not empty, has no control but the tab, and ends below 2^32.
    init(parsing bytes: Span<UInt8>, _ line: Range<Int>) throws(RequestParseError) {
        guard !ASCII.isWhitespace(bytes[line.lowerBound]) else { throw .obsoleteFolding }
        let octets = bytes.extracting(line)
        var nameCount = 0
        while nameCount < octets.count, OctetClass.token.contains(octets[nameCount]) {
            nameCount &+= 1
        }
        let end = line.lowerBound + nameCount
        guard end > line.lowerBound, end < line.upperBound else { throw .malformedField }
        guard bytes[end] == ASCII.colon else {
            throw Self.isColonBehindWhitespace(bytes, end..<line.upperBound)
                ? .whitespaceBeforeColon : .malformedField
        }
        nameRange = OctetRange(line.lowerBound..<end)
        valueRange = OctetRange(bytes.trimmingWhitespace(end + 1..<line.upperBound))
    }

    private static func isColonBehindWhitespace(
        _ bytes: Span<UInt8>, _ range: Range<Int>
    ) -> Bool {
        let rest = bytes.trimmingWhitespace(range)
        return rest.lowerBound > range.lowerBound && !rest.isEmpty
            && bytes[rest.lowerBound] == ASCII.colon
    }
}
