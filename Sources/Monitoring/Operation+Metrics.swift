import HTTP
package import Routing

extension Operation {
    /// `GET /metrics`.
    package static let metrics = Operation(
        "getMetrics", tag: "operation", "What the process counts, for Prometheus",
        description: """
            Prometheus' text format 0.0.4, or OpenMetrics 1.0 if it is preferred. No limit on \
            requests applies.
            """,
        access: .anybody, isUnlimited: true,
        answers: [
            Answer(
                200, "All families of metrics with their values.",
                fields: [.cacheControl, .vary, .contentEncoding],
                .text(MetricsEndpoint.textType, MetricsEndpoint.openMetricsType))
        ], problems: [.unavailable])
}
