import Ambient
import Testing

@Suite("Backoff")
struct BackoffTests {
    private static func waits(_ count: Int, jitter: Double) -> [Duration] {
        var backoff = Backoff(from: .milliseconds(100), to: .seconds(1))
        return (0..<count).map { _ in backoff.failed(jitter: jitter) }
    }

    @Test func `each failure doubles the wait up to the longest`() {
        #expect(
            Self.waits(6, jitter: 0)
                == [100, 200, 400, 800, 1000, 1000].map { Duration.milliseconds($0) })
    }

    @Test func `jitter halves a wait at most`() {
        #expect(
            Self.waits(5, jitter: 1) == [50, 100, 200, 400, 500].map { Duration.milliseconds($0) })
    }

    @Test func `a thousand failures overflow nothing`() {
        #expect(Self.waits(1000, jitter: 0).last == .seconds(1))
    }

    @Test func `success begins anew`() {
        var backoff = Backoff(from: .milliseconds(100), to: .seconds(1))
        _ = backoff.failed(jitter: 0)
        _ = backoff.failed(jitter: 0)
        #expect(backoff.isFailing)
        backoff.succeeded()
        #expect(!backoff.isFailing)
        #expect(backoff.failed(jitter: 0) == .milliseconds(100))
    }
}
