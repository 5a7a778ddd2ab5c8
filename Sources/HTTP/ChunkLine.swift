/// The line before a chunk's octets: `chunk-size [ chunk-ext ]` (RFC 9112 §7.1).
struct ChunkLine {
    /// How many octets the chunk holds; 0 in the last one.
    let size: Int
    /// How many octets of the line are not the size.
    let extensionBytes: Int

    /// Reads the line that stands in `range`; it has no control but the tab.
    ///
    /// The size is 1 to 16 hexadecimal digits that fit `Int`. Extensions must be well formed,
    /// and are then ignored as RFC 9112 §7.1.1 asks.
    init(parsing bytes: Span<UInt8>, _ range: Range<Int>) throws(RequestParseError) {
        var value: UInt64 = 0
        var index = range.lowerBound
        while index < range.upperBound, let digit = ASCII.hexValue(bytes[index]) {
            value = value << 4 | UInt64(digit)
            index += 1
            guard index - range.lowerBound <= 16 else { throw .malformedChunk }
        }
        guard index > range.lowerBound, let size = Int(exactly: value),
            Self.areExtensions(bytes, index..<range.upperBound)
        else { throw .malformedChunk }
        self.size = size
        extensionBytes = range.upperBound - index
    }

    /// Whether `range` is `*( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )`.
    private static func areExtensions(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var reader = ParameterReader(range)
        while !reader.isAtEnd {
            guard reader.takeSpaced(ASCII.semicolon, in: bytes), reader.token(in: bytes) != nil
            else { return false }
            guard reader.takeSpaced(ASCII.equals, in: bytes) else { continue }
            guard reader.token(in: bytes) != nil || reader.quotedString(in: bytes) != nil
            else { return false }
        }
        return true
    }
}
