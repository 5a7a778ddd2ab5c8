import Ambient

/// The rule of one limit: the generic cell rate algorithm (ITU-T I.371), as a virtual schedule;
/// pure.
///
/// All that is known of a client is when its quota will be whole again. Each request puts that off
/// by the time in which one request is made good, and none may put it off beyond one window from
/// now. So the whole quota may come at once, it comes back evenly, and no moment exists, as with
/// windows that start anew, around which twice the quota would be admitted.
struct CellRate: Sendable {
    /// A time or a length of time, in attoseconds times the number of requests of the quota. In
    /// these, a request costs a whole number: no rounding adds up. A window is less than 10³²,
    /// so there is room for a thousand years.
    typealias Ticks = Int128

    /// What one request costs.
    private let cost: Ticks
    /// What the whole quota costs: one window.
    private let capacity: Ticks
    private let ticksPerSecond: Ticks
    private let ticksPerAttosecond: Ticks

    init(_ limit: RateLimit) {
        ticksPerAttosecond = Ticks(limit.requestCount)
        ticksPerSecond = ticksPerAttosecond * 1_000_000_000_000_000_000
        capacity = ticksPerSecond * Ticks(limit.windowSeconds)
        cost = capacity / ticksPerAttosecond
    }

    /// A time since some start that is the same for all.
    func ticks(of time: Duration) -> Ticks { time.attoseconds * ticksPerAttosecond }

    /// Decides on a request that comes `now`.
    ///
    /// - Parameter wholeAt: When the client's quota is whole; put off if the request is admitted.
    func decide(_ wholeAt: inout Ticks, now: Ticks) -> RateLimitDecision {
        let debt = max(wholeAt - now, 0)
        let decision = decision(untilWhole: debt)
        if case .admitted = decision { wholeAt = now + debt + cost }
        return decision
    }

    /// What is decided on a request of a client whose quota would be whole after `debt`.
    func decision(untilWhole debt: Ticks) -> RateLimitDecision {
        let excess = debt + cost - capacity
        guard excess <= 0 else {
            return .refused(standing(debt), retryAfterSeconds: seconds(excess))
        }
        return .admitted(standing(debt + cost))
    }

    private func standing(_ debt: Ticks) -> RateLimitStanding {
        RateLimitStanding(
            remaining: Int(max(capacity - debt, 0) / cost), secondsUntilRestored: seconds(debt))
    }

    private func seconds(_ ticks: Ticks) -> Int {
        Int((ticks + ticksPerSecond - 1) / ticksPerSecond)
    }
}
