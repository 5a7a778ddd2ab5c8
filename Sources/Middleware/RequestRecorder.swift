package import Ambient
package import HTTP
import HTTPTypes
package import JSONLogging
package import Routing

/// The outermost of what answers: it gives each request its id, has it answered, puts the id on
/// the answer, and writes one line about it.
package struct RequestRecorder: Responder {
    private let next: any Handler
    private let ids: RequestIDGenerator
    private let log: AccessLog
    private let wallClock: WallClock
    private let clock: @Sendable () -> MonotonicTime

    /// Makes a recorder in front of `next`.
    package init(
        next: any Handler, ids: RequestIDGenerator, log: AccessLog, wallClock: WallClock,
        clock: @escaping @Sendable () -> MonotonicTime = { .now }
    ) {
        self.next = next
        self.ids = ids
        self.log = log
        self.wallClock = wallClock
        self.clock = clock
    }

    /// Has the request answered under its id, and records it.
    package func respond(to request: Request) async -> Response {
        var request = request
        request.id = request.head.fields.requestID ?? ids.next()
        var response = await next.respond(to: request)
        response.fields.append(.requestID, request.id)
        record(
            response, requestID: request.id, method: request.head.method.rawValue,
            bodyOctets: request.head.method == .head ? 0 : response.body.count,
            since: request.receivedAt, traceID: request.head.fields.traceParent?.traceID.description)
        return response
    }

    /// Makes the answer to what was no request, under a new id, and records it.
    package func respond(
        toUnreadable problem: Problem, receivedAt: MonotonicTime
    ) -> Response {
        let id = ids.next()
        var response = problem.response(instance: "", requestID: id)
        response.fields.append(.requestID, id)
        record(
            response, requestID: id, method: "-", bodyOctets: response.body.count,
            since: receivedAt, traceID: nil)
        return response
    }

    private func record(
        _ response: Response, requestID: String, method: String, bodyOctets: Int,
        since start: MonotonicTime, traceID: String?
    ) {
        let cause = response.cause.map { "\($0)" }
        log.requestFinished(
            AccessRecord(
                requestID: requestID, method: method, route: response.route ?? "-",
                status: response.status.code, duration: clock() - start,
                bodyOctets: bodyOctets, traceID: traceID, cause: cause),
            at: wallClock.now())
    }
}
