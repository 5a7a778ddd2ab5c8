import HTTPTypes

extension ProblemKind {
    /// All kinds of problems that any service has.
    package static let http: [ProblemKind] =
        [
            .notFound, .methodNotAllowed, .notAcceptable, .authenticationRequired, .invalidToken,
            .forbidden, .unsupportedMediaType, .unsupportedContentCoding, .malformedGzip,
            .lengthRequired, .requestTimeout, .connectionLost,
            .malformedQuery, .unavailable, .internalError,
        ] + RequestParseError.allCases.map(\.kind)

    /// What may be wrong with a request to any route: all that is known of it is its head.
    package static let ofAnyRequest: [ProblemKind] =
        [.requestTimeout]
        + RequestParseError.allCases.filter {
            !RequestParseError.ofContent.contains($0) && $0 != .unsupportedMethod
        }.map(\.kind)

    /// What may be wrong, beside that, with a request whose content is read.
    package static let ofContent: [ProblemKind] =
        [
            .unsupportedMediaType, .unsupportedContentCoding, .malformedGzip, .lengthRequired,
            .connectionLost,
        ]
        + RequestParseError.ofContent.map(\.kind)

    /// 404: no route has the path.
    package static let notFound = ProblemKind(
        code: "not_found", status: .notFound, title: "There is nothing at this path",
        meaning: "No route of the service has this path.",
        remedy: "Compare the path with the documentation; it is case-sensitive and has no slash at "
            + "its end.")

    static let methodNotAllowed = ProblemKind(
        code: "method_not_allowed", status: .methodNotAllowed,
        title: "The method is not allowed here",
        meaning: "There is something at the path, but the method is none of those it knows.",
        remedy: "Use a method that the Allow field of the answer lists.")

    /// 406: the client takes nothing that there is.
    package static let notAcceptable = ProblemKind(
        code: "not_acceptable", status: .notAcceptable,
        title: "The answer has no media type that is accepted",
        meaning: "The Accept field leaves none of the media types that the route answers with. "
            + "Nothing was done.",
        remedy: "Accept a media type that the detail lists, or send no Accept. Problems are "
            + "application/problem+json, whatever is accepted.")

    /// 401: there is nothing without a token.
    package static let authenticationRequired = ProblemKind(
        code: "authentication_required", status: .unauthorized,
        title: "This needs an access token",
        meaning: "The request has no access token, and what it asks for depends on who asks.",
        remedy: "Send Authorization: Bearer with an access token.")

    /// 401: the token is none of ours, or not any more.
    package static let invalidToken = ProblemKind(
        code: "invalid_token", status: .unauthorized, title: "The access token is not valid",
        meaning: "The access token is malformed, is none of this service, has expired or was "
            + "revoked: the user was changed, or has logged out. Which of them is not told.",
        remedy: "Get a new access token with the refresh token, or log in again.")

    /// 403: who asks is known, and may not.
    package static let forbidden = ProblemKind(
        code: "forbidden", status: .forbidden, title: "This is not allowed",
        meaning: "The caller lacks the permission that the detail names, or one that whom it "
            + "concerns has or would get.",
        remedy: "Have an administrator do it, or grant a role that has the permission.")

    static let unsupportedMediaType = ProblemKind(
        code: "unsupported_media_type", status: .unsupportedMediaType,
        title: "The content has an unsupported media type",
        meaning: "The Content-Type is missing, or is none that is accepted here.",
        remedy: "Send a media type that the detail, and the field Accept-Post or Accept-Patch, "
            + "list.")

    static let unsupportedContentCoding = ProblemKind(
        code: "unsupported_content_coding", status: .unsupportedMediaType,
        title: "The content is compressed in an unsupported way",
        meaning: "The Content-Encoding names a coding other than gzip, x-gzip and identity, or "
            + "gzip more than once.",
        remedy: "Send the content as it is, or in gzip.")

    static let malformedGzip = ProblemKind(
        code: "malformed_gzip", status: .badRequest, title: "The content is not gzip",
        meaning: "The Content-Encoding says gzip, but the content cannot be inflated: it is "
            + "something else, ends too early, fails its own checksum, or has something behind "
            + "its end.",
        remedy: "Compress the content as RFC 1952 has it, or send it without Content-Encoding.")

    static let lengthRequired = ProblemKind(
        code: "length_required", status: .lengthRequired, title: "The request has no content",
        meaning: "The request needs content, but announces none.",
        remedy: "Send content with Content-Length or with Transfer-Encoding: chunked.")

    static let requestTimeout = ProblemKind(
        code: "request_timeout", status: .requestTimeout,
        title: "The request did not arrive in time",
        meaning: "The head or the content of the request came too slowly, or stopped coming.",
        remedy: "Send it again, on a new connection and without pauses.")

    static let connectionLost = ProblemKind(
        code: "connection_lost", status: .badRequest,
        title: "The connection ended before the content did",
        meaning: "The client closed its side before it had sent the content that it announced.",
        remedy: "Send as many octets as Content-Length says, or the last chunk.")

    /// 400: the query cannot be read.
    package static let malformedQuery = ProblemKind(
        code: "malformed_query", status: .badRequest, title: "The query is malformed",
        meaning: "The part of the target behind the question mark cannot be read, or names a "
            + "parameter twice.",
        remedy: "Percent-encode names and values as UTF-8, and give each parameter once.")

    /// 503: worth another try later.
    package static let unavailable = ProblemKind(
        code: "unavailable", status: .serviceUnavailable,
        title: "The service cannot answer at the moment",
        meaning: "The service is overloaded, or its database is away. Nothing was changed.",
        remedy: "Send the request again after as many seconds as Retry-After says.")

    /// 500: a bug, or something that nobody foresaw.
    package static let internalError = ProblemKind(
        code: "internal_error", status: .internalServerError,
        title: "Something went wrong in the service",
        meaning: "The service has met something that it was not made for.",
        remedy: "Tell the operators the request_id: the cause is in their log.")
}
