package import HTTP

/// A limit with the name that clients know it by.
package struct RateLimitPolicy: Equatable, Sendable {
    /// What a policy is for and by what it tells clients apart.
    package enum Name: String, CaseIterable, Sendable {
        /// Requests that speak for nobody, by the client's network.
        case ip
        /// Requests that speak for a user, by the user.
        case token
        /// Logins by the client's network.
        case loginIP = "login-ip"
        /// Failed logins by the address that was typed.
        case loginID = "login-id"
        /// Registrations by the client's network.
        case registerIP = "register-ip"
    }

    /// Its name.
    package let name: Name
    /// How much it allows.
    package let limit: RateLimit
    private let start: RateLimitLines.Start

    /// Makes a policy.
    package init(_ name: Name, _ limit: RateLimit) {
        self.name = name
        self.limit = limit
        start = RateLimitLines.Start(
            of: name.rawValue, quota: limit.requestCount, windowSeconds: limit.windowSeconds)
    }
}

/// What is left of a quota.
package struct RateLimitStanding: Equatable, Sendable {
    /// Requests that would be admitted now, one right after the other.
    package let remaining: Int
    /// Seconds until the quota is whole again if no request comes, rounded up.
    package let secondsUntilRestored: Int

    /// Makes a standing; both are 0 or more.
    package init(remaining: Int, secondsUntilRestored: Int) {
        self.remaining = remaining
        self.secondsUntilRestored = secondsUntilRestored
    }
}

/// Whether a request may be answered, and what is left then.
package enum RateLimitDecision: Equatable, Sendable {
    /// It may, and has been counted.
    case admitted(RateLimitStanding)
    /// The quota is used up; the next one is admitted after so many seconds, 1 or more, rounded
    /// up. It has not been counted.
    case refused(RateLimitStanding, retryAfterSeconds: Int)

    /// What is left.
    package var standing: RateLimitStanding {
        switch self {
        case .admitted(let standing), .refused(let standing, _): standing
        }
    }
}

extension RateLimitPolicy {
    /// What an answer tells of a client's quota.
    package func lines(_ standing: RateLimitStanding) -> RateLimitLines {
        RateLimitLines(
            start, remaining: standing.remaining,
            secondsUntilRestored: standing.secondsUntilRestored)
    }
}
