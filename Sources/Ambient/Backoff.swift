/// How long to wait before the next attempt at something that has failed.
///
/// Pure: each failure in a row doubles the wait up to a limit, and jitter shortens it by up to a
/// half, so that those who failed together do not come back together.
package struct Backoff: Equatable, Sendable {
    /// Wait after the first failure, less up to a half.
    private let shortest: Duration
    /// Longest wait.
    private let longest: Duration
    /// How many attempts have failed in a row.
    private var failureCount = 0

    /// Makes the waits of a thing that has not failed yet.
    ///
    /// - Parameters:
    ///   - shortest: Longer than nothing.
    ///   - longest: No shorter than `shortest`.
    package init(from shortest: Duration, to longest: Duration) {
        precondition(shortest > .zero && longest >= shortest, "No waits: \(shortest), \(longest).")
        self.shortest = shortest
        self.longest = longest
    }

    /// Whether the last attempt failed.
    package var isFailing: Bool { failureCount > 0 }

    /// An attempt has failed.
    /// - Parameter jitter: 0 to 1; the share of a half by which the wait is shorter.
    /// - Returns: How long to wait before the next one.
    package mutating func failed(jitter: Double) -> Duration {
        // Doubling more often than this tells no difference, and would overflow in the end.
        let doubled = shortest * (1 << min(failureCount, 16))
        failureCount += 1
        return min(longest, doubled) * (1 - 0.5 * jitter)
    }

    /// An attempt has succeeded.
    package mutating func succeeded() { failureCount = 0 }
}
