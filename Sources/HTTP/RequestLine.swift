import HTTPTypes

/// A request line whose parts are known to be well formed (RFC 9112 §3).
struct RequestLine: Sendable {
    let method: HTTPRequest.Method
    let target: TargetOffsets
    /// 0, or 1 for every other minor version: HTTP/1.2 would be a request that a server of
    /// HTTP/1.1 understands (RFC 9110 §2.5).
    let minorVersion: Int

    /// The octets that a line ends with: a space and a version.
    private static let versionBytes = 9

    /// Reads `method SP request-target SP HTTP-version` with exactly those two spaces.
    ///
    /// The version is judged before the target, since it says how to read it; that a method is
    /// unknown is said only of a line that is well formed otherwise.
    init(
        parsing bytes: Span<UInt8>, _ line: Range<Int>, methodBytesMax: Int
    ) throws(RequestParseError) {
        guard let methodEnd = bytes.firstIndex(of: ASCII.space, in: line),
            bytes.isNonEmpty(line.lowerBound..<methodEnd, allOf: .token),
            methodEnd + 1 + Self.versionBytes < line.upperBound
        else { throw .malformedRequestLine }
        let targetEnd = line.upperBound - Self.versionBytes
        minorVersion = try Self.minorVersion(bytes, targetEnd..<line.upperBound)
        let method = line.lowerBound..<methodEnd
        guard !bytes.equals(method, "CONNECT") else { throw .unsupportedMethod }
        target = try TargetOffsets(
            parsing: bytes, methodEnd + 1..<targetEnd,
            allowsAsterisk: bytes.equals(method, "OPTIONS"))
        guard method.count <= methodBytesMax else { throw .unsupportedMethod }
        self.method = try Self.method(bytes, method)
    }

    /// Reads `SP "HTTP/" DIGIT "." DIGIT`, in this case of letters only (RFC 9112 §2.3).
    private static func minorVersion(
        _ bytes: Span<UInt8>, _ range: Range<Int>
    ) throws(RequestParseError) -> Int {
        let major = bytes[range.upperBound - 3]
        let minor = bytes[range.upperBound - 1]
        guard bytes.equals(range.lowerBound..<range.upperBound - 3, " HTTP/"),
            bytes[range.upperBound - 2] == ASCII.dot,
            ASCII.isDigit(major), ASCII.isDigit(minor)
        else { throw .malformedRequestLine }
        guard major == UInt8(ascii: "1") else { throw .unsupportedVersion }
        return minor == ASCII.zero ? 0 : 1
    }

    /// The method of a token; those that the service knows cost no allocation.
    private static func method(
        _ bytes: Span<UInt8>, _ range: Range<Int>
    ) throws(RequestParseError) -> HTTPRequest.Method {
        switch range.count {
        case 3 where bytes.equals(range, "GET"): return .get
        case 3 where bytes.equals(range, "PUT"): return .put
        case 4 where bytes.equals(range, "POST"): return .post
        case 4 where bytes.equals(range, "HEAD"): return .head
        case 5 where bytes.equals(range, "PATCH"): return .patch
        case 6 where bytes.equals(range, "DELETE"): return .delete
        case 7 where bytes.equals(range, "OPTIONS"): return .options
        default:
            // The octets are a token, so the initialiser does not refuse them.
            guard let method = HTTPRequest.Method(bytes.string(range)) else {
                throw .malformedRequestLine
            }
            return method
        }
    }
}
