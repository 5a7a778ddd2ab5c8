import JSONLogging
import PrometheusMetrics
import Reactor

/// What other parts know, and a scrape asks them for.
enum ServiceMetrics {
    private static let build = MetricDescription(
        "build_info", "Which build this is; always 1.", .gauge, labelNames: ["version"])
    private static let connections = MetricDescription(
        "http_connections", "Connections that are open.", .gauge)
    private static let connectionsMax = MetricDescription(
        "http_connections_max", "Connections that may be open; those beyond are refused.", .gauge)
    private static let lines = MetricDescription(
        "log_lines_total", "Log lines that found room in the buffer.", .counter)
    private static let linesDropped = MetricDescription(
        "log_lines_dropped_total", "Log lines that the output was too slow for, or refused.",
        .counter)

    /// Has the families collected at each scrape.
    /// - Parameter loops: Those that have connections of clients.
    static func declare(
        in registry: MetricsRegistry, loops: [EventLoop], connectionsMax: Int, sink: LogSink
    ) {
        registry.collect {
            [
                MetricFamily(build, [MetricSeries([BuildInformation.version], .number(1))]),
                MetricFamily(connections, loops.reduce(0) { $0 + $1.connectionCount }),
                MetricFamily(self.connectionsMax, connectionsMax),
                MetricFamily(lines, sink.linesTaken),
                MetricFamily(linesDropped, sink.linesDropped),
            ]
        }
    }
}

extension MetricFamily {
    fileprivate init(_ description: MetricDescription, _ value: Int) {
        self.init(description, MetricNumber(Int64(value)))
    }
}
