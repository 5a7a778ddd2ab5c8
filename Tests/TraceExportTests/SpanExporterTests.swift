import Ambient
import HTTPTesting
import JSON
import LogTesting
import Testing

@testable import TraceExport

@Suite("The exporter")
struct SpanExporterTests {
    private let lines = LogLines()
    private static let busy = "HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n"
    private static let patience: Duration = .seconds(60)

    private func exporter(
        to port: UInt16, configure: (inout ExportLimits) -> Void = { _ in }
    ) throws -> SpanExporter {
        var limits = ExportLimits()
        limits.gatherTime = .milliseconds(1)
        limits.attemptTimeout = Self.patience
        configure(&limits)
        let address = try #require(CollectorAddress(parsing: "http://127.0.0.1:\(port)/base"))
        return try SpanExporter(
            to: address, resource: TraceResource(service: "s", version: "1"), version: "1.2.3",
            logger: lines.logger, limits: limits)
    }

    private func append(_ count: Int, to exporter: SpanExporter) throws {
        for number in 0..<count { exporter.append(try FinishedSpans.one("s\(number)")) }
    }

    @Test func `a collector that never comes to its answer is left`() throws {
        let interim = "HTTP/1.1 100 Continue\r\n\r\n"
        let collector = TestCollector([.answer(String(repeating: interim, count: 17))])
        defer { collector.stop() }
        let address = try #require(CollectorAddress(parsing: "http://127.0.0.1:\(collector.port)"))
        var connection = CollectorConnection(to: address, userAgent: "a", wallClock: .system)
        let deadline = MonotonicTime.now + Self.patience
        let failure = #expect(throws: DeliveryFailure.self) {
            try connection.post([], until: deadline)
        }
        #expect(failure == .malformedResponse)
    }

    @Test func `what has ended is posted as JSON to v1/traces, in batches`() throws {
        let collector = TestCollector()
        defer { collector.stop() }
        let exporter = try exporter(to: collector.port) { limits in
            limits.batchMax = 2
            limits.gatherTime = Self.patience
        }
        try append(5, to: exporter)
        #expect(exporter.close(within: Self.patience))
        #expect(
            exporter.statistics
                == ExportStatistics(exportedCount: 5, queueFullCount: 0, exportFailedCount: 0))
        #expect(collector.requests.count == 3)
        #expect(collector.connectionCount == 1)
        let request = try #require(collector.requests.first)
        let body = try #require(request.split(separator: "\r\n\r\n").last)
        #expect(
            request.hasPrefix(
                "POST /base/v1/traces HTTP/1.1\r\nHost: 127.0.0.1:\(collector.port)\r\n"
                    + "User-Agent: user-management/1.2.3\r\nContent-Type: application/json\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n"))
        _ = try JSONParser.parse(Array(body.utf8).span)
        #expect(body.contains(#""name":"s0""#) && body.contains(#""name":"s1""#))
        #expect(lines.all == [])
    }

    @Test func `a batch that is refused is given up, and told of once`() throws {
        let refusal = "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"
        let collector = TestCollector([.answer(refusal), .answer(refusal)])
        defer { collector.stop() }
        let exporter = try exporter(to: collector.port) { $0.batchMax = 2 }
        try append(6, to: exporter)
        #expect(exporter.close(within: Self.patience))
        #expect(exporter.statistics.exportFailedCount == 4)
        #expect(exporter.statistics.exportedCount == 2)
        #expect(
            lines.all == [
                "The trace collector takes no spans: it answered 500",
                "The trace collector takes spans again",
            ])
    }

    @Test func `a batch is sent again when the collector says so`() async throws {
        let collector = TestCollector([.answer(Self.busy), .answer(Self.busy)])
        defer { collector.stop() }
        let exporter = try exporter(to: collector.port)
        try append(1, to: exporter)
        #expect(await eventually { exporter.statistics.exportedCount == 1 })
        #expect(collector.requests.count == 3)
        #expect(Set(collector.requests).count == 1)
        #expect(exporter.close(within: Self.patience))
    }

    @Test func `a connection that the collector has closed is replaced`() async throws {
        let collector = TestCollector([.answerAndClose(TestCollector.accepted), .close])
        defer { collector.stop() }
        let exporter = try exporter(to: collector.port)
        try append(1, to: exporter)
        #expect(await eventually { exporter.statistics.exportedCount == 1 })
        try append(1, to: exporter)
        #expect(await eventually { exporter.statistics.exportedCount == 2 })
        #expect(exporter.close(within: Self.patience))
    }

    @Test func `spans that a collector rejects count as failed`() throws {
        let body = #"{"partialSuccess":{"rejectedSpans":"2"}}"#
        let collector = TestCollector([
            .answer("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        ])
        defer { collector.stop() }
        let exporter = try exporter(to: collector.port)
        try append(3, to: exporter)
        #expect(exporter.close(within: Self.patience))
        #expect(
            exporter.statistics
                == ExportStatistics(exportedCount: 1, queueFullCount: 0, exportFailedCount: 2))
    }

    @Test func `without a collector nobody waits, and what is too much is dropped`() throws {
        let collector = TestCollector()
        let port = collector.port
        collector.stop()
        let exporter = try exporter(to: port) { limits in
            limits.batchMax = 2
            limits.spansMax = 4
            limits.gatherTime = Self.patience
        }
        try append(50, to: exporter)
        #expect(exporter.close(within: Self.patience))
        let statistics = exporter.statistics
        #expect(statistics.queueFullCount > 0)
        #expect(
            statistics.exportedCount + statistics.queueFullCount + statistics.exportFailedCount
                == 50)
        try append(1, to: exporter)
        #expect(exporter.statistics.queueFullCount == statistics.queueFullCount + 1)
    }

    @Test func `the end does not wait for a collector that says nothing`() throws {
        let collector = TestCollector([.answer("")])
        defer { collector.stop() }
        let exporter = try exporter(to: collector.port) { $0.attemptTimeout = .seconds(5) }
        try append(1, to: exporter)
        #expect(!exporter.close(within: .milliseconds(1)))
    }
}
