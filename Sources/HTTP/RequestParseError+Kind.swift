import HTTPTypes

extension RequestParseError {
    /// The kind of problem that tells of the error.
    package var kind: ProblemKind {
        let (status, title) = summary
        return ProblemKind(
            code: rawValue, status: status, title: title, meaning: explanation, remedy: remedy)
    }

    /// The status that answers an error, and what all errors of its kind have in common.
    private var summary: (status: HTTPResponse.Status, title: String) {
        switch self {
        case .malformedRequestLine, .malformedTarget, .malformedField, .obsoleteFolding,
            .whitespaceBeforeColon, .bareLineFeed, .bareCarriageReturn, .missingHost,
            .repeatedHost, .malformedHost, .repeatedContentLength, .malformedContentLength,
            .ambiguousFraming, .malformedTransferCoding, .misorderedTransferCoding,
            .transferCodingInHTTP10, .malformedChunk, .chunkExtensionsTooLong:
            (.badRequest, "The request is not well-formed HTTP")
        case .bodyTooLarge: (.contentTooLarge, "The content is too large")
        case .misdirectedRequest:
            (.misdirectedRequest, "The request is for another server")
        case .targetTooLong: (.uriTooLong, "The target is too long")
        case .unsupportedExpectation: (.expectationFailed, "The expectation cannot be met")
        case .headerTooLarge, .fieldTooLarge, .tooManyFields, .trailerTooLarge:
            (.requestHeaderFieldsTooLarge, "The fields are too large")
        case .unsupportedMethod, .unsupportedTransferCoding:
            (.notImplemented, "The service does not know how to do this")
        case .unsupportedVersion:
            (.httpVersionNotSupported, "The HTTP version is not supported")
        }
    }

    /// What is wrong, and with it what a client should do instead.
    var explanation: String {
        switch self {
        case .malformedRequestLine: "The first line must be a method, a target and a version."
        case .malformedTarget: "The target must be a path that needs no further normalisation."
        case .misdirectedRequest: "The connection is not secured, so no https target is served."
        case .unsupportedVersion: "The service speaks HTTP/1.1."
        case .unsupportedMethod: "No resource of the service knows the method."
        case .targetTooLong: "The request line passes the limit."
        case .headerTooLarge: "The header section passes the limit."
        case .fieldTooLarge: "A header field passes the limit."
        case .tooManyFields: "There are more header fields than the limit."
        case .malformedField: "A field must be a name, a colon and a value without controls."
        case .obsoleteFolding: "A field must stand on one line."
        case .whitespaceBeforeColon: "No white space may stand before the colon of a field."
        case .bareLineFeed: "A line must end in CR LF; there is an LF alone."
        case .bareCarriageReturn: "A line must end in CR LF; there is a CR alone."
        case .missingHost: "There must be a Host field."
        case .repeatedHost: "There must be one Host field only."
        case .malformedHost: "The Host field must be a host and perhaps a port."
        case .repeatedContentLength: "There must be one Content-Length field only."
        case .malformedContentLength: "The Content-Length must be 1 to 18 digits."
        case .ambiguousFraming: "Content-Length and Transfer-Encoding exclude each other."
        case .unsupportedTransferCoding: "The only transfer coding supported is chunked."
        case .malformedTransferCoding: "The Transfer-Encoding is no list of codings."
        case .misorderedTransferCoding: "Chunked must be the last transfer coding, and once only."
        case .transferCodingInHTTP10: "HTTP/1.0 has no transfer codings."
        case .unsupportedExpectation: "The only expectation supported is 100-continue."
        case .bodyTooLarge: "The content passes the limit."
        case .malformedChunk: "A chunk is malformed."
        case .chunkExtensionsTooLong: "The chunk extensions pass the limit."
        case .trailerTooLarge: "The trailer section passes the limit."
        }
    }

    /// What is to be done about it.
    private var remedy: String {
        switch self {
        case .misdirectedRequest:
            "Send http targets, or send the request to what secures the connection."
        case .unsupportedVersion: "Send HTTP/1.1 or HTTP/1.0."
        case .unsupportedMethod: "Use a method that OPTIONS lists for the path."
        case .targetTooLong: "Shorten the target, or have the operators raise the limit."
        case .headerTooLarge, .fieldTooLarge, .tooManyFields, .trailerTooLarge:
            "Send fewer or shorter fields; a cookie of another service may be among them."
        case .bodyTooLarge: "Send less at a time."
        case .unsupportedExpectation: "Leave Expect out, or send 100-continue."
        case .unsupportedTransferCoding, .transferCodingInHTTP10:
            "Send the content as it is, with Content-Length, or with HTTP/1.1 in chunks."
        case .malformedRequestLine, .malformedTarget, .malformedField, .obsoleteFolding,
            .whitespaceBeforeColon, .bareLineFeed, .bareCarriageReturn, .missingHost,
            .repeatedHost, .malformedHost, .repeatedContentLength, .malformedContentLength,
            .ambiguousFraming, .malformedTransferCoding, .misorderedTransferCoding,
            .malformedChunk, .chunkExtensionsTooLong:
            "Use an HTTP library rather than text of your own, and look at proxies in between. The "
                + "connection is closed, since nobody knows where the next request begins."
        }
    }
}
