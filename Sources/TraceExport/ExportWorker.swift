import Ambient
import Logging
import Reactor

/// The loop of the exporter's thread: takes batches out of the inbox and sends them, one after the
/// other, until the inbox is closed and empty.
struct ExportWorker: ~Copyable {
    private let inbox: SpanInbox
    private let resource: TraceResource
    private let limits: ExportLimits
    private let logger: Logger
    private let entropy: Entropy
    private var connection: CollectorConnection
    /// Whether the last attempt failed: then an operator has been told.
    private var isFailing = false

    init(
        inbox: SpanInbox, resource: TraceResource, limits: ExportLimits, logger: Logger,
        entropy: Entropy, connection: consuming CollectorConnection
    ) {
        self.inbox = inbox
        self.resource = resource
        self.limits = limits
        self.logger = logger
        self.entropy = entropy
        self.connection = connection
    }

    /// Runs until the inbox is closed and empty.
    mutating func run() {
        while true {
            switch inbox.nextStep() {
            case .sleep: inbox.wake.wait()
            case .gather:
                _ = inbox.wake.wait(until: .now + limits.gatherTime)
                deliver(inbox.takeBatch())
            case .export: deliver(inbox.takeBatch())
            case .stop: return inbox.ended.signal()
            }
        }
    }

    private mutating func deliver(_ batch: [SpanRecord]) {
        let body = OTLPPayload.octets(of: batch, resource: resource)
        var delivery = Delivery()
        while true {
            let result = attempt(body)
            report(result)
            let step = delivery.attempted(
                result, isLast: inbox.isClosed,
                jitter: Double(entropy.next() >> 11) / Double(1 << 53 as UInt64))
            switch step {
            case .done(let rejectedCount):
                let rejected = min(rejectedCount, batch.count)
                inbox.exported(batch.count - rejected)
                return inbox.failed(rejected)
            case .giveUp: return inbox.failed(batch.count)
            case .retry(let pause): wait(for: pause)
            }
        }
    }

    private mutating func attempt(_ body: [UInt8]) -> DeliveryResult {
        do throws(DeliveryFailure) {
            return DeliveryResult(
                try connection.post(body, until: .now + limits.attemptTimeout))
        } catch {
            return .failed(error, retryAfter: nil)
        }
    }

    /// Waits, unless the inbox is closed before.
    private func wait(for pause: Duration) {
        let deadline = MonotonicTime.now + pause
        while !inbox.isClosed, inbox.wake.wait(until: deadline) {}
    }

    /// Tells an operator when the collector begins to take no spans, and when that ends.
    private mutating func report(_ result: DeliveryResult) {
        let problem: String
        switch result {
        case .accepted:
            if isFailing { logger.notice("The trace collector takes spans again") }
            return isFailing = false
        case .refused(let status): problem = "it answered \(status)"
        case .failed(let failure, _): problem = "\(failure)"
        }
        guard !isFailing else { return }
        isFailing = true
        logger.warning(
            "The trace collector takes no spans", metadata: ["error": "\(problem)"])
    }
}
