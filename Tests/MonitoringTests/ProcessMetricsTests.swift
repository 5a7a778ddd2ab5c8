import PrometheusMetrics
import Testing

@testable import Monitoring

@Suite("What the kernel says of a process")
struct ProcessMetricsTests {
    private static let stat = """
        4711 (a (b) c) d) S 1 4711 4711 0 -1 4194560 9061 0 0 0 125 34 5 6 20 0 7 0 88123 \
        271360000 4321 18446744073709551615 1 1 0 0 0 0 0 4096 17475 0 0 0 17 1 0 0 0 0 0 0 0 0 0 \
        0 0 0 0

        """

    @Test func `its times, threads and memory are read past any name`() {
        let status = ProcessStatus(parsing: Self.stat)
        #expect(status?.processorTicks == 159 && status?.threadCount == 7)
        #expect(status?.startTicks == 88_123)
        #expect(status?.virtualBytes == 271_360_000 && status?.residentPages == 4_321)
    }

    @Test(arguments: [
        "", "4711", "4711 (a) S 1", "4711 (a) S" + String(repeating: " x", count: 40),
    ])
    func `what is not of that form is nothing`(_ text: String) {
        #expect(ProcessStatus(parsing: text) == nil)
    }

    @Test func `the machine's start is a line of its own`() {
        #expect(
            bootTime(parsing: "cpu  1 2\nintr 5 0\nbtime 1764137118\nprocesses 9\n")
                == 1_764_137_118)
        #expect(bootTime(parsing: "cpu  1 2\nxbtime 5\n") == nil)
        #expect(bootTime(parsing: "btime x\n") == nil)
    }

    @Test func `this process has all of them, and they are as they can be`() throws {
        let registry = MetricsRegistry(loopCount: 1)
        ProcessMetrics.declare(in: registry)
        var values: [String: MetricNumber] = [:]
        for family in registry.families() {
            guard case .number(let number) = family.series.first?.value else { continue }
            values[family.description.name] = number
        }
        #expect(
            values.keys.sorted() == [
                "process_cpu_seconds_total", "process_max_fds", "process_open_fds",
                "process_resident_memory_bytes", "process_start_time_seconds", "process_threads",
                "process_virtual_memory_bytes",
            ])
        let resident = try #require(values["process_resident_memory_bytes"]?.digits)
        let virtual = try #require(values["process_virtual_memory_bytes"]?.digits)
        #expect(resident > 1 << 20 && virtual > resident)
        let open = try #require(values["process_open_fds"]?.digits)
        let most = try #require(values["process_max_fds"]?.digits)
        #expect(open >= 3 && most > open)
        // Later than 2020, in milliseconds.
        let start = try #require(values["process_start_time_seconds"])
        #expect(start.decimals == 3 && start.digits > 1_577_836_800_000)
    }
}
