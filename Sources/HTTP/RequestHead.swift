package import HTTPTypes

/// How the end of a request's content is found (RFC 9112 §6.3).
package enum BodyFraming: Equatable, Sendable {
    /// There is no content.
    case none
    /// There are exactly this many octets, 0 included. The parser sets no limit to it.
    case length(Int)
    /// The content is chunked: ``ChunkedDecoder`` finds its end.
    case chunked
}

/// The head of a request, all of it well formed: whoever holds one need check nothing again.
///
/// It does not change, and it is a reference so that handing it on copies nothing.
package final class RequestHead: Sendable {
    /// The method, any token of allowed length but CONNECT; whether it is known is the router's
    /// to say.
    package let method: HTTPRequest.Method
    /// What the request is for.
    package let target: RequestTarget
    /// 0 for HTTP/1.0, 1 for HTTP/1.1 and later minor versions.
    package let minorVersion: Int
    /// The header fields in the order received.
    package let fields: RequestFields
    /// How the end of the content is found.
    package let framing: BodyFraming
    /// Whether the client lets the connection carry another request after this (RFC 9112 §9.3).
    package let isPersistent: Bool
    /// Whether the client waits for `100 Continue` before it sends content (RFC 9110 §10.1.1).
    package let expectsContinue: Bool
    private let host: OctetRange?

    /// The host and port that the request is for: the target's own in the absolute form, whatever
    /// the Host field says (RFC 9112 §3.2.2), else the Host field's.
    ///
    /// `nil` for an HTTP/1.0 request without either.
    package var authority: String? {
        if let authority = target.authority { return authority }
        guard let host else { return nil }
        let bytes = fields.bytes
        return bytes.span.string(host.indices)
    }

    /// The head that stands in `bytes`, if its parts fit together.
    init(
        _ bytes: [UInt8], _ requestLine: RequestLine, _ lines: ContiguousArray<FieldLine>,
        _ facts: MessageFacts
    ) throws(RequestParseError) {
        try facts.checkHost(requestLine)
        minorVersion = requestLine.minorVersion
        framing = try facts.framing(minorVersion: minorVersion)
        isPersistent = facts.isPersistent(minorVersion: minorVersion)
        expectsContinue = try facts.expectsContinue(minorVersion: minorVersion)
        method = requestLine.method
        target = RequestTarget(bytes: bytes, offsets: requestLine.target)
        fields = RequestFields(bytes: bytes, lines: lines)
        host = facts.host
    }
}

/// A request's head, and where among the octets it ends.
package struct ParsedHead: Sendable {
    /// The head.
    package let head: RequestHead
    /// The octets it took, from the first that was given: empty lines before the request line and
    /// the empty line after the fields included. The content follows.
    package let byteCount: Int
}
