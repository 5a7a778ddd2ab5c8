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

    @Test func `not commands that fail far apart, but those that follow them`() {
        var watch = OutageWatch(outageAfter: .seconds(1))
        #expect(watch.commandFailed(now: start) == false)
        #expect(watch.commandFailed(now: start + .milliseconds(3001)) == false)
        #expect(watch.isOut == false)
        #expect(watch.commandFailed(now: start + .milliseconds(6001)) == true)
    }

    @Test func `an attempt to connect that fails, at once and once`() {
        var watch = OutageWatch(outageAfter: .seconds(1))
        #expect(watch.connectFailed() == true)
        #expect(watch.connectFailed() == false)
        #expect(watch.commandFailed(now: start + .seconds(9)) == false)
        #expect(watch.succeeded() == true)
        #expect(watch.succeeded() == false)
        #expect(watch.connectFailed() == true)
    }

    @Test(arguments: [
        (RedisError.refused("NOPERM"), true), (.unexpectedReply, true), (.timedOut, false),
        (.inDoubt, false), (.overloaded, false), (.notConnected, false), (.connectionLost, false),
    ])
    func `is over with any answer only where none came`(error: RedisError, isAnswer: Bool) {
        #expect(error.isAnswer == isAnswer)
    }
}
