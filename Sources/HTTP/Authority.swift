/// The syntax of `uri-host [ ":" port ]`: a Host field's value, and the authority of a target in
/// the absolute form (RFC 9110 §4.2 and §7.2, RFC 3986 §3.2.2).
///
/// User information is an error (RFC 9110 §4.2.4), an empty host too (§4.2.1). Beyond the grammar,
/// these are refused, because two parties might take different hosts from them:
///
/// - a comma, which is what is left of two Host fields once a party has joined them (§5.3);
/// - an escape that hides a control, a space or a delimiter such as `%2F`, `%40` or `%00`.
enum Authority {
    /// Whether the octets of `range` are such a host and port.
    static func isValid(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard !range.isEmpty else { return false }
        var hostEnd = range.lowerBound
        if bytes[range.lowerBound] == UInt8(ascii: "[") {
            guard let bracket = bytes.firstIndex(of: UInt8(ascii: "]"), in: range),
                isAddressLiteral(bytes, range.lowerBound + 1..<bracket)
            else { return false }
            hostEnd = bracket + 1
        } else {
            hostEnd = bytes.firstIndex(of: ASCII.colon, in: range) ?? range.upperBound
            guard isRegisteredName(bytes, range.lowerBound..<hostEnd) else { return false }
        }
        guard hostEnd < range.upperBound else { return true }
        return bytes[hostEnd] == ASCII.colon && isPort(bytes, hostEnd + 1..<range.upperBound)
    }

    /// `port = *DIGIT`, so it may be empty; at most 65535.
    private static func isPort(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var value = 0
        for index in range {
            guard ASCII.isDigit(bytes[index]) else { return false }
            value = value * 10 + Int(bytes[index] - ASCII.zero)
            guard value <= 65_535 else { return false }
        }
        return true
    }

    /// `reg-name` of at least one octet; an IPv4 address is one as well.
    private static func isRegisteredName(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var index = range.lowerBound
        while index < range.upperBound {
            let octet = bytes[index]
            if OctetClass.name.contains(octet), octet != ASCII.comma {
                index += 1
            } else if let decoded = PercentEncoding.escape(bytes, index..<range.upperBound),
                decoded >= 0x80 || OctetClass.name.contains(decoded), decoded != ASCII.comma
            {
                index += 3
            } else {
                return false
            }
        }
        return !range.isEmpty
    }

    /// What may stand between the brackets of an `IP-literal`.
    private static func isAddressLiteral(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard !range.isEmpty else { return false }
        if ASCII.lowercased(bytes[range.lowerBound]) == UInt8(ascii: "v") {
            return isFutureAddress(bytes, range.lowerBound + 1..<range.upperBound)
        }
        return AddressText.v6(bytes, range) != nil
    }

    /// `IPvFuture` without its `v`: `1*HEXDIG "." 1*( unreserved / sub-delims / ":" )`.
    private static func isFutureAddress(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard let dot = bytes.firstIndex(of: ASCII.dot, in: range),
            isHexadecimal(bytes, range.lowerBound..<dot),
            dot + 1 < range.upperBound
        else { return false }
        for index in dot + 1..<range.upperBound
        where bytes[index] != ASCII.colon && !OctetClass.name.contains(bytes[index]) {
            return false
        }
        return true
    }

    /// `1*HEXDIG`.
    private static func isHexadecimal(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        for index in range where ASCII.hexValue(bytes[index]) == nil { return false }
        return !range.isEmpty
    }
}
