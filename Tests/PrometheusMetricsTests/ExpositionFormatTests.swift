import PrometheusMetrics
import Testing

@Suite("What a scrape reads")
struct ExpositionFormatTests {
    private static let requests = MetricDescription(
        "http_requests_total", "Requests, by \"route\".", .counter, labelNames: ["method", "route"])
    private static let processor = MetricDescription(
        "process_cpu_seconds_total", "Processor time.\nOf \\ all threads.", .counter,
        unit: .seconds)
    private static let memory = MetricDescription(
        "process_resident_memory_bytes", "Memory.", .gauge, unit: .bytes)

    @Test func `the text format`() {
        let octets = ExpositionFormat.text.serialize([
            MetricFamily(
                Self.requests,
                [
                    MetricSeries(["GET", "/users/{id}"], .number(7)),
                    MetricSeries(["GET", "a\"b\\c\nd{é}"], .number(0)),
                ]),
            MetricFamily(Self.processor, MetricNumber(1_250, decimals: 2)),
            MetricFamily(Self.memory, 4_096),
        ])
        #expect(
            String(decoding: octets, as: UTF8.self) == #"""
                # HELP http_requests_total Requests, by "route".
                # TYPE http_requests_total counter
                http_requests_total{method="GET",route="/users/{id}"} 7
                http_requests_total{method="GET",route="a\"b\\c\nd{é}"} 0
                # HELP process_cpu_seconds_total Processor time.\nOf \\ all threads.
                # TYPE process_cpu_seconds_total counter
                process_cpu_seconds_total 12.5
                # HELP process_resident_memory_bytes Memory.
                # TYPE process_resident_memory_bytes gauge
                process_resident_memory_bytes 4096

                """#)
    }

    @Test func `OpenMetrics names the unit, and a family of counters without its ending`() {
        let octets = ExpositionFormat.openMetrics.serialize([
            MetricFamily(Self.requests, [MetricSeries(["GET", "/"], .number(7))]),
            MetricFamily(Self.processor, MetricNumber(1_250, decimals: 2)),
            MetricFamily(Self.memory, 4_096),
        ])
        #expect(
            String(decoding: octets, as: UTF8.self) == #"""
                # HELP http_requests Requests, by \"route\".
                # TYPE http_requests counter
                http_requests_total{method="GET",route="/"} 7
                # HELP process_cpu_seconds Processor time.\nOf \\ all threads.
                # TYPE process_cpu_seconds counter
                # UNIT process_cpu_seconds seconds
                process_cpu_seconds_total 12.5
                # HELP process_resident_memory_bytes Memory.
                # TYPE process_resident_memory_bytes gauge
                # UNIT process_resident_memory_bytes bytes
                process_resident_memory_bytes 4096
                # EOF

                """#)
    }

    @Test func `a family without series is its description`() {
        let octets = ExpositionFormat.text.serialize([MetricFamily(Self.requests, [])])
        #expect(
            String(decoding: octets, as: UTF8.self) == """
                # HELP http_requests_total Requests, by "route".
                # TYPE http_requests_total counter

                """)
    }

    @Test(arguments: [
        (MetricNumber(0, decimals: 9), "0"), (MetricNumber(1, decimals: 9), "0.000000001"),
        (MetricNumber(500_000, decimals: 9), "0.0005"), (MetricNumber(-15, decimals: 1), "-1.5"),
        (MetricNumber(1_000_000_000, decimals: 9), "1"), (MetricNumber(-5, decimals: 2), "-0.05"),
        (MetricNumber(9_223_372_036_854_775_807, decimals: 9), "9223372036.854775807"),
        (100, "100"), (MetricNumber(-9_223_372_036_854_775_808), "-9223372036854775808"),
    ])
    func `numbers are exact`(_ number: MetricNumber, _ expected: String) {
        #expect(number.description == expected)
    }

    @Test func `the media types say which version it is`() {
        #expect(ExpositionFormat.text.contentType == "text/plain; version=0.0.4; charset=utf-8")
        #expect(
            ExpositionFormat.openMetrics.contentType
                == "application/openmetrics-text; version=1.0.0; charset=utf-8")
    }
}
