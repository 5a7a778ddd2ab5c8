package import PrometheusMetrics

/// What the pools of a database and their connections count, for whoever scrapes it.
package final class DatabaseMetrics: Sendable {
    /// What is the case with a connection.
    enum ConnectionState: String, ClosedLabel {
        case inUse = "in_use"
        case idle
        case connecting
    }

    /// Why a caller got no connection.
    enum Refusal: String, ClosedLabel {
        case full
        case expired
        case abandoned
    }

    /// More than there are names of statements.
    private static let statementCountMax = 128

    let connections: Gauge<ConnectionState>
    let connectionsMax: Gauge<NoLabel>
    let opened: Counter<NoLabel>
    let reconnects: Counter<NoLabel>
    let connectFailures: Counter<NoLabel>
    let discards: Counter<DiscardReason>
    let waiters: Gauge<NoLabel>
    let waits: Histogram<NoLabel>
    let refusals: Counter<Refusal>
    let batches: Histogram<NoLabel>
    let queries: Histogram<Int>
    let failures: Counter<QueryFailure>
    /// The names of statements; their positions are those of `queries`.
    let statements = LabelValues(countMax: DatabaseMetrics.statementCountMax)
    private let registry: MetricsRegistry

    /// Declares the families; to be made once for a registry.
    package init(in registry: MetricsRegistry) {
        connections = Gauge(
            "database_connections", "Connections of the pools to the database, by what they do.",
            by: .label("state"), in: registry)
        connectionsMax = Gauge(
            "database_connections_max", "Connections that the pools may have.", in: registry)
        opened = Counter(
            "database_connections_opened_total", "Connections that were opened.", in: registry)
        reconnects = Counter(
            "database_reconnects_total",
            "Opened connections that took the place of an earlier one.", in: registry)
        connectFailures = Counter(
            "database_connect_failures_total", "Attempts to connect that failed.", in: registry)
        discards = Counter(
            "database_connections_discarded_total", "Connections that were given up.",
            by: .label("reason"), in: registry)
        waiters = Gauge(
            "database_pool_waiters", "Callers who wait for a connection.", in: registry)
        waits = Histogram(
            "database_pool_wait_seconds",
            "How long callers waited for a connection who did not get one at once.",
            unit: .seconds, bounds: .requests, in: registry)
        refusals = Counter(
            "database_pool_refusals_total", "Callers who got no connection.",
            by: .label("reason"), in: registry)
        batches = Histogram(
            "database_batch_statements", "Statements that shared a round trip.",
            bounds: .counts([1, 2, 4, 8, 16, 32, 64]), in: registry)
        queries = Histogram(
            "database_query_seconds",
            "From the turn in which a statement was sent to the one in which it was answered.",
            unit: .seconds, bounds: .requests, by: .label("statement", values: statements),
            in: registry)
        failures = Counter(
            "database_query_errors_total", "Statements and waits for a connection that failed.",
            by: .label("kind"), in: registry)
        self.registry = registry
    }

    /// Where any thread counts.
    var sharedShard: MetricsShard { registry.sharedShard }

    /// Where the loop of an index counts.
    func shard(ofLoop index: Int) -> MetricsShard { registry.shard(ofLoop: index) }
}

/// How a statement failed: the cases of ``PostgresError``, of which the server's refusals for the
/// sake of a constraint are one of their own, since clients bring them about.
enum QueryFailure: String, ClosedLabel {
    case connectionFailed = "connection_failed"
    case server
    case constraintViolation = "constraint_violation"
    case connectionLost = "connection_lost"
    case outcomeUnknown = "outcome_unknown"
    case timedOut = "timed_out"
    case cancelled
    case overloaded
    case closed
    case unexpectedResult = "unexpected_result"
    case invalidParameter = "invalid_parameter"
    case invalidConfiguration = "invalid_configuration"

    init(_ error: PostgresError) {
        // Class 23: integrity constraint violation (PostgreSQL documentation, appendix A).
        if case .server(let error) = error, error.sqlState.hasPrefix("23") {
            self = .constraintViolation
        } else {
            self.init(kindOf: error)
        }
    }

    /// The case of the error, whatever the server refused.
    init(kindOf error: PostgresError) {
        switch error {
        case .connectionFailed: self = .connectionFailed
        case .server: self = .server
        case .connectionLost: self = .connectionLost
        case .outcomeUnknown: self = .outcomeUnknown
        case .timedOut: self = .timedOut
        case .cancelled: self = .cancelled
        case .overloaded: self = .overloaded
        case .closed: self = .closed
        case .unexpectedResult: self = .unexpectedResult
        case .invalidParameter: self = .invalidParameter
        case .invalidConfiguration: self = .invalidConfiguration
        }
    }
}
