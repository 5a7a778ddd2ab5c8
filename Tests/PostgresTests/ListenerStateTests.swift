import Ambient
import Testing

@testable import Postgres

@Suite("State of a listener")
struct ListenerStateTests {
    let start = MonotonicTime.now

    private func makeState() -> ListenerState {
        var configuration = ListenerConfiguration()
        configuration.proofInterval = .seconds(1)
        configuration.proofTimeout = .seconds(2)
        configuration.backoffMin = .milliseconds(100)
        configuration.backoffMax = .seconds(5)
        return ListenerState(configuration: configuration)
    }

    /// A state that has heard its first proof, at ``start``.
    private func makeListeningState() -> ListenerState {
        var state = makeState()
        _ = state.started()
        _ = state.opened(now: start)
        _ = state.proofHeard(1, now: start)
        return state
    }

    @Test func `it listens when it has heard itself, and not before`() {
        var state = makeState()
        #expect(state.started() == [.connect])
        #expect(state.opened(now: start) == [.prove(1), .wake(at: start + .seconds(2))])
        #expect(!state.isListening)
        let soon = start + .milliseconds(3)
        #expect(
            state.proofHeard(1, now: soon)
                == [.tell(.listening), .wake(at: start + .seconds(1))])
        #expect(state.isListening)
    }

    @Test func `it proves its channel at intervals, and tells nobody`() {
        var state = makeListeningState()
        let next = start + .seconds(1)
        #expect(
            state.timerFired(jitter: 0, now: next) == [.prove(2), .wake(at: next + .seconds(2))])
        let heard = next + .milliseconds(1500)
        #expect(state.proofHeard(2, now: heard) == [.wake(at: heard)])
        #expect(
            state.timerFired(jitter: 0, now: heard) == [.prove(3), .wake(at: heard + .seconds(2))])
    }

    @Test func `a proof that is not heard in time is a lost channel`() {
        var state = makeListeningState()
        let next = start + .seconds(1)
        _ = state.timerFired(jitter: 0, now: next)
        let deadline = next + .seconds(2)
        #expect(
            state.timerFired(jitter: 0, now: deadline + .milliseconds(-1)) == [.wake(at: deadline)])
        #expect(
            state.timerFired(jitter: 0, now: deadline)
                == [.disconnect, .tell(.lost(.silence)), .connect])
        #expect(!state.isListening)
        #expect(state.proofHeard(2, now: deadline) == [])
    }

    @Test func `a lost connection is told and replaced at once`() {
        var state = makeListeningState()
        #expect(
            state.connectionLost(jitter: 0, now: start) == [.tell(.lost(.connection)), .connect])
        #expect(state.opened(now: start) == [.prove(2), .wake(at: start + .seconds(2))])
    }

    @Test func `attempts that fail are farther and farther apart, and complain once`() {
        var state = makeState()
        _ = state.started()
        var now = start
        for wait in [100, 200, 400] {
            let next = now + .milliseconds(wait)
            let complaint: [ListenerState.Action] = wait == 100 ? [.complain(.connection)] : []
            #expect(state.openFailed(jitter: 0, now: now) == complaint + [.wake(at: next)])
            #expect(
                state.timerFired(jitter: 0, now: next + .milliseconds(-1)) == [.wake(at: next)])
            #expect(state.timerFired(jitter: 0, now: next) == [.connect])
            now = next
        }
    }

    @Test func `a channel that never works is tried again with pauses`() {
        var state = makeState()
        _ = state.started()
        _ = state.opened(now: start)
        let silent = start + .seconds(2)
        let first = silent + .milliseconds(100)
        #expect(
            state.timerFired(jitter: 0, now: silent)
                == [.disconnect, .complain(.silence), .wake(at: first)])
        #expect(state.timerFired(jitter: 0, now: first) == [.connect])
        _ = state.opened(now: first)
        // Opening alone is no success: the pauses go on growing.
        #expect(
            state.connectionLost(jitter: 0, now: first) == [.wake(at: first + .milliseconds(200))])
    }

    @Test func `a proof that is heard ends the pauses`() {
        var state = makeState()
        _ = state.started()
        _ = state.openFailed(jitter: 0, now: start)
        _ = state.timerFired(jitter: 0, now: start + .seconds(1))
        _ = state.opened(now: start)
        _ = state.proofHeard(1, now: start)
        _ = state.connectionLost(jitter: 0, now: start)
        #expect(
            state.openFailed(jitter: 0, now: start) == [.wake(at: start + .milliseconds(100))])
    }

    @Test func `a loss that was told is not complained of`() {
        var state = makeListeningState()
        _ = state.connectionLost(jitter: 0, now: start)
        #expect(
            state.openFailed(jitter: 0, now: start) == [.wake(at: start + .milliseconds(100))])
    }

    @Test func `a closed listener does nothing more`() {
        var state = makeListeningState()
        #expect(state.closed() == [.disconnect])
        #expect(state.timerFired(jitter: 0, now: start + .seconds(9)) == [])
        #expect(state.connectionLost(jitter: 0, now: start) == [])
        #expect(state.opened(now: start) == [])
        #expect(state.openFailed(jitter: 0, now: start) == [])
    }
}
