package import RateLimiting

/// How many requests one client may send; nil stands for any number.
package struct RateLimitSettings: Equatable, Sendable {
    /// Requests that speak for nobody, from one network.
    package var ip: RateLimitPolicy?
    /// Requests that speak for one user.
    package var token: RateLimitPolicy?
    /// Logins from one network.
    package var loginIP: RateLimitPolicy?
    /// Failed logins with one address; what is beyond has to wait.
    package var loginID: RateLimitPolicy?
    /// Registrations from one network.
    package var registerIP: RateLimitPolicy?

    /// Reads `RATE_LIMIT_…`.
    package init(reading reader: inout ConfigurationReader) {
        let isEnabled = reader.boolean(.rateLimitEnabled, default: true)
        // All are read, so that a fault is found while none is in force.
        func policy(
            _ name: RateLimitPolicy.Name, _ variable: VariableName, _ requestCount: Int,
            perSeconds windowSeconds: Int
        ) -> RateLimitPolicy? {
            let limit = reader.rateLimit(
                variable,
                default: RateLimit(requestCount: requestCount, windowSeconds: windowSeconds))
            return isEnabled ? limit.map { RateLimitPolicy(name, $0) } : nil
        }
        ip = policy(.ip, .rateLimitIP, 600, perSeconds: 60)
        token = policy(.token, .rateLimitToken, 60_000, perSeconds: 60)
        loginIP = policy(.loginIP, .rateLimitLoginIP, 60, perSeconds: 60)
        loginID = policy(.loginID, .rateLimitLoginID, 5, perSeconds: 300)
        registerIP = policy(.registerIP, .rateLimitRegisterIP, 20, perSeconds: 3600)
    }
}

/// What a variable may say of a limit.
enum RateLimitChoice: Equatable {
    /// None.
    case off
    /// This one.
    case limit(RateLimit)

    /// What is accepted, for a fault.
    static var accepted: String {
        let (counts, seconds) = (RateLimit.requestCounts, RateLimit.windowSeconds)
        let (least, most) = (seconds.lowerBound, seconds.upperBound)
        return "\(counts.lowerBound) to \(counts.upperBound) requests in "
            + "\(UnitScale.seconds.text(of: least)) to \(UnitScale.seconds.text(of: most)), "
            + "such as 600/1m, 20/1h or 5/300s, or off"
    }

    /// Parses `off`, in letters of either case, or a number of requests, a slash and a duration in
    /// whole seconds, such as `600/1m`; nil for anything else.
    init?(parsing text: String) {
        guard text.lowercased() != "off" else {
            self = .off
            return
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = wholeNumber(parsing: String(parts[0])),
            RateLimit.requestCounts.contains(count),
            let seconds = UnitScale.seconds.value(parsing: String(parts[1])),
            RateLimit.windowSeconds.contains(seconds)
        else { return nil }
        self = .limit(RateLimit(requestCount: count, windowSeconds: seconds))
    }
}
