import PrometheusMetrics
import Reactor

/// What the threads that hash passwords count.
struct PasswordMetrics: Sendable {
    /// Why a password was not looked at.
    enum Rejection: String, ClosedLabel {
        case queueFull = "queue_full"
        case deadline
    }

    private let waits: Histogram<NoLabel>
    private let durations: Histogram<NoLabel>
    private let rejections: Counter<Rejection>
    private let shard: MetricsShard

    /// - Parameter pool: Of the threads.
    init(in registry: MetricsRegistry, of pool: OffloadPool) {
        waits = Histogram(
            "password_hashing_wait_seconds", "How long passwords waited for a thread.",
            unit: .seconds, bounds: .requests, in: registry)
        durations = Histogram(
            "password_hashing_seconds", "How long a thread hashed or verified one password.",
            unit: .seconds, bounds: .requests, in: registry)
        rejections = Counter(
            "password_hashing_rejected_total", "Passwords that were not looked at.",
            by: .label("reason"), in: registry)
        shard = registry.sharedShard
        let threads = MetricDescription(
            "password_hashing_threads", "Threads that hash passwords.", .gauge)
        let queue = MetricDescription(
            "password_hashing_queue", "Passwords that wait for a thread.", .gauge)
        registry.collect {
            [
                MetricFamily(threads, pool.threadCount),
                MetricFamily(queue, pool.queuedCount),
            ]
        }
    }

    /// A thread has taken a password up, even if it is too late.
    func waited(_ duration: Duration) { waits.record(duration, on: shard) }

    /// A thread is done with a password.
    func hashed(in duration: Duration) { durations.record(duration, on: shard) }

    /// A password was not looked at.
    func rejected(_ reason: Rejection) { rejections.add(reason, on: shard) }
}
