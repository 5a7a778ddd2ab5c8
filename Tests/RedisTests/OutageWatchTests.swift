import Ambient
import Testing

@testable import Redis

@Suite("What counts as an outage")
struct OutageWatchTests {
    private let start = MonotonicTime.now

    @Test func `commands that fail for a while`() {
        var watch = OutageWatch(outageAfter: .seconds(1))
        #expect(watch.commandFailed(now: start) == false)
        #expect(watch.commandFailed(now: start + .milliseconds(999)) == false)
        #expect(watch.commandFailed(now: start + .seconds(1)) == true)
        #expect(watch.commandFailed(now: start + .seconds(2)) == false)
        #expect(watch.isOut)
    }

    @Test func `not commands of which some succeed`() {
        var watch = OutageWatch(outageAfter: .seconds(1))
        #expect(watch.commandFailed(now: start) == false)
        #expect(watch.succeeded() == false)
        #expect(watch.commandFailed(now: start + .seconds(1)) == false)
        #expect(watch.isOut == false)
    }

    @Test func `an attempt to connect that fails, at once and once`() {
        var watch = OutageWatch(outageAfter: .seconds(1))
        #expect(watch.connectFailed(now: start) == true)
        #expect(watch.connectFailed(now: start) == false)
        #expect(watch.commandFailed(now: start + .seconds(9)) == false)
        #expect(watch.succeeded() == true)
        #expect(watch.succeeded() == false)
        #expect(watch.connectFailed(now: start) == true)
    }
}
