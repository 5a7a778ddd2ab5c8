/// Why octets are not a request that this server can read, one case for each reason.
///
/// After any of them it is unknown where the next request would begin, so the connection closes
/// once the answer has been sent. The raw value is the `code` of the ``Problem`` that tells of it.
package enum RequestParseError: String, Error, Equatable, Sendable, CaseIterable {
    /// The first line is not `method SP request-target SP HTTP-version` (RFC 9112 §3).
    case malformedRequestLine = "malformed_request_line"
    /// The target is none of the forms of RFC 9112 §3.2, or hides a separator.
    case malformedTarget = "malformed_target"
    /// The target is of the scheme `https`, on a connection without TLS (RFC 9110 §7.4).
    case misdirectedRequest = "misdirected_request"
    /// The major version is not 1 (RFC 9110 §15.6.6).
    case unsupportedVersion = "unsupported_version"
    /// The method is CONNECT, or longer than any that is known (RFC 9112 §3).
    case unsupportedMethod = "unsupported_method"
    /// The request line passes its limit (RFC 9110 §15.5.15).
    case targetTooLong = "target_too_long"
    /// The header section passes its limit (RFC 6585 §5).
    case headerTooLarge = "header_too_large"
    /// One field line passes its limit (RFC 6585 §5).
    case fieldTooLarge = "field_too_large"
    /// There are more field lines than the limit (RFC 6585 §5).
    case tooManyFields = "too_many_fields"
    /// A field line has no colon, a name that is no token, or a control in it (RFC 9110 §5.5).
    case malformedField = "malformed_field"
    /// A line begins with white space: the folding that RFC 9112 §5.2 retired, or white space
    /// before the first field (RFC 9112 §2.2).
    case obsoleteFolding = "obsolete_folding"
    /// White space stands between a field's name and the colon (RFC 9112 §5.1).
    case whitespaceBeforeColon = "whitespace_before_colon"
    /// A line ends in LF without CR (RFC 9112 §2.2).
    case bareLineFeed = "bare_line_feed"
    /// A CR is not followed by LF (RFC 9112 §2.2).
    case bareCarriageReturn = "bare_carriage_return"
    /// An HTTP/1.1 request has no Host field (RFC 9112 §3.2).
    case missingHost = "missing_host"
    /// A request has more than one Host field (RFC 9112 §3.2).
    case repeatedHost = "repeated_host"
    /// The Host field is no `uri-host [":" port]` (RFC 9110 §7.2).
    case malformedHost = "malformed_host"
    /// A request has more than one Content-Length field, be they equal (RFC 9110 §8.6).
    case repeatedContentLength = "repeated_content_length"
    /// The Content-Length is not 1 to 18 digits (RFC 9110 §8.6).
    case malformedContentLength = "malformed_content_length"
    /// Both Content-Length and Transfer-Encoding are given (RFC 9112 §6.1).
    case ambiguousFraming = "ambiguous_framing"
    /// A transfer coding other than chunked is applied (RFC 9112 §6.1).
    case unsupportedTransferCoding = "unsupported_transfer_coding"
    /// A Transfer-Encoding is no list of codings, or chunked has parameters (RFC 9112 §7).
    case malformedTransferCoding = "malformed_transfer_coding"
    /// Chunked is not the last coding, or is there twice (RFC 9112 §6.3).
    case misorderedTransferCoding = "misordered_transfer_coding"
    /// An HTTP/1.0 request has a Transfer-Encoding (RFC 9112 §6.1).
    case transferCodingInHTTP10 = "transfer_coding_in_http10"
    /// Something other than `100-continue` is expected (RFC 9110 §10.1.1).
    case unsupportedExpectation = "unsupported_expectation"
    /// The content passes its limit (RFC 9110 §15.5.14).
    case bodyTooLarge = "body_too_large"
    /// A chunk's size, extension or end is not as RFC 9112 §7.1 has it.
    case malformedChunk = "malformed_chunk"
    /// A chunk's line, or the extensions of all chunks, pass their limits (RFC 9112 §7.1.1).
    case chunkExtensionsTooLong = "chunk_extensions_too_long"
    /// The trailer section, or one line of it, passes its limit (RFC 6585 §5).
    case trailerTooLarge = "trailer_too_large"

    /// Those that the content has, and not the head.
    static let ofContent: [RequestParseError] = [
        .bodyTooLarge, .malformedChunk, .chunkExtensionsTooLong, .trailerTooLarge,
    ]
}
