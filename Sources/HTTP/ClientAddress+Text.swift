extension ClientAddress {
    /// The address as text: four numbers for IPv4 (RFC 4001), and what RFC 5952 §4 recommends for
    /// IPv6.
    package var text: String {
        guard !isIPv4 else {
            return [24, 16, 8, 0].map { String(low >> $0 & 0xff) }.joined(separator: ".")
        }
        let groups = [high, low].flatMap { half in
            [48, 32, 16, 0].map { UInt16(truncatingIfNeeded: half >> $0) }
        }
        let zeros = Self.longestRunOfZeros(in: groups)
        func text(_ range: Range<Int>) -> String {
            groups[range].map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard zeros.count > 1 else { return text(0..<groups.count) }
        return text(0..<zeros.lowerBound) + "::" + text(zeros.upperBound..<groups.count)
    }

    /// The first of the longest.
    private static func longestRunOfZeros(in groups: [UInt16]) -> Range<Int> {
        var longest = 0..<0
        var start = 0
        for index in 0...groups.count where index == groups.count || groups[index] != 0 {
            if index - start > longest.count { longest = start..<index }
            start = index + 1
        }
        return longest
    }
}
