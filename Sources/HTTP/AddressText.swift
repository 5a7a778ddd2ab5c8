/// Addresses as text (RFC 3986 §3.2.2). Zone identifiers are no part of them.
enum AddressText {
    /// The address that the octets of `range` stand for; nil for anything else: four decimal
    /// numbers up to 255, without leading zeros, with dots between them.
    static func v4(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt32? {
        var address: UInt32 = 0
        var part: UInt32 = 0
        var partCount = 0
        var digitCount = 0
        for index in range {
            let octet = bytes[index]
            if octet == ASCII.dot {
                guard digitCount > 0, partCount < 3 else { return nil }
                address = address << 8 | part
                partCount += 1
                part = 0
                digitCount = 0
            } else {
                guard ASCII.isDigit(octet), digitCount == 0 || part > 0 else { return nil }
                part = part * 10 + UInt32(octet - ASCII.zero)
                digitCount += 1
                guard part <= 255 else { return nil }
            }
        }
        return partCount == 3 && digitCount > 0 ? address << 8 | part : nil
    }

    /// The address that the octets of `range` stand for; nil for anything else: eight groups of 16
    /// bits, one run of them written as `::`, the last two perhaps as an IPv4 address.
    static func v6(_ bytes: Span<UInt8>, _ range: Range<Int>) -> ClientAddress? {
        var start = range.lowerBound
        // Groups beyond the eighth push the first ones out, and are refused at the end.
        var groups: UInt128 = 0
        var groupCount = 0
        var gap: Int?
        if range.count >= 2, bytes.equals(start..<start + 2, "::") {
            gap = 0
            start += 2
        }
        while start < range.upperBound {
            let end = bytes.firstIndex(of: ASCII.colon, in: start..<range.upperBound)
            guard let end else {
                if let address = v4(bytes, start..<range.upperBound) {
                    groups = groups << 32 | UInt128(address)
                    groupCount += 2
                } else {
                    guard let last = group(bytes, start..<range.upperBound) else { return nil }
                    groups = groups << 16 | last
                    groupCount += 1
                }
                break
            }
            guard let next = group(bytes, start..<end), end + 1 < range.upperBound else {
                return nil
            }
            groups = groups << 16 | next
            groupCount += 1
            start = end + 1
            if bytes[start] == ASCII.colon {
                guard gap == nil else { return nil }
                gap = groupCount
                start += 1
            }
        }
        guard gap == nil ? groupCount == 8 : groupCount <= 7 else { return nil }
        return ClientAddress(widening(groups, by: 8 - groupCount, after: gap ?? 0))
    }

    /// `h16 = 1*4HEXDIG`.
    private static func group(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt128? {
        guard (1...4).contains(range.count) else { return nil }
        var value: UInt128 = 0
        for index in range {
            guard let digit = ASCII.hexValue(bytes[index]) else { return nil }
            value = value << 4 | UInt128(digit)
        }
        return value
    }

    /// Puts so many groups of zeros after the first `first` of what is `8 - count` groups.
    private static func widening(
        _ groups: UInt128, by count: Int, after first: Int
    ) -> UInt128 {
        guard count > 0 else { return groups }
        let rest = 16 * (8 - count - first)
        let head = groups >> rest
        return head << (rest + 16 * count) | groups & (1 << rest - 1)
    }
}

extension ClientAddress {
    fileprivate init(_ address: UInt128) {
        self.init(
            high: UInt64(truncatingIfNeeded: address >> 64),
            low: UInt64(truncatingIfNeeded: address))
    }
}
