package import HTTP
package import Routing

/// Stands before an endpoint and refuses the requests of clients whose quota is used up.
package struct LimitedEndpoint: Endpoint {
    private let endpoint: any Endpoint
    private let limiter: RateLimiter
    private let exemption: Operation.Grant?

    /// Limits `endpoint`.
    /// - Parameter exemption: Whoever holds this is neither counted nor refused.
    package init(
        _ endpoint: any Endpoint, by limiter: RateLimiter, but exemption: Operation.Grant? = nil
    ) {
        self.endpoint = endpoint
        self.limiter = limiter
        self.exemption = exemption
    }

    /// Answers 429 if the quota is used up, else as the endpoint does; with the fields
    /// `RateLimit-Policy` and `RateLimit` either way.
    package func respond(
        to request: Request, _ parameters: PathParameters
    ) async throws(Problem) -> Response {
        if let exemption, request.principal?.holds(exemption) == true {
            return try await endpoint.respond(to: request, parameters)
        }
        return try await limiter.limit(request) { () throws(Problem) in
            try await endpoint.respond(to: request, parameters)
        }
    }
}

extension Route {
    /// The same route with a limit, of which the document tells; itself if there is no limiter.
    /// - Parameter exemption: Whoever holds this is neither counted nor refused.
    package func limited(
        by limiter: RateLimiter?, but exemption: Operation.Grant? = nil
    ) -> Route {
        guard let limiter else { return self }
        return Route(
            declaration.method, declaration.template, declaration.operation.limited,
            LimitedEndpoint(endpoint, by: limiter, but: exemption))
    }
}
