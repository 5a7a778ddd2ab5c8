import PrometheusMetrics

/// What one pool counts, on its loop's thread.
struct PoolMeter: Sendable {
    private let metrics: DatabaseMetrics
    private let shard: MetricsShard
    /// What was told last.
    private var told = PoolStatistics()

    /// - Parameter connectionsMax: Most connections of the pool.
    init(_ metrics: DatabaseMetrics, loop index: Int, connectionsMax: Int) {
        self.metrics = metrics
        shard = metrics.shard(ofLoop: index)
        metrics.connectionsMax.add(connectionsMax, on: metrics.sharedShard)
    }

    /// A caller waited for a connection, whatever came of it.
    func waitEnded(after duration: Duration) { metrics.waits.record(duration, on: shard) }

    /// A caller got no connection.
    func failed(_ error: PostgresError) { metrics.failures.add(QueryFailure(error), on: shard) }

    /// Tells how the pool stands. A scrape reads what was told last, and waits for no loop.
    mutating func tell(_ statistics: PoolStatistics) {
        metrics.connections.set(.inUse, to: statistics.inUse, on: shard)
        metrics.connections.set(.idle, to: statistics.idle, on: shard)
        metrics.connections.set(.connecting, to: statistics.connecting, on: shard)
        metrics.waiters.set(to: statistics.waiters, on: shard)
        metrics.opened.add(statistics.connects - told.connects, on: shard)
        metrics.reconnects.add(statistics.reconnects - told.reconnects, on: shard)
        metrics.connectFailures.add(
            statistics.failedConnects - told.failedConnects, on: shard)
        metrics.refusals.add(.full, count: statistics.refusals - told.refusals, on: shard)
        metrics.refusals.add(
            .expired, count: statistics.expiredWaits - told.expiredWaits, on: shard)
        metrics.refusals.add(
            .abandoned, count: statistics.abandonedWaits - told.abandonedWaits, on: shard)
        if statistics.discards != told.discards {
            for (reason, count) in statistics.discards {
                let toldCount = told.discards[reason, default: 0]
                metrics.discards.add(reason, count: count - toldCount, on: shard)
            }
        }
        told = statistics
    }
}
