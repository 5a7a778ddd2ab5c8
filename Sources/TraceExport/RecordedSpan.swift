import Synchronization
package import Tracing

/// A span under way. Safe to use from any thread.
///
/// One that is not sampled has ids, for logs, and keeps nothing. What is told of a span after its
/// end is dropped.
package final class RecordedSpan: Span {
    /// What work inside the span is done in.
    package let context: InstrumentationContext
    /// Where it stands.
    package let position: SpanPosition
    private let record: Mutex<SpanRecord?>
    private let finished: @Sendable (SpanRecord) -> Void

    /// - Parameters:
    ///   - record: What is known of it; nil if it is not sampled.
    ///   - finished: Takes what there is to export, once, on the thread that ends the span.
    init(
        at position: SpanPosition, in outer: InstrumentationContext, _ record: SpanRecord?,
        finished: @escaping @Sendable (SpanRecord) -> Void
    ) {
        self.position = position
        var context = outer
        context.position = position
        self.context = context
        self.record = Mutex(record)
        self.finished = finished
    }

    /// What was done; empty if the span is not recorded.
    package var operationName: String {
        get { record.withLock { $0?.name ?? "" } }
        set { record.withLock { $0?.name = newValue } }
    }

    /// Facts of it; none if the span is not recorded.
    package var attributes: SpanAttributes {
        get { record.withLock { $0?.attributes ?? [:] } }
        set { record.withLock { $0?.attributes = newValue } }
    }

    /// Whether anything told of it is kept.
    package var isRecording: Bool { record.withLock { $0 != nil } }

    /// Says whether it went well.
    package func setStatus(_ status: SpanStatus) { record.withLock { $0?.status = status } }

    /// Says what happened meanwhile.
    package func addEvent(_ event: SpanEvent) { record.withLock { $0?.add(event) } }

    /// Says that an error was met: its type, and not its text, which may quote data.
    package func recordError<Instant: TracerInstant>(
        _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
    ) {
        var attributes = attributes
        attributes["exception.type"] = String(describing: type(of: error))
        addEvent(SpanEvent(name: "exception", at: instant(), attributes: attributes))
    }

    /// Counts a link as dropped: nothing here links spans.
    package func addLink(_ link: SpanLink) { record.withLock { $0?.dropLink() } }

    /// Ends it, once; ending it again does nothing.
    package func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        guard var record = record.withLock({ $0.take() }) else { return }
        record.end(at: instant().nanosecondsSinceEpoch)
        finished(record)
    }
}
