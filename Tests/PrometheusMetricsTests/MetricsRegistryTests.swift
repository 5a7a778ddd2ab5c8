import MetricsTesting
import PrometheusMetrics
import Testing

private enum Outcome: String, ClosedLabel {
    case succeeded
    case failed
}

private enum Only: String, ClosedLabel {
    case one
}

@Suite("What is counted")
struct MetricsRegistryTests {
    private let registry = MetricsRegistry(loopCount: 2)

    @Test func `a counter is the sum of its shards`() {
        let counter = Counter("logins_total", "Logins.", in: registry)
        #expect(registry.lines == ["logins_total 0"])
        counter.add(on: registry.shard(ofLoop: 0))
        counter.add(20, on: registry.shard(ofLoop: 1))
        counter.add(300, on: registry.sharedShard)
        #expect(registry.lines == ["logins_total 321"])
    }

    @Test func `a label takes the cases of an enumeration, whatever has happened`() {
        let logins = Counter<Outcome>(
            "logins_total", "Logins.", by: .label("outcome"), in: registry)
        logins.add(.failed, count: 2, on: registry.shard(ofLoop: 0))
        #expect(
            registry.lines == [
                #"logins_total{outcome="succeeded"} 0"#, #"logins_total{outcome="failed"} 2"#,
            ])
    }

    @Test func `a label may have one value only`() {
        let counter = Counter<Only>("things_total", "Things.", by: .label("kind"), in: registry)
        counter.add(.one, on: registry.sharedShard)
        #expect(registry.lines == [#"things_total{kind="one"} 1"#])
    }

    @Test func `a label may take values that are known at the start`() {
        let gauge = Gauge<Int>(
            "queue_length", "Queues.", by: .label("loop", values: ["0", "1"]), in: registry)
        gauge.set(1, to: 5, on: registry.shard(ofLoop: 1))
        #expect(registry.lines == [#"queue_length{loop="0"} 0"#, #"queue_length{loop="1"} 5"#])
    }

    @Test func `a label may take values that come to light while the process runs`() {
        let values = LabelValues(countMax: 2)
        let counter = Counter<Int>(
            "queries_total", "Queries.", by: .label("name", values: values), in: registry)
        #expect(registry.lines == [])
        counter.add(values.position(of: "users_by_id"), on: registry.shard(ofLoop: 0))
        counter.add(values.position(of: "users_insert"), on: registry.shard(ofLoop: 0))
        counter.add(values.position(of: "users_by_id"), on: registry.shard(ofLoop: 1))
        #expect(
            registry.lines == [
                #"queries_total{name="users_by_id"} 2"#, #"queries_total{name="users_insert"} 1"#,
            ])
    }

    @Test func `of several labels the last changes first, and only what was seen is written`() {
        let counter = Counter<Int>(
            "limits_total", "Limits.",
            by: .product(
                ["policy": ["a", "b"], "enforced": ["1", "2", "3"]], showsUnseen: false),
            in: registry)
        #expect(registry.lines == [])
        counter.add(3, on: registry.shard(ofLoop: 0))
        counter.add(2, on: registry.shard(ofLoop: 0))
        #expect(
            registry.lines == [
                #"limits_total{policy="a",enforced="3"} 1"#,
                #"limits_total{policy="b",enforced="1"} 1"#,
            ])
    }

    @Test func `a gauge may be raised on one shard and lowered on another`() {
        let gauge = Gauge("open_connections", "Connections.", in: registry)
        gauge.add(3, on: registry.shard(ofLoop: 0))
        gauge.add(-2, on: registry.shard(ofLoop: 1))
        #expect(registry.lines == ["open_connections 1"])
        gauge.add(-2, on: registry.sharedShard)
        #expect(registry.lines == ["open_connections -1"])
        gauge.add(5, on: registry.sharedShard)
        gauge.add(-1, on: registry.sharedShard)
        #expect(registry.lines == ["open_connections 3"])
    }

    @Test func `a gauge that is set replaces what its shard said`() {
        let gauge = Gauge("open_connections", "Connections.", in: registry)
        gauge.set(to: 3, on: registry.shard(ofLoop: 0))
        gauge.set(to: 4, on: registry.shard(ofLoop: 1))
        gauge.set(to: 1, on: registry.shard(ofLoop: 0))
        #expect(registry.lines == ["open_connections 5"])
    }

    @Test func `what is collected is asked for at each scrape, and sorted in by its name`() {
        _ = Counter("logins_total", "Logins.", in: registry)
        let gauge = MetricDescription("a_gauge", "A.", .gauge)
        let counter = MetricDescription("z_total", "Z.", .counter, labelNames: ["kind"])
        registry.collect {
            [
                MetricFamily(counter, [MetricSeries(["x"], .number(2))]), MetricFamily(gauge, 1),
            ]
        }
        #expect(registry.lines == ["a_gauge 1", "logins_total 0", #"z_total{kind="x"} 2"#])
    }

    @Test func `threads that share a shard lose nothing`() async {
        let counter = Counter("logins_total", "Logins.", in: registry)
        let shard = registry.sharedShard
        await withTaskGroup { group in
            for _ in 0..<4 {
                group.addTask { for _ in 0..<10_000 { counter.add(on: shard) } }
            }
        }
        #expect(registry.lines == ["logins_total 40000"])
    }
}
