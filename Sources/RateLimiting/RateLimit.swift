/// How many requests one client may send within a length of time.
package struct RateLimit: Hashable, Sendable {
    /// The numbers of requests that there may be.
    package static let requestCounts = 1...1_000_000_000
    /// The lengths of time that there may be, in seconds: up to a day.
    package static let windowSeconds = 1...86_400

    /// The quota: requests that may come at once after a window without any.
    package let requestCount: Int
    /// How long it takes until a quota that is used up is whole again, in seconds.
    package let windowSeconds: Int

    /// Makes a limit.
    ///
    /// - Precondition: The numbers are within ``requestCounts`` and ``windowSeconds``.
    package init(requestCount: Int, windowSeconds: Int) {
        precondition(
            Self.requestCounts.contains(requestCount), "No limit has \(requestCount) requests.")
        precondition(
            Self.windowSeconds.contains(windowSeconds), "No window has \(windowSeconds) s.")
        self.requestCount = requestCount
        self.windowSeconds = windowSeconds
    }
}
