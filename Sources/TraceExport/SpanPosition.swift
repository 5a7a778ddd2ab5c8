package import HTTP
package import Tracing

/// Where a span stands: its own ids, and what its trace hands on.
package struct SpanPosition: Hashable, Sendable {
    /// The span's own place in its trace.
    package let place: TraceParent
    /// What is handed on with the trace.
    package let state: TraceState
    /// Whether the span is another process's.
    package let isRemote: Bool

    /// Makes the position of a span of this process, or of another one that has asked us.
    package init(_ place: TraceParent, state: TraceState = .empty, isRemote: Bool = false) {
        self.place = place
        self.state = state
        self.isRemote = isRemote
    }

    /// Whether the trace is recorded.
    package var isSampled: Bool { place.flags.contains(.sampled) }
}

private enum PositionKey: InstrumentationContextKey {
    typealias Value = SpanPosition
}

extension InstrumentationContext {
    /// The span that work is done in, if it belongs to a trace.
    package var position: SpanPosition? {
        get { self[PositionKey.self] }
        set { self[PositionKey.self] = newValue }
    }
}
