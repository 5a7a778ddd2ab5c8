/// A key of log lines. The list is closed, so that a query written once finds all there is.
package struct LogKey: Sendable {
    /// The key as it stands in lines: `snake_case`.
    package let name: StaticString

    /// The key as a string.
    package var text: String { name.description }

    private init(_ name: StaticString) {
        self.name = name
    }

    // Every line begins with these four, in this order.
    static let timestamp = LogKey("timestamp")
    static let logLevel = LogKey("log_level")
    static let service = LogKey("service")
    static let message = LogKey("message")

    // One request.
    static let method = LogKey("method")
    static let route = LogKey("route")
    static let status = LogKey("status")
    static let durationMilliseconds = LogKey("duration_ms")
    static let bytes = LogKey("bytes")
    static let client = LogKey("client")
    static let sampleWeight = LogKey("sample_weight")

    /// The value of `X-Request-ID`.
    package static let requestID = LogKey("request_id")
    /// The id of a trace (W3C Trace Context).
    package static let traceID = LogKey("trace_id")
    /// The id of a span (W3C Trace Context).
    package static let spanID = LogKey("span_id")
    /// The id of a user.
    package static let userID = LogKey("user_id")
    /// The id of a session.
    package static let sessionID = LogKey("session_id")
    /// The status of a user.
    package static let userStatus = LogKey("user_status")
    /// The name of a role.
    package static let role = LogKey("role")
    /// Why a request failed, for operators.
    package static let cause = LogKey("cause")
    /// What went wrong apart from requests.
    package static let error = LogKey("error")
    /// PostgreSQL's code of an error.
    package static let sqlState = LogKey("sqlstate")
    /// How many log lines are missing.
    package static let linesDropped = LogKey("lines_dropped")
    /// Where the service listens.
    package static let address = LogKey("address")
    /// How many event loops run.
    package static let eventLoops = LogKey("event_loops")
    /// How many connections something happened to.
    package static let connections = LogKey("connections")
    /// The version of the service.
    package static let version = LogKey("version")
    /// The signal that was received.
    package static let signal = LogKey("signal")
    /// The name of a migration.
    package static let migration = LogKey("migration")
    /// The name of a configuration variable.
    package static let variable = LogKey("variable")
}
