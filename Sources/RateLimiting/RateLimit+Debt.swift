extension RateLimit {
    /// What a quota lacks: how long it takes until it is whole.
    package struct Debt: Equatable, Sendable {
        /// Whole microseconds, up to a window.
        let microseconds: Int64
        /// Parts of one more, of which there are as many as requests in the quota.
        let fraction: Int64

        /// Makes a debt; neither number is negative.
        package init(microseconds: Int64, fraction: Int64) {
            self.microseconds = microseconds
            self.fraction = fraction
        }
    }

    /// What is decided on a request of a client whose quota lacks so much before it, for those who
    /// keep quotas elsewhere: exactly what is decided in the process.
    package func decision(untilWhole debt: Debt) -> RateLimitDecision {
        let rate = CellRate(self)
        let parts = CellRate.Ticks(debt.microseconds) * CellRate.Ticks(requestCount)
        // In a microsecond there are 10¹² attoseconds, of which ticks are parts.
        return rate.decision(
            untilWhole: (parts + CellRate.Ticks(debt.fraction)) * 1_000_000_000_000)
    }
}
