import HTTP
package import HTTPTypes
package import JSON

extension Operation {
    /// A header field of an answer.
    package struct Field: Sendable {
        /// Its name.
        package let name: HTTPField.Name
        /// What it says, in a sentence.
        package let description: String
        /// What its value may be.
        package let schema: JSONValue
        /// Whether every such answer has it.
        package let isRequired: Bool

        /// Makes a field. The document tells of each name once, so one name means one thing.
        package init(
            _ name: HTTPField.Name, _ description: String,
            _ schema: JSONValue = ["type": "string"], isRequired: Bool = true
        ) {
            self.name = name
            self.description = description
            self.schema = schema
            self.isRequired = isRequired
        }
    }
}

extension Operation.Field {
    /// What every answer has.
    package static let ofEveryAnswer = [requestID, contentTypeOptions, contentSecurityPolicy]

    private static let requestID = Operation.Field(
        .requestID, "What the request is called in the logs.",
        ["type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"])

    /// How long caches may keep the answer.
    package static let cacheControl = Operation.Field(
        .cacheControl, "Who may keep the answer, and for how long (RFC 9111).")

    /// The version of what is shown.
    package static let eTag = Operation.Field(
        .eTag, "The version of what is shown, for If-Match and If-None-Match (RFC 9110 §8.8.3).",
        ["type": "string", "pattern": #"^"[!#-~]+"$"#])

    /// What of the request the answer depends on.
    package static let vary = Operation.Field(
        .vary, "The fields of the request that the answer depends on, if any (RFC 9110 §12.5.5).",
        isRequired: false)

    /// Where the new resource is.
    package static let location = Operation.Field(
        .location, "The path of what was made (RFC 9110 §10.2.2).",
        ["type": "string", "format": "uri-reference"])

    /// Where the next page is.
    package static let link = Operation.Field(
        .link, "The next page, as a target with `rel=\"next\"` (RFC 8288); not on the last one.",
        isRequired: false)

    private static let contentTypeOptions = Operation.Field(
        .xContentTypeOptions, "That nobody guesses another media type (Fetch Standard).",
        ["type": "string", "const": "nosniff"])

    private static let contentSecurityPolicy = Operation.Field(
        .contentSecurityPolicy,
        "What the content may load if it is shown as a page (Content Security Policy).")

    /// What the page tells others of its address.
    package static let referrerPolicy = Operation.Field(
        .referrerPolicy, "What the page tells others of its address (Referrer Policy).")

    /// How the content is compressed.
    package static let contentEncoding = Operation.Field(
        .contentEncoding, "How the content is compressed, if it is (RFC 9110 §8.4).",
        ["type": "string", "const": "gzip"], isRequired: false)

    static let retryAfter = Operation.Field(
        .retryAfter, "The seconds after which to try again (RFC 9110 §10.2.3), if that is known.",
        ["type": "integer", "minimum": 0], isRequired: false)

    static let wwwAuthenticate = Operation.Field(
        .wwwAuthenticate, "The kind of token that is needed (RFC 6750 §3).")

    static let acceptPost = Operation.Field(
        .acceptPost, "The media types that POST takes, if it was another one (W3C LDP §7.1).",
        isRequired: false)

    static let acceptPatch = Operation.Field(
        .acceptPatch, "The media types that PATCH takes, if it was another one (RFC 5789 §3.1).",
        isRequired: false)

    static let accept = Operation.Field(
        .accept,
        "The media types that the method takes, if it was another one (RFC 9110 §15.5.16).",
        isRequired: false)

    static let acceptEncoding = Operation.Field(
        .acceptEncoding, "The codings of content, if it was another one (RFC 9110 §15.5.16).",
        isRequired: false)

    /// The fields that a problem has for its status, beside Cache-Control.
    package static func fields(
        ofProblemWith status: HTTPResponse.Status, answering method: HTTPRequest.Method
    ) -> [Operation.Field] {
        switch (status, method) {
        case (.unauthorized, _): [wwwAuthenticate]
        case (.unsupportedMediaType, .post): [acceptPost, acceptEncoding]
        case (.unsupportedMediaType, .patch): [acceptPatch, acceptEncoding]
        case (.unsupportedMediaType, _): [accept, acceptEncoding]
        case (.serviceUnavailable, _), (.conflict, _), (.tooManyRequests, _): [retryAfter]
        default: []
        }
    }
}
