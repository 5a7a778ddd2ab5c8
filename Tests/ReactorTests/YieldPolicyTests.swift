import Ambient
import Synchronization
import Testing

@testable import Reactor

@Suite("When a loop may yield")
struct YieldPolicyTests {
    let start = MonotonicTime.now
    let longYield = YieldPolicy.shortYieldMax + .nanoseconds(1)

    @Test func `a loop that has never yielded may`() {
        #expect(YieldPolicy(now: start).allowsYield(at: start))
    }

    @Test func `after a short yield the next one may follow at once`() {
        var policy = YieldPolicy(now: start)
        let end = start.advanced(by: YieldPolicy.shortYieldMax)
        policy.yielded(from: start, until: end)
        #expect(policy.allowsYield(at: end))
    }

    @Test func `after a long yield there is none until the rest is over`() {
        expectRest(of: YieldPolicy.restMin, after: longYield)
    }

    @Test func `the rest grows with the yield before it`() {
        let longest = Duration.milliseconds(20)
        expectRest(of: .milliseconds(60), after: longest)
    }

    @Test func `a short yield does not end the rest`() {
        var policy = YieldPolicy(now: start)
        policy.yielded(from: start, until: start.advanced(by: longYield))
        let resting = policy
        policy.yielded(from: start, until: start.advanced(by: YieldPolicy.shortYieldMax))
        #expect(policy == resting)
    }

    private func expectRest(of rest: Duration, after duration: Duration) {
        var policy = YieldPolicy(now: start)
        let end = start.advanced(by: duration)
        policy.yielded(from: start, until: end)
        #expect(!policy.allowsYield(at: end))
        let resumption = end.advanced(by: rest)
        #expect(!policy.allowsYield(at: resumption.advanced(by: .nanoseconds(-1))))
        #expect(policy.allowsYield(at: resumption))
    }
}

/// A loop whose time stands still but for what its yields take, and whose yields are counted.
private final class YieldingLoop: Sendable {
    private let time = Mutex(MonotonicTime.now)
    private let count = Mutex(0)
    private let duration: Mutex<Duration>

    init(yieldsTake duration: Duration) { self.duration = Mutex(duration) }

    var yields: Int { count.withLock { $0 } }

    func letYieldsTake(_ duration: Duration) { self.duration.withLock { $0 = duration } }

    /// Calls `body` on the loop's thread.
    func run(
        _ body: @Sendable (isolated Resident, EventLoop) async throws -> Void
    ) async throws {
        let loop = try EventLoop(clock: { self.time.withLock { $0 } }) {
            self.count.withLock { $0 += 1 }
            let duration = self.duration.withLock { $0 }
            self.time.withLock { $0 = $0.advanced(by: duration) }
        }
        try loop.start()
        defer { loop.stop() }
        try await loop.run { resident in try await body(resident, loop) }
    }

    /// Ends the loop's turn, and waits for an event that has come already.
    nonisolated(nonsending) func waitForEvent(on loop: EventLoop) async throws {
        let pair = try SocketPair()
        let slot = try loop.register(pair.near)
        pair.writeFar("x")
        #expect(await loop.waitUntilReadable(slot, deadline: nil) == .ready)
        loop.deregister(slot)
    }
}

@Suite("How a loop yields", .timeLimit(.minutes(1)))
struct LoopYieldTests {
    @Test func `it yields before each wait while yields are short`() async throws {
        let yielding = YieldingLoop(yieldsTake: YieldPolicy.shortYieldMax)
        try await yielding.run { _, loop in
            let before = yielding.yields
            for _ in 0..<3 { try await yielding.waitForEvent(on: loop) }
            #expect(yielding.yields == before + 3)
        }
    }

    @Test func `it does not yield while it rests`() async throws {
        let yielding = YieldingLoop(yieldsTake: .zero)
        try await yielding.run { _, loop in
            yielding.letYieldsTake(YieldPolicy.shortYieldMax + .nanoseconds(1))
            let before = yielding.yields
            for _ in 0..<3 { try await yielding.waitForEvent(on: loop) }
            #expect(yielding.yields == before + 1)
        }
    }

    @Test func `it does not yield while something is due`() async throws {
        let yielding = YieldingLoop(yieldsTake: .zero)
        try await yielding.run { _, loop in
            let before = yielding.yields
            for _ in 0..<3 { await loop.nextTurn() }
            #expect(yielding.yields == before)
        }
    }

    @Test func `it does not yield when a timer falls due before a short yield would end`()
        async throws
    {
        let yielding = YieldingLoop(yieldsTake: .zero)
        try await yielding.run { _, loop in
            let timer = loop.schedule(at: loop.now + YieldPolicy.shortYieldMax) {}
            let before = yielding.yields
            try await yielding.waitForEvent(on: loop)
            #expect(yielding.yields == before)
            loop.cancel(timer)
        }
    }

    @Test func `a timer that falls due during a yield fires without a wait`() async throws {
        let yielding = YieldingLoop(yieldsTake: .zero)
        try await yielding.run { _, loop in
            yielding.letYieldsTake(.seconds(7200))
            await loop.pause(until: loop.now + .seconds(3600))
        }
    }
}
