package import HTTPTypes

extension HTTPField.Name {
    /// The media types that POST takes (W3C Linked Data Platform §7.1).
    package static let acceptPost = HTTPField.Name(constant: "Accept-Post")
    /// The media types that PATCH takes (RFC 5789 §3.1).
    package static let acceptPatch = HTTPField.Name(constant: "Accept-Patch")
    /// For whom a proxy asks (RFC 7239 §4).
    package static let forwarded = HTTPField.Name(constant: "Forwarded")
    /// What a client calls an attempt that it may repeat
    /// (draft-ietf-httpapi-idempotency-key-header).
    package static let idempotencyKey = HTTPField.Name(constant: "Idempotency-Key")
    /// That an answer was given before.
    package static let idempotencyReplayed = HTTPField.Name(constant: "Idempotency-Replayed")
    /// Where related resources are (RFC 8288 §3).
    package static let link = HTTPField.Name(constant: "Link")
    /// What is left of a quota (draft-ietf-httpapi-ratelimit-headers-10).
    package static let rateLimit = HTTPField.Name(constant: "RateLimit")
    /// What a quota is (draft-ietf-httpapi-ratelimit-headers-10).
    package static let rateLimitPolicy = HTTPField.Name(constant: "RateLimit-Policy")
    /// How much of its own address a page tells others (Referrer Policy §4.1).
    package static let referrerPolicy = HTTPField.Name(constant: "Referrer-Policy")
    /// What a request is called, by its client or by the service.
    package static let requestID = HTTPField.Name(constant: "X-Request-ID")
    /// For whom a proxy asks, in the form that came before ``forwarded``.
    package static let xForwardedFor = HTTPField.Name(constant: "X-Forwarded-For")

    /// Makes a name of a constant.
    ///
    /// - Precondition: `text` is a token (RFC 9110 §5.1).
    package init(constant text: StaticString) {
        guard let name = HTTPField.Name("\(text)") else {
            preconditionFailure("\(text) is no token.")
        }
        self = name
    }
}
