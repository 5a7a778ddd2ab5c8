/// How long to wait before the next attempt at something that has failed.
///
/// Pure: each failure in a row doubles the wait up to a limit, and jitter shortens it by up to a
/// half, so that those who failed together do not come back together.
struct Backoff: Equatable, Sendable {
    /// Wait after the first failure, less up to a half.
    let shortest: Duration
    /// Longest wait.
    let longest: Duration
    /// How many attempts have failed in a row.
    private(set) var failureCount = 0

    /// - Parameters:
    ///   - shortest: Longer than nothing.
    ///   - longest: No shorter than `shortest`.
    init(from shortest: Duration, to longest: Duration) {
        precondition(shortest > .zero && longest >= shortest, "No waits: \(shortest), \(longest).")
        self.shortest = shortest
        self.longest = longest
    }

    /// Whether the last attempt failed.
    var isFailing: Bool { failureCount > 0 }

    /// An attempt has failed.
    /// - Parameter jitter: 0 to 1; the share of a half by which the wait is shorter.
    /// - Returns: How long to wait before the next one.
    mutating func failed(jitter: Double) -> Duration {
        // Doubling more often than this tells no difference, and would overflow in the end.
        let doubled = shortest * (1 << min(failureCount, 16))
        failureCount += 1
        return min(longest, doubled) * (1 - 0.5 * jitter)
    }

    /// An attempt has succeeded.
    mutating func succeeded() { failureCount = 0 }
}
