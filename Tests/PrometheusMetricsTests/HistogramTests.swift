import PrometheusMetrics
import Testing

@Suite("Histograms")
struct HistogramTests {
    private let registry = MetricsRegistry(loopCount: 1)

    private func text(_ format: ExpositionFormat = .text) -> String {
        String(decoding: format.serialize(registry.families()), as: UTF8.self)
    }

    @Test func `buckets hold what is not above their bound, and the sum is exact`() {
        let histogram = Histogram(
            "wait_seconds", "Waits.", unit: .seconds,
            bounds: .times([.microseconds(500), .seconds(1), .milliseconds(2_500)]), in: registry)
        let shard = registry.shard(ofLoop: 0)
        histogram.record(.microseconds(500), on: shard)
        histogram.record(.nanoseconds(500_001), on: shard)
        histogram.record(.seconds(1), on: registry.sharedShard)
        histogram.record(.seconds(60), on: shard)
        #expect(
            text() == """
                # HELP wait_seconds Waits.
                # TYPE wait_seconds histogram
                wait_seconds_bucket{le="0.0005"} 1
                wait_seconds_bucket{le="1.0"} 3
                wait_seconds_bucket{le="2.5"} 3
                wait_seconds_bucket{le="+Inf"} 4
                wait_seconds_sum 61.001000001
                wait_seconds_count 4

                """)
    }

    @Test func `a time is exact however long it is, and none if it is negative`() {
        let histogram = Histogram(
            "wait_seconds", "Waits.", unit: .seconds, bounds: .times([.seconds(1)]), in: registry)
        for wait: Duration in [
            .nanoseconds(-1), .seconds(-20), .seconds(18) + .nanoseconds(1),
            .seconds(3_600) + .nanoseconds(7),
        ] { histogram.record(wait, on: registry.sharedShard) }
        #expect(text().contains("wait_seconds_sum 3618.000000008\n"))
        #expect(text().contains("wait_seconds_bucket{le=\"1.0\"} 2\n"))
    }

    @Test func `of counts, by a label, in OpenMetrics`() {
        let histogram = Histogram<Int>(
            "batch_statements", "Batches.", bounds: .counts([1, 2]),
            by: .label("loop", values: ["0", "1"]), in: registry)
        histogram.record(1, 2, on: registry.shard(ofLoop: 0))
        histogram.record(1, 0, on: registry.shard(ofLoop: 0))
        #expect(
            text(.openMetrics) == """
                # HELP batch_statements Batches.
                # TYPE batch_statements histogram
                batch_statements_bucket{loop="0",le="1.0"} 0
                batch_statements_bucket{loop="0",le="2.0"} 0
                batch_statements_bucket{loop="0",le="+Inf"} 0
                batch_statements_sum{loop="0"} 0
                batch_statements_count{loop="0"} 0
                batch_statements_bucket{loop="1",le="1.0"} 1
                batch_statements_bucket{loop="1",le="2.0"} 2
                batch_statements_bucket{loop="1",le="+Inf"} 2
                batch_statements_sum{loop="1"} 2
                batch_statements_count{loop="1"} 2
                # EOF

                """)
    }

    @Test func `only what was seen, of many`() {
        let histogram = Histogram<Int>(
            "wait_seconds", "Waits.", unit: .seconds, bounds: .times([.seconds(1)]),
            by: .product(["route": ["/a", "/b"]], showsUnseen: false), in: registry)
        histogram.record(1, .zero, on: registry.shard(ofLoop: 0))
        #expect(
            text() == """
                # HELP wait_seconds Waits.
                # TYPE wait_seconds histogram
                wait_seconds_bucket{route="/b",le="1.0"} 1
                wait_seconds_bucket{route="/b",le="+Inf"} 1
                wait_seconds_sum{route="/b"} 0
                wait_seconds_count{route="/b"} 1

                """)
    }

    @Test func `a clock that goes back counts as no time`() {
        let histogram = Histogram(
            "wait_seconds", "Waits.", unit: .seconds, bounds: .times([.seconds(1)]), in: registry)
        histogram.record(.seconds(-3), on: registry.sharedShard)
        #expect(text().contains("wait_seconds_sum 0\nwait_seconds_count 1\n"))
    }
}
