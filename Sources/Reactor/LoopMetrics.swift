package import PrometheusMetrics

/// How loops keep up with their work, for whoever scrapes it.
package struct LoopMetrics: Sendable {
    /// From the return of epoll_wait(2) to the end of the turn: for this long the loop heard of
    /// nothing else.
    let turns: Histogram<Int>
    /// From a timer's deadline to the turn in which it fired.
    let lags: Histogram<Int>
    private let shards: [MetricsShard]

    /// Declares the families; to be made once for a registry.
    /// - Parameter loopCount: How many loops there are.
    package init(in registry: MetricsRegistry, loopCount: Int) {
        let indices = (0..<loopCount).map { "\($0)" }
        turns = Histogram(
            "event_loop_turn_seconds", "How long a turn of an event loop took.", unit: .seconds,
            bounds: .turns, by: .label("loop", values: indices), in: registry)
        lags = Histogram(
            "event_loop_lag_seconds", "How late a timer of an event loop fired.", unit: .seconds,
            bounds: .turns, by: .label("loop", values: indices), in: registry)
        shards = (0..<loopCount).map(registry.shard(ofLoop:))
    }

    /// What the loop of an index counts on its thread.
    func meter(ofLoop index: Int) -> LoopMeter {
        LoopMeter(metrics: self, index: index, shard: shards[index])
    }
}

/// What one loop counts, on its thread.
struct LoopMeter: Sendable {
    let metrics: LoopMetrics
    let index: Int
    let shard: MetricsShard

    func turnEnded(after duration: Duration) { metrics.turns.record(index, duration, on: shard) }

    func timerFired(late: Duration) { metrics.lags.record(index, late, on: shard) }
}
