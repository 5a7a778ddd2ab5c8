import RateLimiting

/// The counters of all limits, which all loops share; nil where there is no limit.
struct RateLimiters: Sendable {
    let logins: RateLimiter?
    let registrations: RateLimiter?

    init(
        _ settings: RateLimitSettings, notice: SharedQuotaNotice, metrics: RateLimitMetrics
    ) {
        logins = settings.loginIP.map { RateLimiter($0, notice: notice, metrics: metrics) }
        registrations = settings.registerIP.map {
            RateLimiter($0, notice: notice, metrics: metrics)
        }
    }
}
