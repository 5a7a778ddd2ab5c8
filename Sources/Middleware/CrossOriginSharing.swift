package import HTTP
import HTTPTypes
package import Routing

/// Tells browsers which pages may read the answers (Fetch Standard, CORS protocol). It keeps nobody
/// else from anything.
package struct CrossOriginSharing: Middleware {
    /// What a page may send beside what any page may: the fields that the service reads.
    static let requestFields = """
        Authorization, Content-Encoding, Content-Type, Idempotency-Key, If-Match, If-None-Match, \
        X-Request-ID, traceparent, tracestate
        """
    /// What a page may read beside what any page may: the fields that the service sets.
    static let responseFields = """
        ETag, Idempotency-Replayed, Link, Location, RateLimit, RateLimit-Policy, Retry-After, \
        WWW-Authenticate, X-Request-ID
        """
    /// How long a browser may keep the answer to a preflight, in seconds: two hours, the most that
    /// Chromium does.
    static let preflightAgeMax = 7_200

    private let origins: AllowedOrigins

    /// Lets pages of `origins` read the answers; there must be one.
    package init(origins: AllowedOrigins) {
        precondition(!origins.isEmpty, "No origin is allowed.")
        self.origins = origins
    }

    /// Answers as `next` does, and tells the page's browser that the page may read it. A preflight
    /// is an `OPTIONS` as any other, so it needs no token.
    package func respond(to request: consuming Request, next: any Handler) async -> Response {
        let head = request.head
        var response = await next.respond(to: request)
        // Whoever keeps the answer must not give it to another origin.
        response.fields.append(.vary, "Origin")
        guard let origin = head.fields.value(of: .origin), origins.contains(origin) else {
            return response
        }
        response.fields.append(.accessControlAllowOrigin, origin)
        guard head.method == .options, head.fields.contains(.accessControlRequestMethod) else {
            response.fields.append(.accessControlExposeHeaders, Self.responseFields)
            return response
        }
        if let methods = response.fields.value(of: .allow) {
            response.fields.append(.accessControlAllowMethods, methods)
        }
        response.fields.append(.accessControlAllowHeaders, Self.requestFields)
        response.fields.appendNumber(.accessControlMaxAge, Self.preflightAgeMax)
        return response
    }
}
