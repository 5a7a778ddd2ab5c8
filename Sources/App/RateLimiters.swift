import RateLimiting
import Routing

/// The counters of all limits, which all loops share; nil where there is no limit.
struct RateLimiters: Sendable {
    private(set) var logins: RateLimiter?
    private(set) var registrations: RateLimiter?
    /// What bounds every request.
    private(set) var clients: ClientLimits?

    /// - Parameter notice: Told when many clients seem to share the quota of an address; nil if
    ///   proxies are known.
    init(
        _ settings: RateLimitSettings, notice: SharedQuotaNotice?, metrics: RateLimitMetrics
    ) {
        func limiter(_ policy: RateLimitPolicy?) -> RateLimiter? {
            policy.map { RateLimiter($0, notice: notice, metrics: metrics) }
        }
        logins = limiter(settings.loginIP)
        registrations = limiter(settings.registerIP)
        let networks = limiter(settings.ip)
        // Users are told apart behind any proxy.
        let users = settings.token.map { RateLimiter($0, notice: nil, metrics: metrics) }
        clients =
            networks == nil && users == nil
            ? nil : ClientLimits(ofNetworks: networks, ofUsers: users)
    }

    /// What clients are told of an operation.
    func describe(_ operation: Operation) -> Operation {
        clients == nil ? operation : operation.limited
    }

    /// The same limits, with quotas that are shared with other processes.
    func sharing(_ quotas: any SharedRateLimits) -> RateLimiters {
        var limiters = self
        limiters.logins = logins?.sharing(quotas)
        limiters.registrations = registrations?.sharing(quotas)
        limiters.clients = clients?.sharing(quotas)
        return limiters
    }
}
