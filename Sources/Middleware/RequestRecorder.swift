package import Ambient
package import HTTP
import HTTPTypes
package import JSONLogging
package import PrometheusMetrics
package import Routing
package import TraceExport
import Tracing

/// The outermost of what answers: it gives each request its id, has it answered, has content
/// inflated and compressed, puts the id on the answer, counts it, and writes one line about it. If
/// there is a tracer, each request is a span.
package struct RequestRecorder: Responder {
    private let next: any Handler
    private let proxies: TrustedProxies
    private let codings: ContentCodings?
    private let ids: RequestIDGenerator
    private let log: AccessLog
    private let metrics: RequestMetrics
    private let shard: MetricsShard
    private let wallClock: WallClock
    private let tracer: OTLPTracer?
    private let clock: @Sendable () -> MonotonicTime

    /// Makes a recorder in front of `next`.
    /// - Parameters:
    ///   - proxies: Those whose word is taken for where a request comes from.
    ///   - codings: Inflates and compresses content; nil if it is taken and sent as it is.
    ///   - shard: Where the requests are counted that are answered here.
    ///   - tracer: Traces the requests; nil if they are not traced.
    package init(
        next: any Handler, proxies: TrustedProxies = TrustedProxies([]),
        codings: ContentCodings? = nil, ids: RequestIDGenerator, log: AccessLog,
        metrics: RequestMetrics, shard: MetricsShard, wallClock: WallClock,
        tracer: OTLPTracer? = nil,
        clock: @escaping @Sendable () -> MonotonicTime = { .now }
    ) {
        self.next = next
        self.proxies = proxies
        self.codings = codings
        self.ids = ids
        self.log = log
        self.metrics = metrics
        self.shard = shard
        self.wallClock = wallClock
        self.tracer = tracer
        self.clock = clock
    }

    /// Has the request answered under its id, and records it.
    package func respond(to request: consuming Request) async -> Response {
        let span = begin(&request)
        // The request is handed on, not lent, which would cost a copy.
        let (head, id, client) = (request.head, request.id, request.client)
        let receivedAt = request.receivedAt
        var response: Response
        if let span {
            response = await respond(to: request, in: span.context)
        } else {
            response = await next.respond(to: request)
        }
        if let codings, codings.concern(response) {
            response = await codings.encode(response, to: head)
        }
        finish(&response, to: head, requestID: id, from: client, since: receivedAt, span)
        // Otherwise it would be copied.
        return consume response
    }

    /// Gives a request what it has before it is answered, and counts it.
    /// - Returns: Its span, if there is a tracer.
    // Not inlined: see "What waits keeps its variables" in docs/architecture.md.
    @inline(never)
    private func begin(_ request: inout Request) -> RequestSpan? {
        let head = request.head
        if !proxies.isEmpty {
            request.client = proxies.client(of: head.fields, from: request.client)
        }
        request.id = head.fields.requestID ?? ids.next()
        if head.framing != .none { codings?.decode(&request) }
        metrics.began(on: shard)
        return tracer.map {
            RequestSpan(of: head, receivedAt: request.receivedAt, by: $0, now: clock())
        }
    }

    /// Puts the id on an answer, counts it and writes its line.
    // Not inlined: see "What waits keeps its variables" in docs/architecture.md.
    @inline(never)
    private func finish(
        _ response: inout Response, to head: RequestHead, requestID: String,
        from client: ClientAddress, since receivedAt: MonotonicTime, _ span: RequestSpan?
    ) {
        metrics.ended(on: shard)
        span?.end(with: response)
        response.fields.append(.requestID, requestID)
        // Either is empty; most answers are no stream.
        let octetCount = response.body.isEmpty ? response.stream?.length ?? 0 : response.body.count
        record(
            response, requestID: requestID, from: client, method: head.method,
            bodyOctets: head.method == .head ? 0 : octetCount, since: receivedAt,
            traceID: span?.traceID ?? head.fields.traceParent?.traceID, spanID: span?.spanID)
    }

    /// Has the request answered inside a span, on the caller's executor, which the closure would
    /// leave if it were not isolated as its caller is.
    private func respond(
        to request: Request, in context: InstrumentationContext,
        isolation: isolated (any Actor)? = #isolation
    ) async -> Response {
        await InstrumentationContext.withValue(context) {
            _ = isolation
            return await next.respond(to: request)
        }
    }

    /// Makes the answer to what was no request, under a new id, and records it.
    package func respond(
        toUnreadable problem: Problem, from client: ClientAddress, receivedAt: MonotonicTime
    ) -> Response {
        let id = ids.next()
        var response = problem.response(instance: "", requestID: id)
        response.fields.append(.requestID, id)
        record(
            response, requestID: id, from: client, method: nil,
            bodyOctets: response.body.count, since: receivedAt)
        return response
    }

    private func record(
        _ response: Response, requestID: String, from client: ClientAddress,
        method: HTTPRequest.Method?, bodyOctets: Int, since start: MonotonicTime,
        traceID: TraceID? = nil, spanID: SpanID? = nil
    ) {
        let time = clock() - start
        metrics.answered(
            method, route: response.route?.number, status: response.status.code, after: time,
            on: shard)
        let cause = response.cause.map { "\($0)" }
        log.requestFinished(
            AccessRecord(
                requestID: requestID, method: method?.rawValue ?? "-",
                route: response.route?.template ?? "-", status: response.status.code,
                duration: time, bodyOctets: bodyOctets, userID: response.user,
                client: log.tellsClients ? client.text : nil, traceID: traceID?.description,
                spanID: spanID?.description, cause: cause),
            at: wallClock.now())
    }
}
