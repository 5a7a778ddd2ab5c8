package import HTTP
package import Routing

/// What any request counts for: if it speaks for a user, for that user, wherever he is; else for
/// the network that it comes from.
package final class ClientLimits: AdmissionControl {
    private let networks: RateLimiter?
    private let users: RateLimiter?

    /// Makes limits; without one there is none of that kind.
    package init(ofNetworks networks: RateLimiter?, ofUsers users: RateLimiter?) {
        self.networks = networks
        self.users = users
    }

    /// The same limits, with quotas that are shared with other processes.
    package func sharing(_ quotas: any SharedRateLimits) -> ClientLimits {
        ClientLimits(ofNetworks: networks?.sharing(quotas), ofUsers: users?.sharing(quotas))
    }

    /// Decides on a request, unless a quota that is shared has to be asked for.
    package func admissionAtOnce(of request: Request) -> Admission? {
        guard let (limiter, key) = quota(of: request) else { return .admitted(nil) }
        return limiter.decideAtOnce(key).map { limiter.admission(of: request, by: $0) }
    }

    /// Decides on a request, on the caller's executor.
    package func admission(of request: Request) async -> Admission {
        guard let (limiter, key) = quota(of: request) else { return .admitted(nil) }
        return limiter.admission(of: request, by: await limiter.decide(key))
    }

    private func quota(of request: Request) -> (RateLimiter, RateLimitKey)? {
        if let user = request.principal?.user { return users.map { ($0, .user(user)) } }
        return networks.map { ($0, .network(of: request.client)) }
    }
}
