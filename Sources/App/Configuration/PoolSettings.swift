/// How many connections to the database there are, and how long they live; over all event loops.
package struct PoolSettings: Equatable, Sendable {
    /// Connections in all; each loop has at least one.
    package var size: Int
    /// Connections that stay open when nobody uses them; each loop keeps at least one.
    package var min: Int
    /// Requests that may wait for a connection; those beyond are answered 503 at once.
    package var waitersMax: Int
    /// How long a connection beyond the minimum may be unused before it is closed.
    package var idleTimeout: Duration
    /// The age at which a connection is replaced, less up to a fifth.
    package var lifetime: Duration
    /// The longest that a transaction may be open without a statement that runs.
    package var idleInTransactionTimeout: Duration

    /// Reads `DATABASE_POOL_…` and what belongs to it.
    package init(reading reader: inout ConfigurationReader) {
        let life = Duration.seconds(1)...Duration.seconds(86_400)
        size = reader.integer(.databasePoolSize, default: 20, in: 1...1000)
        min = reader.integer(.databasePoolMin, default: 1, in: 1...size)
        waitersMax = reader.integer(.databasePoolWaitersMax, default: 1024, in: 1...100_000)
        idleTimeout = reader.duration(
            .databasePoolIdleTimeout, default: .seconds(600), in: life)
        lifetime = reader.duration(
            .databaseConnectionLifetime, default: .seconds(3600), in: life)
        idleInTransactionTimeout = reader.duration(
            .databaseIdleInTransactionTimeout, default: .seconds(10),
            in: .milliseconds(100)...Duration.seconds(3600))
    }

    /// The part of `total` that falls to the loop with `index` of `loopCount`, at least one; what
    /// does not divide goes to the first loops.
    static func share(of total: Int, loop index: Int, of loopCount: Int) -> Int {
        let (share, rest) = total.quotientAndRemainder(dividingBy: loopCount)
        return Swift.max(1, share + (index < rest ? 1 : 0))
    }
}
