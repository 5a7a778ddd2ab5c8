package import PrometheusMetrics

extension MetricsRegistry {
    /// Every series with its value, as a scrape reads it: `logins_total{outcome="succeeded"} 1`.
    package var lines: [Substring] {
        String(decoding: ExpositionFormat.text.serialize(families()), as: UTF8.self)
            .split(separator: "\n").filter { !$0.hasPrefix("#") }
    }

    /// The same without those of what has not happened.
    package var nonzeroLines: [Substring] { lines.filter { !$0.hasSuffix(" 0") } }

    /// The value of a series, which is written as in ``lines``; nil if there is none.
    package func value(of series: String) -> Substring? {
        lines.first { $0.hasPrefix(series + " ") }?.dropFirst(series.count + 1)
    }
}
