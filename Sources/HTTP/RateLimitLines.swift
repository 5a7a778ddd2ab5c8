/// What an answer tells of one quota: the fields `RateLimit-Policy` and `RateLimit`
/// (draft-ietf-httpapi-ratelimit-headers-10), each with one item.
package struct RateLimitLines: Equatable, Sendable {
    /// What is the same each time: the first line, and the second one up to its numbers.
    package struct Start: Equatable, Sendable {
        let octets: [UInt8]

        /// Makes the start of what is told of a policy, which allows `quota` requests in so many
        /// seconds.
        ///
        /// - Precondition: No octet of `name` has to be escaped in a string (RFC 9651 §3.3.3).
        package init(of name: String, quota: Int, windowSeconds: Int) {
            precondition(
                name.utf8.allSatisfy { OctetClass.token.contains($0) }, "\(name) is no name.")
            octets = Array(
                """
                RateLimit-Policy: "\(name)";q=\(quota);w=\(windowSeconds)\r\nRateLimit: "\(name)";r=
                """.utf8)
        }
    }

    let start: Start
    let remaining: Int
    let secondsUntilRestored: Int

    /// Tells that so many requests are left, and that all are after so many seconds; 0 or more.
    package init(_ start: Start, remaining: Int, secondsUntilRestored: Int) {
        self.start = start
        self.remaining = remaining
        self.secondsUntilRestored = secondsUntilRestored
    }
}
