/// The target of a request: a path and perhaps a query, raw but well formed (RFC 9112 §3.2).
///
/// It holds the characters of RFC 3986 and no others: no controls, spaces, octets above 0x7E,
/// fragments, nor `"<>[\]^{|}` and the grave accent, which clients have to escape. Refused are also
///
/// - `%2F` and `%5C` in a path: the next program might take them for separators of segments;
/// - the segments `.` and `..`, escaped or not: a client resolves them before it sends a request
///   (RFC 3986 §5.2.4), so one that arrives is an attempt to get past a check of prefixes;
/// - escapes of controls in a path, `%0D%0A` above all: decoded, they end the line that they are
///   written to, in a log or in a field;
/// - `%00` anywhere: it ends a string in C, and no text in PostgreSQL can hold it.
package struct RequestTarget: Sendable {
    private let bytes: [UInt8]
    private let offsets: TargetOffsets

    init(bytes: [UInt8], offsets: TargetOffsets) {
        self.bytes = bytes
        self.offsets = offsets
    }

    /// Whether the target is `*`: `OPTIONS` for the server as a whole (RFC 9112 §3.2.4). In the
    /// absolute form that is a target without path and query, as in `OPTIONS http://a`.
    package var isAsterisk: Bool {
        offsets.isServerWide
    }

    /// The path as received, escapes and all: begins with `/`, has no `.` and `..` segments, and
    /// no escape hides a separator. `*` or `/` when ``isAsterisk``.
    package var path: String {
        withPathBytes { $0.string(0..<$0.count) }
    }

    /// The query as received, without the `?`; `nil` when there is no `?`.
    package var query: String? {
        offsets.query.map { bytes.span.string($0.indices) }
    }

    /// Calls `body` with the octets of ``path``, which costs no allocation.
    package func withPathBytes<R>(_ body: (Span<UInt8>) -> R) -> R {
        let path = offsets.path.indices
        guard !path.isEmpty else { return body(Self.root.span) }
        return body(bytes.span.extracting(path))
    }

    /// The host and port of a target in the absolute form; `nil` in the others.
    var authority: String? {
        offsets.form == .absolute ? bytes.span.string(offsets.authority.indices) : nil
    }

    /// The path of a target without one (RFC 9110 §4.2.3).
    private static let root = [ASCII.slash]

    /// The text that one segment of a path stands for; `nil` when it is malformed.
    ///
    /// Malformed are an escape without two hexadecimal digits, `%00`, an encoded `/` or `\`, a
    /// `/` as such, and octets that are no UTF-8.
    package static func decodeSegment(_ segment: Span<UInt8>) -> String? {
        let range = 0..<segment.count
        guard segment.firstIndex(of: ASCII.percent, in: range) != nil else {
            guard segment.firstIndex(of: ASCII.slash, in: range) == nil else { return nil }
            return segment.validString(range)
        }
        guard let decoded = PercentEncoding.decode(segment, range, plusIsSpace: false),
            !decoded.contains(where: { $0 == 0 || $0 == ASCII.slash || $0 == ASCII.backslash })
        else { return nil }
        return String(validating: decoded, as: UTF8.self)
    }
}
