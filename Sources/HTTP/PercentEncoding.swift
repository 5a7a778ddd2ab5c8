/// Percent-encoding (RFC 3986 §2.1).
package enum PercentEncoding {
    /// The octet that the `%XX` at the beginning of `range` stands for; `nil` when there is none.
    @inline(__always)
    static func escape(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt8? {
        guard range.count >= 3, bytes[range.lowerBound] == ASCII.percent,
            let high = ASCII.hexValue(bytes[range.lowerBound + 1]),
            let low = ASCII.hexValue(bytes[range.lowerBound + 2])
        else { return nil }
        return high << 4 | low
    }

    /// The octets of `range` with their escapes resolved; `nil` when an escape is malformed.
    ///
    /// With `plusIsSpace`, a `+` stands for a space, as in `application/x-www-form-urlencoded`.
    package static func decode(
        _ bytes: Span<UInt8>, _ range: Range<Int>, plusIsSpace: Bool
    ) -> [UInt8]? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            let octet = bytes[index]
            if octet == ASCII.percent {
                guard let value = escape(bytes, index..<range.upperBound) else { return nil }
                decoded.append(value)
                index += 3
            } else {
                decoded.append(plusIsSpace && octet == UInt8(ascii: "+") ? ASCII.space : octet)
                index += 1
            }
        }
        return decoded
    }
}
