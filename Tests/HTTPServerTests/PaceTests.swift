import Ambient
import Testing

@testable import HTTPServer

@Suite("How fast clients must take their answers")
struct PaceTests {
    private let start = MonotonicTime.now

    private func milliseconds(_ count: Int) -> MonotonicTime {
        start + .milliseconds(count)
    }

    private func deadline(_ pace: Pace, rate: Int) -> MonotonicTime {
        var configuration = HTTPServerConfiguration()
        configuration.writeTimeout = .milliseconds(1000)
        configuration.writeBytesPerSecondMin = rate
        return pace.writeDeadline(configuration)
    }

    @Test func `who takes nothing has the time-out`() {
        let pace = Pace(since: start)
        #expect(deadline(pace, rate: 500) == milliseconds(1000))
        #expect(deadline(pace, rate: 0) == milliseconds(1000))
    }

    @Test func `what is taken earns its time at the lowest rate`() {
        var pace = Pace(since: start)
        pace.moved(100, now: milliseconds(900))
        #expect(deadline(pace, rate: 500) == milliseconds(1200))
        pace.moved(100, now: milliseconds(1100))
        #expect(deadline(pace, rate: 500) == milliseconds(1400))
    }

    @Test func `nobody earns more than the time-out after what was taken last`() {
        var pace = Pace(since: start)
        pace.moved(1_000_000, now: milliseconds(10))
        #expect(deadline(pace, rate: 500) == milliseconds(1010))
    }

    @Test func `an octet now and then does not do, unless there is no rate`() {
        var pace = Pace(since: start)
        for second in 1...60 { pace.moved(1, now: milliseconds(900 * second)) }
        #expect(deadline(pace, rate: 500) == milliseconds(1120))
        #expect(deadline(pace, rate: 0) == milliseconds(900 * 60 + 1000))
    }
}
