package import PrometheusMetrics

/// What the clients of a Redis count, for whoever scrapes it.
package final class RedisMetrics: Sendable {
    /// What became of a command.
    enum Outcome: String, ClosedLabel {
        case answered
        case refused
        case timedOut = "timed_out"
        case connectionLost = "connection_lost"
        case notConnected = "not_connected"
        case inDoubt = "in_doubt"
        case overloaded
        case unexpected

        init<Value>(_ result: Result<Value, RedisError>) {
            switch result {
            case .success: self = .answered
            case .failure(.refused): self = .refused
            case .failure(.timedOut): self = .timedOut
            case .failure(.connectionLost): self = .connectionLost
            case .failure(.notConnected): self = .notConnected
            case .failure(.inDoubt): self = .inDoubt
            case .failure(.overloaded): self = .overloaded
            case .failure(.unexpectedReply): self = .unexpected
            }
        }
    }

    /// How a loop's connection is.
    enum State: String, ClosedLabel {
        case up
        case down
    }

    let connections: Gauge<State>
    let commands: Counter<Outcome>
    let times: Histogram<NoLabel>
    let reconnects: Counter<NoLabel>
    let connectFailures: Counter<NoLabel>
    private let registry: MetricsRegistry

    /// Declares the families; to be made once for a registry.
    package init(in registry: MetricsRegistry) {
        connections = Gauge(
            "redis_connections", "Connections to Redis that event loops have or lack.",
            by: .label("state"), in: registry)
        commands = Counter(
            "redis_commands_total", "Commands for Redis, by what became of them.",
            by: .label("outcome"), in: registry)
        times = Histogram(
            "redis_command_seconds",
            "From when a command was sent to the turn in which it was answered.",
            unit: .seconds, bounds: .turns, in: registry)
        reconnects = Counter(
            "redis_reconnects_total", "Connections that took the place of an earlier one.",
            in: registry)
        connectFailures = Counter(
            "redis_connect_failures_total", "Attempts to connect to Redis that failed.",
            in: registry)
        self.registry = registry
    }

    /// Where the loop of an index counts.
    func shard(ofLoop index: Int) -> MetricsShard { registry.shard(ofLoop: index) }
}

/// What one client counts, on its loop's thread.
struct RedisMeter: Sendable {
    private let metrics: RedisMetrics
    private let shard: MetricsShard

    init(_ metrics: RedisMetrics, loop index: Int) {
        self.metrics = metrics
        shard = metrics.shard(ofLoop: index)
        connection(isUp: false)
    }

    /// The loop has a connection, or lacks one.
    func connection(isUp: Bool) {
        metrics.connections.set(.up, to: isUp ? 1 : 0, on: shard)
        metrics.connections.set(.down, to: isUp ? 0 : 1, on: shard)
    }

    func reconnected() { metrics.reconnects.add(on: shard) }

    func connectFailed() { metrics.connectFailures.add(on: shard) }

    func ended<Value>(_ result: Result<Value, RedisError>) {
        metrics.commands.add(RedisMetrics.Outcome(result), on: shard)
    }

    /// An answer came so long after its command.
    func answered(after time: Duration) { metrics.times.record(time, on: shard) }
}
