/// The spans that have ended and wait for their export, in batches.
///
/// Pure: each method is called under a lock and says what is to be done outside of it.
struct SpanQueue: Sendable {
    /// What the exporter does next.
    enum Step: Equatable, Sendable {
        /// Nothing is there: wait for a signal.
        case sleep
        /// Some are there: wait a while for more of them, then export.
        case gather
        /// Export at once: a batch is full, or none will follow.
        case export
        /// Everything has been taken, and nothing will follow.
        case stop
    }

    /// The most spans that wait; one beyond them is dropped.
    let spansMax: Int
    /// The most spans that are exported together.
    let batchMax: Int
    /// Spans that were dropped since the beginning, since the queue was full or closed.
    private(set) var droppedCount = 0

    /// Full batches, in the order of their spans.
    private var full: [[SpanRecord]] = []
    private var open: [SpanRecord] = []
    private var isExporterAsleep = false
    private(set) var isClosed = false

    init(spansMax: Int, batchMax: Int) {
        precondition(0 < batchMax && batchMax <= spansMax, "\(spansMax) hold no \(batchMax).")
        self.spansMax = spansMax
        self.batchMax = batchMax
    }

    private var count: Int { full.count * batchMax + open.count }

    /// Takes a span in, or counts it as dropped.
    /// - Returns: Whether the exporter is to be woken.
    mutating func append(_ span: SpanRecord) -> Bool {
        guard !isClosed, count < spansMax else {
            droppedCount += 1
            return false
        }
        open.append(span)
        guard open.count == batchMax else { return isExporterAsleep.take() }
        full.append(open)
        open = []
        isExporterAsleep = false
        return true
    }

    /// What the exporter does next; asked by the exporter alone.
    mutating func nextStep() -> Step {
        if !full.isEmpty { return .export }
        guard open.isEmpty else { return isClosed ? .export : .gather }
        isExporterAsleep = !isClosed
        return isClosed ? .stop : .sleep
    }

    /// Takes the next batch out: the oldest spans.
    mutating func takeBatch() -> [SpanRecord] {
        guard full.isEmpty else { return full.removeFirst() }
        defer { open = [] }
        return open
    }

    /// No span is taken in any more.
    mutating func close() { isClosed = true }
}

extension Bool {
    /// The value, which is false from now on.
    fileprivate mutating func take() -> Bool {
        defer { self = false }
        return self
    }
}
