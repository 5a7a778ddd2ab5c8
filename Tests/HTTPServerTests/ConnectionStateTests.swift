import Ambient
import Testing

@testable import HTTPServer

/// What happens to a connection, at a time in milliseconds since it was opened.
private enum Event: Sendable {
    case headBegan(at: Int)
    case headArrived(at: Int, isPersistent: Bool = true)
    case answered(at: Int)
    case leavingBegan
    case drainBegan
    case lingerBegan(at: Int)
}

/// A connection that was opened at `start` and to which `events` have happened.
private func state(
    after events: [Event], openedAt start: MonotonicTime,
    requestsMax: Int = 10, lifetime: Duration = .seconds(1)
) -> ConnectionState {
    var configuration = HTTPServerConfiguration()
    configuration.firstOctetTimeout = .milliseconds(100)
    configuration.idleTimeout = .milliseconds(200)
    configuration.headTimeout = .milliseconds(400)
    configuration.bodyTimeout = .milliseconds(800)
    configuration.lingerTimeout = .milliseconds(50)
    configuration.requestsPerConnectionMax = requestsMax
    configuration.connectionLifetime = lifetime
    var state = ConnectionState(configuration: configuration, openedAt: start)
    for event in events {
        switch event {
        case .headBegan(let time): state.headBegan(now: start + .milliseconds(time))
        case .headArrived(let time, let isPersistent):
            state.headArrived(isPersistent: isPersistent, now: start + .milliseconds(time))
        case .answered(let time): state.answered(now: start + .milliseconds(time))
        case .leavingBegan: state.leavingBegan()
        case .drainBegan: state.drainBegan()
        case .lingerBegan(let time): state.lingerBegan(now: start + .milliseconds(time))
        }
    }
    return state
}

@Suite("Life of a connection")
struct ConnectionStateTests {
    private let start = MonotonicTime.now

    struct DeadlineCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        fileprivate let events: [Event]
        /// Milliseconds since the connection was opened.
        let deadline: Int
        let expiry: ConnectionState.Expiry
        /// Whether a drain would end it at once.
        let isIdle: Bool
    }

    @Test(arguments: [
        DeadlineCase(
            testDescription: "open, and silent", events: [],
            deadline: 100, expiry: .close, isIdle: true),
        DeadlineCase(
            testDescription: "part of a head", events: [.headBegan(at: 50)],
            deadline: 450, expiry: .refuse, isIdle: false),
        DeadlineCase(
            testDescription: "a head in a drip",
            events: [.headBegan(at: 50), .headBegan(at: 200), .headBegan(at: 449)],
            deadline: 450, expiry: .refuse, isIdle: false),
        DeadlineCase(
            testDescription: "a head at once", events: [.headArrived(at: 30)],
            deadline: 830, expiry: .refuse, isIdle: false),
        DeadlineCase(
            testDescription: "a head after a drip",
            events: [.headBegan(at: 50), .headBegan(at: 60), .headArrived(at: 70)],
            deadline: 870, expiry: .refuse, isIdle: false),
        DeadlineCase(
            testDescription: "answered, and silent",
            events: [.headArrived(at: 30), .answered(at: 40)],
            deadline: 240, expiry: .close, isIdle: true),
        DeadlineCase(
            testDescription: "part of a second head",
            events: [.headArrived(at: 30), .answered(at: 40), .headBegan(at: 90)],
            deadline: 490, expiry: .refuse, isIdle: false),
        DeadlineCase(
            testDescription: "the last answer is written",
            events: [.headArrived(at: 30), .answered(at: 40), .lingerBegan(at: 45)],
            deadline: 95, expiry: .close, isIdle: false),
    ])
    func `a deadline holds for each phase and is absolute`(_ given: DeadlineCase) {
        var state = state(after: given.events, openedAt: start)
        #expect(state.readDeadline == start + .milliseconds(given.deadline))
        #expect(state.expiry == given.expiry)
        let later = start + .seconds(1)
        #expect(!state.isDrained(now: later))
        state.drainBegan()
        #expect(state.isDrained(now: later) == given.isIdle)
    }

    @Test func `a request begins with the first octets of its head`() {
        let second = state(
            after: [.headArrived(at: 30), .answered(at: 40), .headBegan(at: 90)],
            openedAt: start)
        #expect(second.requestBeganAt == start + .milliseconds(90))
        let whole = state(after: [.headBegan(at: 50), .headArrived(at: 70)], openedAt: start)
        #expect(whole.requestBeganAt == start + .milliseconds(50))
        let atOnce = state(after: [.headArrived(at: 30)], openedAt: start)
        #expect(atOnce.requestBeganAt == start + .milliseconds(30))
    }

    struct LastAnswerCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        fileprivate let events: [Event]
        var requestsMax = 10
        /// When the answer is ready, in milliseconds since the connection was opened.
        var time = 1
        let isLast: Bool
    }

    @Test(arguments: [
        LastAnswerCase(
            testDescription: "a client that stays", events: [.headArrived(at: 0)],
            isLast: false),
        LastAnswerCase(
            testDescription: "a client that goes",
            events: [.headArrived(at: 0, isPersistent: false)], isLast: true),
        LastAnswerCase(
            testDescription: "a client that went is not the one that stays now",
            events: [.headArrived(at: 0, isPersistent: false), .headArrived(at: 0)],
            isLast: false),
        LastAnswerCase(
            testDescription: "draining before the request",
            events: [.drainBegan, .headArrived(at: 0)], isLast: true),
        LastAnswerCase(
            testDescription: "the server will drain",
            events: [.leavingBegan, .headArrived(at: 0)], isLast: true),
        LastAnswerCase(
            testDescription: "draining during the request",
            events: [.headArrived(at: 0), .drainBegan], isLast: true),
        LastAnswerCase(
            testDescription: "the last request but one",
            events: [.headArrived(at: 0)], requestsMax: 2, isLast: false),
        LastAnswerCase(
            testDescription: "the last request",
            events: [.headArrived(at: 0), .answered(at: 0), .headArrived(at: 0)],
            requestsMax: 2, isLast: true),
        LastAnswerCase(
            testDescription: "the end of its life, nearly",
            events: [.headArrived(at: 0)], time: 999, isLast: false),
        LastAnswerCase(
            testDescription: "the end of its life",
            events: [.headArrived(at: 0)], time: 1000, isLast: true),
    ])
    func `an answer is the last one by persistence, drain, count or age`(
        _ given: LastAnswerCase
    ) {
        let state = state(
            after: given.events, openedAt: start, requestsMax: given.requestsMax)
        let now = start + .milliseconds(given.time)
        #expect(state.closesAfterAnswer(now: now) == given.isLast)
    }
}
