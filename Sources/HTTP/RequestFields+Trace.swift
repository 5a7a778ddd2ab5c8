import HTTPTypes

extension HTTPField.Name {
    /// The place in a trace that a request comes from (W3C Trace Context Level 2, §3.2).
    static let traceparent = HTTPField.Name(constant: "traceparent")
    /// What is to be handed on with it (W3C Trace Context Level 2, §3.3).
    static let tracestate = HTTPField.Name(constant: "tracestate")
}

extension RequestFields {
    /// The place in a trace that the request comes from; nil without a `traceparent`, with several,
    /// and with one that is malformed: none of them belongs to a trace.
    package var traceParent: TraceParent? {
        octets(of: .traceparent).flatMap { TraceParent(parsing: $0.span) }
    }

    /// What is to be handed on with the trace; nothing if the client's is malformed (W3C Trace
    /// Context Level 2, §4.3). It means nothing without a ``traceParent``.
    package var traceState: TraceState {
        octets(of: .tracestate).flatMap { TraceState(parsing: $0.span) } ?? .empty
    }
}
