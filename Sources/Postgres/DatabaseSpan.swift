package import Tracing

/// Makes the spans of what traced requests wait for here; a class, since to look at a struct behind
/// a protocol copies it.
package final class DatabaseTracer: Sendable {
    fileprivate let tracer: any Tracer

    /// Makes spans by way of a tracer.
    package init(_ tracer: any Tracer) { self.tracer = tracer }
}

/// What a request waits for here, as a span inside the request's own. Its attributes are those of
/// OpenTelemetry's conventions for database clients, but for what may name a person or a machine.
package struct DatabaseSpan: Sendable {
    private let span: any Span

    /// The span of a statement, under the name that metrics have for it. Nil, at the price of one
    /// comparison, without a tracer; nil outside of requests too.
    init?(query name: StaticString, by tracer: DatabaseTracer?) {
        guard let tracer else { return nil }
        self.init("\(name)", .client, tracer.tracer)
        span.attributes = ["db.system.name": "postgresql", "db.query.summary": "\(name)"]
    }

    /// The span of a wait for a connection; nil as above.
    init?(waitBy tracer: DatabaseTracer?) {
        guard let tracer else { return nil }
        self.init("database pool wait", .internal, tracer.tracer)
    }

    private init?(_ name: String, _ kind: SpanKind, _ tracer: any Tracer) {
        guard let context = InstrumentationContext.current else { return nil }
        span = tracer.startSpan(name, context: context, ofKind: kind)
    }

    /// Ends it well.
    package func end() { span.end() }

    /// Ends it with an error.
    package func end(after error: PostgresError) {
        span.attributes["error.type"] = QueryFailure(kindOf: error).rawValue
        if case .server(let error) = error {
            span.attributes["db.response.status_code"] = error.sqlState
        }
        span.setStatus(SpanStatus(code: .error))
        span.end()
    }
}
