import HTTPServer
import JSONLogging
import Monitoring
import PrometheusMetrics
import Reactor
import TraceExport

/// What other parts know, and a scrape asks them for.
enum ServiceMetrics {
    private static let build = MetricDescription(
        "build_info", "Which build this is; always 1.", .gauge, labelNames: ["version"])
    private static let connections = MetricDescription(
        "http_connections", "Connections of clients that are open.", .gauge)
    private static let connectionsMax = MetricDescription(
        "http_connections_max", "Connections that may be open; those beyond are refused.", .gauge)
    private static let lines = MetricDescription(
        "log_lines_total", "Log lines that found room in the buffer.", .counter)
    private static let linesDropped = MetricDescription(
        "log_lines_dropped_total", "Log lines that the output was too slow for, or refused.",
        .counter)

    private static let spans = MetricDescription(
        "trace_spans_exported_total", "Spans that the collector took.", .counter)
    private static let spansDropped = MetricDescription(
        "trace_spans_dropped_total", "Spans that were lost.", .counter, labelNames: ["reason"])

    /// Has the families collected at each scrape.
    /// - Parameter loops: Those that have connections of clients.
    static func declare(_ shared: SharedParts, loops: [EventLoop]) {
        ProcessMetrics.declare(in: shared.metrics)
        let (sink, exporter) = (shared.sink, shared.tracing?.exporter)
        let connectionsMax = shared.http.connectionsMax
        shared.metrics.collect {
            let traces = exporter?.statistics
            return [
                MetricFamily(build, [MetricSeries([BuildInformation.version], 1)]),
                MetricFamily(connections, loops.reduce(0) { $0 + $1.connectionCount }),
                MetricFamily(self.connectionsMax, connectionsMax),
                MetricFamily(lines, sink.linesTaken),
                MetricFamily(linesDropped, sink.linesDropped),
                MetricFamily(spans, traces?.exportedCount ?? 0),
                MetricFamily(
                    spansDropped,
                    [
                        MetricSeries(["queue_full"], traces?.queueFullCount ?? 0),
                        MetricSeries(["export_failed"], traces?.exportFailedCount ?? 0),
                    ]),
            ]
        }
    }
}
