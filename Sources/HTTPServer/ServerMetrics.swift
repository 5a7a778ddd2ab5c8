import HTTP
package import PrometheusMetrics

/// Counts connections and what goes over them: the families, for all loops.
package struct ServerMetrics: Sendable {
    /// Connections that were taken, those included that were closed at once.
    let accepted: Counter<NoLabel>
    /// Those that were closed at once.
    let refused: Counter<Shedding.Reason>
    /// Octets read from clients.
    let bytesRead: Counter<NoLabel>
    /// Octets that the kernel has taken for clients.
    let bytesWritten: Counter<NoLabel>
    /// What could not be read as a request.
    let parseErrors: Counter<RequestParseError>

    /// Declares the families in a registry.
    package init(in registry: MetricsRegistry) {
        accepted = Counter(
            "http_connections_accepted_total", "Connections that were taken from the listener.",
            in: registry)
        refused = Counter(
            "http_connections_refused_total", "Connections that were closed for want of room.",
            by: .label("reason"), in: registry)
        bytesRead = Counter(
            "http_request_bytes_total", "Bytes read from clients.", unit: .bytes, in: registry)
        bytesWritten = Counter(
            "http_response_bytes_total", "Bytes written to clients.", unit: .bytes, in: registry)
        parseErrors = Counter(
            "http_parse_errors_total", "What was sent and is no HTTP that is taken here.",
            by: .label("reason"), in: registry)
    }
}

extension RequestParseError: ClosedLabel {}
extension Shedding.Reason: ClosedLabel {}
