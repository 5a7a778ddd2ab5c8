package import Ambient
import HTTP
package import Tracing

/// Starts spans and hands those that have ended to whoever exports them.
package struct OTLPTracer: Tracer {
    private let sampler: TraceSampler
    private let entropy: Entropy
    private let finished: @Sendable (SpanRecord) -> Void

    /// Makes a tracer.
    /// - Parameters:
    ///   - sampler: Which traces are recorded.
    ///   - entropy: Where ids come from.
    ///   - finished: Takes each recorded span at its end, on the thread that ends it; it must not
    ///     block.
    package init(
        sampler: TraceSampler, entropy: Entropy,
        finished: @escaping @Sendable (SpanRecord) -> Void
    ) {
        self.sampler = sampler
        self.entropy = entropy
        self.finished = finished
    }

    /// Starts a span inside the one of `context`, or a trace if there is none.
    package func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> InstrumentationContext,
        ofKind kind: SpanKind, at instant: @autoclosure () -> Instant, function: String,
        file fileID: String, line: UInt
    ) -> RecordedSpan {
        let outer = context()
        let parent = outer.position
        let traceID = parent?.place.traceID ?? newTraceID()
        // The ids that are made here are random throughout.
        var flags = parent?.place.flags ?? .random
        if sampler.samples(traceID, in: parent) {
            flags.insert(.sampled)
        } else {
            flags.remove(.sampled)
        }
        let position = SpanPosition(
            TraceParent(traceID: traceID, spanID: newSpanID(), flags: flags),
            state: parent?.state ?? .empty)
        let record =
            position.isSampled
            ? SpanRecord(
                operationName, kind, at: position, in: parent,
                start: instant().nanosecondsSinceEpoch) : nil
        return RecordedSpan(at: position, in: outer, record, finished: finished)
    }

    /// Does nothing: what has ended is exported soon, and at the end of the exporter.
    package func forceFlush() {}

    /// Reads `traceparent` and `tracestate` (W3C Trace Context Level 2).
    package func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout InstrumentationContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        guard let text = extractor.extract(key: "traceparent", from: carrier),
            let place = TraceParent(parsing: text.utf8Span.span)
        else { return }
        let state = extractor.extract(key: "tracestate", from: carrier).flatMap {
            TraceState(parsing: $0.utf8Span.span)
        }
        context.position = SpanPosition(place, state: state ?? .empty, isRemote: true)
    }

    /// Writes `traceparent` and `tracestate` (W3C Trace Context Level 2).
    package func inject<Carrier, Inject: Injector>(
        _ context: InstrumentationContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let position = context.position else { return }
        injector.inject("\(position.place)", forKey: "traceparent", into: &carrier)
        guard position.state != .empty else { return }
        injector.inject(position.state.text, forKey: "tracestate", into: &carrier)
    }

    private func newTraceID() -> TraceID {
        while true {
            if let id = TraceID(high: entropy.next(), low: entropy.next()) { return id }
        }
    }

    private func newSpanID() -> SpanID {
        while true {
            if let id = SpanID(rawValue: entropy.next()) { return id }
        }
    }
}
