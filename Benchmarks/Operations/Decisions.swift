import HTTP
import PrometheusMetrics
import RateLimiting

/// Makes a limiter whose quotas neither end nor are whole again while it is counted.
private func makeLimiter() -> RateLimiter {
    RateLimiter(
        RateLimitPolicy(.ip, RateLimit(requestCount: 100_000, windowSeconds: 86_400)),
        notice: nil, metrics: RateLimitMetrics(in: MetricsRegistry(loopCount: 1)))
}

private func remaining(_ limiter: RateLimiter, _ address: UInt32) -> Int {
    let key = RateLimitKey.network(of: ClientAddress(v4: address))
    return limiter.decideAtOnce(key)?.standing.remaining ?? 0
}

/// Decides whether a client may ask that has asked before.
@Sendable func decideOnKnownClient(_ count: Int) -> Int {
    let limiter = makeLimiter()
    var sum = 0
    for _ in 0..<count { sum &+= remaining(limiter, 0xcb00_7107) }
    return sum
}

/// Decides whether a client may ask that has not asked before.
@Sendable func decideOnNewClients(_ count: Int) -> Int {
    let limiter = makeLimiter()
    var sum = 0
    for number in 0..<count { sum &+= remaining(limiter, 0xcb00_0000 + UInt32(number)) }
    return sum
}
