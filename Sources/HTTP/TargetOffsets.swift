/// Where the parts of a well-formed request target stand among the octets of a head.
///
/// What is refused beyond the grammar, and why, ``RequestTarget`` says.
struct TargetOffsets: Sendable {
    /// The three forms of RFC 9112 §3.2 that an origin server meets, CONNECT being refused.
    enum Form: Sendable {
        case origin
        case absolute
        case asterisk
    }

    let form: Form
    /// The authority of the absolute form, else empty.
    let authority: OctetRange
    /// The path; empty when the absolute form has none, which means `/` (RFC 9110 §4.2.3).
    let path: OctetRange
    /// The query without `?`; `nil` when there is no `?`.
    let query: OctetRange?
    /// Whether it names the server as a whole: `*`, or what stands for it in the absolute form,
    /// a target of `OPTIONS` without path and query (RFC 9110 §4.2.3, RFC 9112 §3.2.4).
    let isServerWide: Bool

    /// Reads the target that stands in `range`; `*` only where `allowsAsterisk` is true.
    init(
        parsing bytes: Span<UInt8>, _ range: Range<Int>, allowsAsterisk: Bool
    ) throws(RequestParseError) {
        var authority = range.lowerBound..<range.lowerBound
        if bytes[range.lowerBound] == ASCII.slash {
            form = .origin
        } else if allowsAsterisk && bytes.equals(range, "*") {
            form = .asterisk
            self.authority = OctetRange(authority)
            path = OctetRange(range)
            query = nil
            isServerWide = true
            return
        } else {
            form = .absolute
            authority = try Self.authority(bytes, range)
        }
        let path = try Self.path(bytes, authority.upperBound..<range.upperBound)
        self.authority = OctetRange(authority)
        self.path = OctetRange(path)
        query = try Self.query(bytes, path.upperBound..<range.upperBound).map(OctetRange.init)
        isServerWide = allowsAsterisk && path.isEmpty && query == nil
    }

    /// The authority of `http://authority…` (RFC 9112 §3.2.2).
    ///
    /// The connection is not secured, so what is asked of `https` is not asked of this server
    /// (RFC 9110 §7.4). Gateways that end TLS send the origin form.
    private static func authority(
        _ bytes: Span<UInt8>, _ range: Range<Int>
    ) throws(RequestParseError) -> Range<Int> {
        guard let colon = bytes.firstIndex(of: ASCII.colon, in: range),
            let isSecure = Self.isSecure(bytes, scheme: range.lowerBound..<colon),
            colon + 3 <= range.upperBound, bytes.equals(colon..<colon + 3, "://")
        else { throw .malformedTarget }
        let start = colon + 3
        var end = start
        while end < range.upperBound, bytes[end] != ASCII.slash, bytes[end] != ASCII.questionMark {
            end += 1
        }
        guard Authority.isValid(bytes, start..<end) else { throw .malformedTarget }
        guard !isSecure else { throw .misdirectedRequest }
        return start..<end
    }

    /// Whether a scheme is `https`; `nil` when it is not `http` either.
    private static func isSecure(_ bytes: Span<UInt8>, scheme: Range<Int>) -> Bool? {
        if bytes.equalsIgnoringCase(scheme, "http") { return false }
        return bytes.equalsIgnoringCase(scheme, "https") ? true : nil
    }

    /// The path that begins `range`, up to a `?` or to the end.
    private static func path(
        _ bytes: Span<UInt8>, _ range: Range<Int>
    ) throws(RequestParseError) -> Range<Int> {
        let octets = bytes.extracting(range)
        var index = 0
        var hasEncodedDot = false
        while index < octets.count {
            // The condition keeps it within the span: it begins at 0 and only grows.
            let octet = octets[unchecked: index]
            if OctetClass.path.contains(octet) {
                index &+= 1
                continue
            }
            if octet == ASCII.questionMark { break }
            guard let decoded = PercentEncoding.escape(octets, index..<octets.count),
                decoded >= 0x20, decoded != 0x7F, decoded != ASCII.slash,
                decoded != ASCII.backslash
            else { throw .malformedTarget }
            if decoded == ASCII.dot { hasEncodedDot = true }
            index += 3
        }
        let path = range.lowerBound..<range.lowerBound + index
        guard !hasEncodedDot && !bytes.has(ASCII.dot, in: path) || !hasDotSegment(bytes, path)
        else { throw .malformedTarget }
        return path
    }

    /// The query behind the `?` that begins `range`; `nil` when `range` is empty.
    private static func query(
        _ bytes: Span<UInt8>, _ range: Range<Int>
    ) throws(RequestParseError) -> Range<Int>? {
        guard !range.isEmpty else { return nil }
        var index = range.lowerBound + 1
        while index < range.upperBound {
            if OctetClass.query.contains(bytes[index]) {
                index += 1
                continue
            }
            guard let decoded = PercentEncoding.escape(bytes, index..<range.upperBound),
                decoded != 0
            else { throw .malformedTarget }
            index += 3
        }
        return range.lowerBound + 1..<range.upperBound
    }

    /// Whether a segment of a path with well-formed escapes is `.` or `..`.
    private static func hasDotSegment(_ bytes: Span<UInt8>, _ path: Range<Int>) -> Bool {
        var index = path.lowerBound
        var dotCount = 0
        var hasOther = false
        while index < path.upperBound {
            let octet = bytes[index]
            let decoded = PercentEncoding.escape(bytes, index..<path.upperBound)
            index += decoded == nil ? 1 : 3
            if octet == ASCII.slash {
                if !hasOther && (1...2).contains(dotCount) { return true }
                dotCount = 0
                hasOther = false
            } else if (decoded ?? octet) == ASCII.dot {
                dotCount += 1
            } else {
                hasOther = true
            }
        }
        return !hasOther && (1...2).contains(dotCount)
    }
}
