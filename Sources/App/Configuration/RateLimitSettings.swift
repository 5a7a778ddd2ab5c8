package import RateLimiting

/// How many requests one client may send; nil stands for any number.
package struct RateLimitSettings: Equatable, Sendable {
    /// Logins from one network.
    package var loginIP: RateLimitPolicy?
    /// Failed logins with one address; what is beyond has to wait.
    package var loginID: RateLimitPolicy?
    /// Registrations from one network.
    package var registerIP: RateLimitPolicy?

    /// Reads `RATE_LIMIT_…`.
    package init(reading reader: inout ConfigurationReader) {
        let isEnabled = reader.boolean(.rateLimitEnabled, default: true)
        let loginIP = reader.rateLimit(
            .rateLimitLoginIP, default: RateLimit(requestCount: 60, windowSeconds: 60))
        let loginID = reader.rateLimit(
            .rateLimitLoginID, default: RateLimit(requestCount: 5, windowSeconds: 300))
        let registerIP = reader.rateLimit(
            .rateLimitRegisterIP, default: RateLimit(requestCount: 20, windowSeconds: 3600))
        self.loginIP = isEnabled ? loginIP.map { RateLimitPolicy(.loginIP, $0) } : nil
        self.loginID = isEnabled ? loginID.map { RateLimitPolicy(.loginID, $0) } : nil
        self.registerIP = isEnabled ? registerIP.map { RateLimitPolicy(.registerIP, $0) } : nil
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
