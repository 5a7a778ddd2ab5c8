import Testing

@testable import TraceExport

@Suite("Deliveries, OTLP specification")
struct DeliveryTests {
    private var delivery = Delivery()

    private static func response(_ status: Int, retryAfter: Duration? = nil) -> CollectorResponse {
        CollectorResponse(status: status, retryAfter: retryAfter, body: [], isReusable: true)
    }

    private mutating func attempted(
        _ response: CollectorResponse, isLast: Bool = false, jitter: Double = 0
    ) -> Delivery.Step {
        delivery.attempted(DeliveryResult(response), isLast: isLast, jitter: jitter)
    }

    @Test(arguments: [
        (200, Delivery.Step.done(rejectedCount: 0)), (202, .done(rejectedCount: 0)),
        (301, .giveUp), (400, .giveUp), (404, .giveUp), (500, .giveUp), (501, .giveUp),
        (429, .retry(after: .seconds(1))), (502, .retry(after: .seconds(1))),
        (503, .retry(after: .seconds(1))), (504, .retry(after: .seconds(1))),
    ])
    mutating func `some statuses ask for patience, and others for nothing`(
        _ status: Int, _ expected: Delivery.Step
    ) {
        #expect(attempted(Self.response(status)) == expected)
    }

    @Test mutating func `pauses double, and the fifth attempt is the last`() {
        let steps = (0..<5).map { _ in attempted(Self.response(503)) }
        #expect(
            steps == [
                .retry(after: .seconds(1)), .retry(after: .seconds(2)),
                .retry(after: .seconds(4)), .retry(after: .seconds(8)), .giveUp,
            ])
    }

    @Test mutating func `up to a half of a pause is left to chance`() {
        #expect(attempted(Self.response(503), jitter: 1) == .retry(after: .milliseconds(500)))
    }

    @Test mutating func `the collector says how long, within five minutes`() {
        #expect(
            attempted(Self.response(429, retryAfter: .seconds(7)), jitter: 1)
                == .retry(after: .seconds(7)))
        #expect(
            attempted(Self.response(503, retryAfter: .seconds(9999)))
                == .retry(after: .seconds(300)))
    }

    @Test mutating func `what cannot be reached is tried again, but not at the end`() {
        let failure = DeliveryResult.failed(.timedOut, retryAfter: nil)
        #expect(
            delivery.attempted(failure, isLast: false, jitter: 0) == .retry(after: .seconds(1)))
        #expect(delivery.attempted(failure, isLast: true, jitter: 0) == .giveUp)
    }

    @Test(arguments: [
        (#"{"partialSuccess":{"rejectedSpans":"3","errorMessage":"x"}}"#, 3),
        (#"{"partialSuccess":{"rejectedSpans":2}}"#, 2), (#"{"partialSuccess":{}}"#, 0),
        (#"{"partialSuccess":{"rejectedSpans":"-1"}}"#, 0), ("{}", 0), ("", 0), ("[]", 0),
        ("<html>", 0),
    ])
    mutating func `the collector says how many spans it did not take`(
        _ body: String, _ expected: Int
    ) {
        let response = CollectorResponse(
            status: 200, retryAfter: nil, body: Array(body.utf8), isReusable: true)
        #expect(attempted(response) == .done(rejectedCount: expected))
    }
}
