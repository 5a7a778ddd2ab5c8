import Ambient
import PrometheusMetrics

/// What one connection counts of its statements, on its loop's thread.
struct QueryMeter: Sendable {
    private let metrics: DatabaseMetrics
    private let shard: MetricsShard
    /// By the identity of a statement the position of its name; -1 if it has not been looked up.
    private var positions: [Int] = []

    init(_ metrics: DatabaseMetrics, loop index: Int) {
        self.metrics = metrics
        shard = metrics.shard(ofLoop: index)
    }

    /// A batch of so many statements was closed.
    func batchSent(_ count: Int) { metrics.batches.record(count, on: shard) }

    /// What became of a statement is known, so long after it was sent. What was lost, or was not
    /// executed, tells nothing of how long the database takes.
    mutating func ended(
        _ statement: StatementText, _ outcome: PostgresConnection.Outcome, after duration: Duration
    ) {
        switch outcome {
        case .result, .failed, .timedOut:
            metrics.queries.record(position(of: statement), duration, on: shard)
        case .aborted, .lost, .unknown: break
        }
    }

    /// A statement failed, be it that it was not sent.
    func failed(_ error: PostgresError) { metrics.failures.add(QueryFailure(error), on: shard) }

    private mutating func position(of statement: StatementText) -> Int {
        let identity = statement.identity
        if identity < positions.count, positions[identity] >= 0 { return positions[identity] }
        let position = metrics.statements.position(of: statement.name)
        let missing = identity + 1 - positions.count
        if missing > 0 { positions += Array(repeating: -1, count: missing) }
        positions[identity] = position
        return position
    }
}
