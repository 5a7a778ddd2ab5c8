package import Ambient
package import Logging
package import Reactor
import Synchronization

/// What became of the spans that ended.
package struct ExportStatistics: Equatable, Sendable {
    /// Spans that a collector has taken.
    package var exportedCount = 0
    /// Spans that were dropped because too many waited already.
    package var queueFullCount = 0
    /// Spans that were given up because no collector took them.
    package var exportFailedCount = 0
}

/// How spans are exported.
package struct ExportLimits: Sendable {
    /// The most spans that wait for their export; those beyond are dropped.
    package var spansMax = 4096
    /// The most spans that are sent together.
    package var batchMax = 512
    /// How long a span waits for others to be sent with.
    package var gatherTime: Duration = .seconds(5)
    /// The longest that one attempt to send a batch may take.
    package var attemptTimeout: Duration = .seconds(10)

    /// The defaults, which are of the order of those of OpenTelemetry ("Batching processor").
    package init() {}
}

/// Sends spans to a collector, over OTLP/HTTP in the JSON encoding, from a thread of its own.
///
/// Whoever hands it a span never waits for the collector, be it slow or away.
package final class SpanExporter: Sendable {
    private let inbox: SpanInbox
    private let thread: Mutex<SystemThread?>

    /// Starts the thread.
    /// - Parameters:
    ///   - version: Of the service, as the collector sees it.
    ///   - logger: Is told when the collector takes no spans, and when it does again.
    package init(
        to address: CollectorAddress, resource: TraceResource, version: String, logger: Logger,
        limits: ExportLimits = ExportLimits(), wallClock: WallClock = .system,
        entropy: Entropy = .system
    ) throws(SystemError) {
        let inbox = try SpanInbox(limits)
        self.inbox = inbox
        thread = Mutex(
            try SystemThread(name: "trace-exporter") {
                var worker = ExportWorker(
                    inbox: inbox, resource: resource, limits: limits, logger: logger,
                    entropy: entropy,
                    connection: CollectorConnection(
                        to: address, userAgent: "user-management/\(version)",
                        wallClock: wallClock))
                worker.run()
            })
    }

    deinit { inbox.close() }

    /// Takes a span that has ended, or drops it. Safe from any thread; never waits for a collector.
    package func append(_ span: SpanRecord) { inbox.append(span) }

    /// What became of the spans so far. Safe from any thread.
    package var statistics: ExportStatistics { inbox.statistics }

    /// Sends what is there, each batch once, and ends the thread; spans that come later are
    /// dropped.
    ///
    /// Blocks its thread: not for event loops. Closing again does nothing.
    /// - Returns: false if `time` passed before; the thread is then left to itself.
    @discardableResult
    package func close(within time: Duration) -> Bool {
        guard let thread = thread.withLock({ $0.take() }) else { return true }
        inbox.close()
        guard inbox.ended.wait(until: .now + time) else { return false }
        thread.join()
        return true
    }
}

/// What the exporter's thread shares with everybody else.
final class SpanInbox: Sendable {
    /// Signals of the queue; the exporter alone waits for them.
    let wake: WakeUp
    /// The exporter has ended.
    let ended: WakeUp
    private let queue: Mutex<SpanQueue>
    private let exportedCount = Atomic<Int>(0)
    private let failedCount = Atomic<Int>(0)

    init(_ limits: ExportLimits) throws(SystemError) {
        wake = try WakeUp(counts: false, blocks: true)
        ended = try WakeUp(counts: false, blocks: true)
        queue = Mutex(SpanQueue(spansMax: limits.spansMax, batchMax: limits.batchMax))
    }

    var statistics: ExportStatistics {
        ExportStatistics(
            exportedCount: exportedCount.load(ordering: .relaxed),
            queueFullCount: queue.withLock { $0.droppedCount },
            exportFailedCount: failedCount.load(ordering: .relaxed))
    }

    var isClosed: Bool { queue.withLock { $0.isClosed } }

    func append(_ span: SpanRecord) {
        if queue.withLock({ $0.append(span) }) { wake.signal() }
    }

    func close() {
        queue.withLock { $0.close() }
        wake.signal()
    }

    func nextStep() -> SpanQueue.Step { queue.withLock { $0.nextStep() } }

    func takeBatch() -> [SpanRecord] { queue.withLock { $0.takeBatch() } }

    func exported(_ count: Int) { exportedCount.add(count, ordering: .relaxed) }

    func failed(_ count: Int) { failedCount.add(count, ordering: .relaxed) }
}
