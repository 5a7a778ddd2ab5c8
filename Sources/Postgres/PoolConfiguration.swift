/// How a loop's pool of connections behaves.
package struct PoolConfiguration: Sendable {
    /// Most connections of this loop, at least 1.
    package var connectionsMax = 10
    /// Connections of this loop that stay open when nobody uses them; one that short reads share
    /// is always among them.
    package var connectionsMin = 1
    /// Most of them that short reads share; more than two gain nothing, as measured.
    package var sharedMax = 2
    /// Most attempts to connect at a time.
    package var connectingMax = 2
    /// Most callers that may wait for a connection of one kind: shared, alone, or for a batch of
    /// writes; beyond, they are refused at once.
    package var waitersMax = 1024
    /// Longest wait for a connection.
    package var acquireTimeout: Duration = .seconds(2)
    /// Longest wait for the server to answer anything before its connection counts as dead.
    package var answerTimeout: Duration = .seconds(5)
    /// Longest wait for the first answer on a new connection, after libpq's own `connect_timeout`.
    package var greetingTimeout: Duration = .seconds(5)
    /// What each session is told once it is open, as `SET name = value` says it. Nothing where a
    /// pooler lends a session to others after each transaction.
    package var sessionSettings: [SessionSetting] = []
    /// Whether statements are prepared when they are first used on a connection, and kept there:
    /// not where a pooler gives each transaction another session.
    package var preparesStatements = true
    /// Whether writes that have a form for it share a connection and a commit with others that come
    /// in the same turn of the loop.
    package var batchesWrites = false
    /// Most writes that share a commit.
    package var writeBatchMax = 32
    /// Most batches of writes that are under way at a time: while one is committed, the server
    /// works on another; a third gained nothing, as measured.
    package var writeBatchesMax = 2
    /// Longest time that the holder of a connection may ask nothing, in a transaction above all:
    /// then the connection is closed, and the transaction rolled back by the server.
    package var idleInTransactionTimeout: Duration = .seconds(10)
    /// Longest wait for the end of a statement that was cancelled; then its connection is closed.
    package var cancelTimeout: Duration = .seconds(1)
    /// How often a transaction is run in all, if it conflicts with others each time.
    package var transactionAttemptsMax = 4
    /// Longest wait before a transaction is run again, which a random part is taken of; it doubles
    /// each time.
    package var conflictPause: Duration = .milliseconds(10)
    /// Beyond the minimum, a connection that nobody has used for this long is closed.
    package var idleTimeout: Duration = .seconds(600)
    /// After this time, less up to a fifth, a connection is replaced once nobody uses it.
    package var lifetime: Duration = .seconds(3600)
    /// Wait after the first failed attempt to connect, less up to a half; it doubles each time.
    package var backoffMin: Duration = .milliseconds(100)
    /// Longest wait between attempts to connect.
    package var backoffMax: Duration = .seconds(1)

    /// Makes spans of the statements of traced requests, and of their waits; nil if no request is
    /// traced.
    package var tracer: DatabaseTracer?

    /// Makes the configuration of a pool of `connectionsMax` connections.
    package init(connectionsMax: Int = 10) {
        precondition(connectionsMax >= 1, "A pool needs a connection, not \(connectionsMax).")
        self.connectionsMax = connectionsMax
    }
}
