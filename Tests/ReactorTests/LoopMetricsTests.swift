import Ambient
import MetricsTesting
import PrometheusMetrics
import Synchronization
import Testing

@testable import Reactor

/// A loop that counts, and whose time the test moves.
private final class CountingLoop: Sendable {
    private let registry = MetricsRegistry(loopCount: 2)
    private let time = Mutex(MonotonicTime.now)

    func advance(by duration: Duration) { time.withLock { $0 += duration } }

    /// What was counted of loop 1 in a line whose name ends like this.
    func value(of name: String) -> Substring? {
        registry.value(of: "event_loop_\(name){loop=\"1\"}")
    }

    /// Waits until the turn that is under way has ended. The first wait may begin before the timers
    /// of its turn have fired, and then ends in that turn; the second one does not.
    func endTurn(of loop: EventLoop) async {
        for _ in 1...2 { await loop.run { _ in await loop.yield() } }
    }

    /// Runs `body` with the second of two loops.
    func withLoop(_ body: (EventLoop) async throws -> Void) async throws {
        let metrics = LoopMetrics(in: registry, loopCount: 2)
        let loop = try EventLoop(index: 1, metrics: metrics) { self.time.withLock { $0 } }
        try loop.start()
        defer { loop.stop() }
        try await body(loop)
    }
}

@Suite("How a loop keeps up")
struct LoopMetricsTests {
    private let counting = CountingLoop()

    @Test func `a turn takes from its first event to its last job`() async throws {
        try await counting.withLoop { loop in
            await loop.run { _ in counting.advance(by: .milliseconds(3)) }
            await counting.endTurn(of: loop)
            #expect(counting.value(of: "turn_seconds_sum") == "0.003")
        }
    }

    @Test func `what is called at the end of a turn is part of it`() async throws {
        let participant = SlowParticipant(counting: counting)
        try await counting.withLoop { loop in
            await loop.run { _ in loop.callAtEndOfTurn(participant, .answers) }
            await counting.endTurn(of: loop)
            #expect(counting.value(of: "turn_seconds_sum") == "0.005")
        }
    }

    @Test func `a timer is as late as the turn in which it fires`() async throws {
        try await counting.withLoop { loop in
            #expect(counting.value(of: "lag_seconds_count") == "0")
            await loop.run { _ in
                _ = loop.schedule(at: loop.now + .milliseconds(13)) {}
                // The next turn begins twelve milliseconds after this one.
                counting.advance(by: .milliseconds(12))
                await loop.pause(until: loop.now + .milliseconds(5))
            }
            #expect(counting.value(of: "lag_seconds_count") == "1")
            #expect(counting.value(of: "lag_seconds_sum") == "0.007")
        }
    }
}

/// Takes five milliseconds for the end of a turn.
private final class SlowParticipant: TurnParticipant, Sendable {
    private let counting: CountingLoop

    init(counting: CountingLoop) { self.counting = counting }

    func turnEnded() { counting.advance(by: .milliseconds(5)) }
}
