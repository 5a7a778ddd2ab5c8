package import Ambient
import JSON

/// Which requests get a line.
package enum AccessLogPolicy: String, CaseIterable, Sendable {
    /// None but those at which the service itself failed.
    case off
    /// Those that were answered with a status of 400 or more.
    case errors
    /// Every one.
    case all

    /// Whether a request that was answered with `status` gets a line.
    package func covers(status: Int) -> Bool {
        switch self {
        case .off: status.isFailureOfService
        case .errors: status >= 400
        case .all: true
        }
    }
}

/// What a line tells of one request.
package struct AccessRecord: Sendable {
    /// The value of `X-Request-ID`.
    package let requestID: String
    /// The method.
    package let method: String
    /// The route's template, such as `/users/{id}`; never the path, which may name a person.
    package let route: String
    /// The status of the answer.
    package let status: Int
    /// From the first octet of the request to the last of the answer's that was handed over.
    package let duration: Duration
    /// Octets of the answer's body.
    package let bodyOctets: Int
    /// The id of the user for whom the request spoke, if it did for anybody.
    package let userID: UUID?
    /// Where the request came from, if lines tell of that.
    package let client: String?
    /// The trace that the request belongs to, if any.
    package let traceID: String?
    /// The request's own span in it, if the service traces requests.
    package let spanID: String?
    /// Why the answer is a 5xx, for the operator; never shown to the client.
    package let cause: String?

    /// Makes a record of a request.
    package init(
        requestID: String, method: String, route: String, status: Int, duration: Duration,
        bodyOctets: Int, userID: UUID? = nil, client: String? = nil, traceID: String? = nil,
        spanID: String? = nil, cause: String? = nil
    ) {
        self.requestID = requestID
        self.method = method
        self.route = route
        self.status = status
        self.duration = duration
        self.bodyOctets = bodyOctets
        self.userID = userID
        self.client = client
        self.traceID = traceID
        self.spanID = spanID
        self.cause = cause
    }
}

/// Writes one line for each request, straight to the sink and without swift-log.
///
/// The log level does not apply; ``AccessLogPolicy`` does, and to what went well
/// ``AccessSampling``. Copies count the same requests. Safe from any thread; never waits for the
/// output.
package struct AccessLog: Sendable {
    /// Octets of a usual line, so that few buffers have to grow.
    private static let usualOctets = 512

    private let sink: LogSink
    private let policy: AccessLogPolicy
    private let sampling: AccessSampling
    private let sampled = RequestCount()
    private let patterns: AccessLinePatterns
    /// Whether lines tell where requests come from.
    package let tellsClients: Bool

    /// Makes a log that writes to `sink` what `policy` covers, and of that what `sampling` takes.
    package init(
        sink: LogSink, policy: AccessLogPolicy, sampling: AccessSampling = .everything,
        tellsClients: Bool = false
    ) {
        self.sink = sink
        self.policy = policy
        self.sampling = sampling
        self.tellsClients = tellsClients
        patterns = AccessLinePatterns(service: sink.style.service)
    }

    /// Writes the line of a request that was answered at `time`: at level `ERROR`, with its cause,
    /// when the service failed, else at level `INFO`.
    package func requestFinished(_ record: borrowing AccessRecord, at time: Timestamp) {
        guard policy.covers(status: record.status) else { return }
        var weight = 1
        if sampling.applies(toStatus: record.status, record.duration) {
            guard sampling.takes(sampled.next()) else { return }
            weight = sampling.oneOf
        }
        sink.append(
            Self.line(of: record, weight: weight, at: time, in: sink.style, patterns))
    }

    /// The line of a request, which stands for `weight` of them.
    static func line(
        of record: borrowing AccessRecord, weight: Int = 1, at time: Timestamp, in style: LogStyle,
        _ patterns: AccessLinePatterns
    ) -> [UInt8] {
        switch style.format {
        case .json: json(of: record, weight: weight, at: time, patterns)
        case .text: text(of: record, weight: weight, at: time, in: style)
        }
    }

    /// The line as JSON, in one pass over one buffer: there may be tens of thousands a second.
    private static func json(
        of record: borrowing AccessRecord, weight: Int, at time: Timestamp,
        _ patterns: AccessLinePatterns
    ) -> [UInt8] {
        let pattern = patterns.pattern(
            method: record.method, route: record.route, status: record.status)
        // One by one, or the closure would copy all of the record.
        let (requestID, microseconds, octetCount) = (
            record.requestID, record.microseconds, record.bodyOctets
        )
        let (userID, client, cause) = (record.userID, record.client, record.shownCause)
        let (traceID, spanID) = (record.traceID, record.spanID)
        var octets = JSONWriter.object(capacity: usualOctets) { line in
            line.member(LogKey.timestamp.name, time)
            line.members(pattern.beginning)
            line.member(LogKey.requestID.name, requestID)
            line.members(pattern.middle)
            line.member(LogKey.durationMilliseconds.name, thousandths: Int64(microseconds))
            line.member(LogKey.bytes.name, Int64(octetCount))
            if let userID { line.member(LogKey.userID.name, userID) }
            if let client { line.member(LogKey.client.name, client) }
            if let traceID { line.member(LogKey.traceID.name, traceID) }
            if let spanID { line.member(LogKey.spanID.name, spanID) }
            if let cause { line.member(LogKey.cause.name, cause) }
            if weight > 1 { line.member(LogKey.sampleWeight.name, Int64(weight)) }
        }
        octets.append(UInt8(ascii: "\n"))
        return octets
    }

    /// The line as text, whose message has told method, route and status.
    private static func text(
        of record: borrowing AccessRecord, weight: Int, at time: Timestamp, in style: LogStyle
    ) -> [UInt8] {
        var line = LogLine(
            style, at: time, severity: LogSeverity(ofStatus: record.status),
            message: record.message)
        line.add(.durationMilliseconds, .double(Double(record.microseconds) / 1000))
        line.add(.bytes, .integer(Int64(record.bodyOctets)))
        line.add(.requestID, .string(record.requestID))
        if let userID = record.userID { line.add(.userID, .string(userID.description)) }
        if let client = record.client { line.add(.client, .string(client)) }
        if let traceID = record.traceID { line.add(.traceID, .string(traceID)) }
        if let spanID = record.spanID { line.add(.spanID, .string(spanID)) }
        if let cause = record.shownCause { line.add(.cause, .string(cause)) }
        if weight > 1 { line.add(.sampleWeight, .integer(Int64(weight))) }
        return line.octets
    }
}

extension AccessRecord {
    fileprivate var message: String { "\(method) \(route) \(status)" }

    fileprivate var shownCause: String? { status >= 500 ? cause : nil }

    /// The duration in microseconds, fractions dropped.
    fileprivate var microseconds: Int { Int(duration.attoseconds / 1_000_000_000_000) }
}

extension Int {
    /// Whether a status tells that the service failed, and not that it lacks what a client asked
    /// for (501, 505).
    fileprivate var isFailureOfService: Bool { self >= 500 && self != 501 && self != 505 }
}
