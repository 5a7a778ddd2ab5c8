import Ambient
import HTTP
import HTTPTypes
import TraceExport
import Tracing

/// The span of one request, from its first octet to its answer, inside the trace that the client
/// names, if it names one. Its attributes are those of OpenTelemetry's conventions for HTTP
/// servers, but for those that may name a person: paths, queries, addresses, user agents.
struct RequestSpan {
    private static let knownMethods: Set<HTTPRequest.Method> = [
        .get, .head, .post, .put, .patch, .delete, .options, .trace,
    ]

    private let span: RecordedSpan
    private let method: HTTPRequest.Method

    /// - Parameter now: The time by the clock that ``Request/receivedAt`` is of.
    init(
        of head: RequestHead, receivedAt: MonotonicTime, by tracer: OTLPTracer, now: MonotonicTime
    ) {
        var context = InstrumentationContext.topLevel
        if let parent = head.fields.traceParent {
            context.position = SpanPosition(
                parent, state: head.fields.traceState, isRemote: true)
        }
        method = head.method
        // It is named once there is an answer, and with it a route.
        span = tracer.startSpan(
            "", context: context, ofKind: .server,
            at: DefaultTracerClock.now.advanced(by: receivedAt - now))
    }

    /// What the request is answered in.
    var context: InstrumentationContext { span.context }

    var traceID: TraceID { span.position.place.traceID }

    var spanID: SpanID { span.position.place.spanID }

    /// The request has been answered.
    func end(with response: borrowing Response) {
        guard span.isRecording else { return }
        let isKnown = Self.knownMethods.contains(method)
        let verb = isKnown ? method.rawValue : "HTTP"
        span.operationName = response.route.map { "\(verb) \($0.template)" } ?? verb
        var attributes: SpanAttributes = [
            "http.request.method": .string(isKnown ? method.rawValue : "_OTHER"),
            "http.response.status_code": .int(Int64(response.status.code)),
            "url.scheme": "http",
        ]
        attributes["http.route"] = response.route?.template
        if response.status.code >= 500 {
            attributes["error.type"] = "\(response.status.code)"
            span.setStatus(SpanStatus(code: .error))
        }
        span.attributes = attributes
        span.end()
    }
}

extension DefaultTracerClock.Timestamp {
    /// The time so much later.
    fileprivate func advanced(by duration: Duration) -> Self {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        return Self(
            nanosecondsSinceEpoch: UInt64(max(0, Int64(nanosecondsSinceEpoch) + nanoseconds)))
    }
}
