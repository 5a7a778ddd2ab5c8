/// A range among the octets of a head in half the room of `Range<Int>`, for a request keeps many.
struct OctetRange: Sendable {
    private let start: UInt32
    private let end: UInt32

    /// - Precondition: `range` ends below 2^32, which `RequestParser.init` makes sure of.
    init(_ range: Range<Int>) {
        start = UInt32(range.lowerBound)
        end = UInt32(range.upperBound)
    }

    var count: Int { Int(end &- start) }

    var indices: Range<Int> {
        Int(start)..<Int(end)
    }
}
