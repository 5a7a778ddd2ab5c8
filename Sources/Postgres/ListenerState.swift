import Ambient

/// When a listener connects, proves its channel and counts it as lost.
///
/// Pure: its owner says what happened, and does what it answers. A channel is trusted once a
/// notification to itself has been heard, and proved again at intervals: a connection may be open
/// and dead, and behind a pooler in transaction mode `LISTEN` succeeds and does nothing.
struct ListenerState: Equatable, Sendable {
    /// What the listener's owner is to do.
    enum Action: Equatable, Sendable {
        /// Connect and listen, then call `opened` or `openFailed`.
        case connect
        /// Send the notification with this number to itself, through another connection.
        case prove(Int)
        /// Close the connection.
        case disconnect
        /// Tell the consumer.
        case tell(ListenerEvent)
        /// Log that the channel does not work, and why.
        case complain(ListenerEvent.Loss)
        /// Call `timerFired` at this time; an earlier request is void.
        case wake(at: MonotonicTime)
    }

    private enum Phase: Equatable {
        case idle
        case pausing(until: MonotonicTime)
        case connecting
        /// The connection is open, and perhaps the channel too.
        case unproven
        case listening
        case closed
    }

    private struct Proof: Equatable {
        let number: Int
        let sentAt: MonotonicTime
    }

    private let interval: Duration
    private let timeout: Duration
    private var backoff: Backoff
    private var phase = Phase.idle
    private var lastNumber = 0
    /// What has been sent and not been heard.
    private var proof: Proof?
    private var nextProofAt: MonotonicTime?
    /// Whether somebody was told that the channel does not work.
    private var isFailureKnown = false

    /// Makes the state of a listener that has not started.
    init(configuration: ListenerConfiguration) {
        interval = configuration.proofInterval
        timeout = configuration.proofTimeout
        backoff = Backoff(from: configuration.backoffMin, to: configuration.backoffMax)
    }

    /// Whether notifications are to be told.
    var isListening: Bool { phase == .listening }

    /// The listener is to start.
    mutating func started() -> [Action] {
        precondition(phase == .idle, "A listener is started once.")
        phase = .connecting
        return [.connect]
    }

    /// The listener is to end.
    mutating func closed() -> [Action] {
        phase = .closed
        proof = nil
        return [.disconnect]
    }

    /// The connection that was asked for is open, and `LISTEN` has succeeded.
    mutating func opened(now: MonotonicTime) -> [Action] {
        guard phase == .connecting else { return [] }
        phase = .unproven
        return prove(now: now)
    }

    /// The connection that was asked for could not be opened, or `LISTEN` failed.
    /// - Parameter jitter: 0 to 1; see ``Backoff``.
    mutating func openFailed(jitter: Double, now: MonotonicTime) -> [Action] {
        guard phase == .connecting else { return [] }
        return complain(.connection) + pause(jitter: jitter, now: now)
    }

    /// The open connection has ended.
    /// - Parameter jitter: 0 to 1; see ``Backoff``.
    mutating func connectionLost(jitter: Double, now: MonotonicTime) -> [Action] {
        lost(.connection, jitter: jitter, now: now)
    }

    /// The notification with this number was heard.
    mutating func proofHeard(_ number: Int, now: MonotonicTime) -> [Action] {
        guard let proof, proof.number == number else { return [] }
        let next = max(now, proof.sentAt + interval)
        self.proof = nil
        nextProofAt = next
        guard phase == .unproven else { return [.wake(at: next)] }
        phase = .listening
        backoff.succeeded()
        return [.tell(.listening), .wake(at: next)]
    }

    /// The time has come that was asked for.
    /// - Parameter jitter: 0 to 1; see ``Backoff``.
    mutating func timerFired(jitter: Double, now: MonotonicTime) -> [Action] {
        switch phase {
        case .pausing(let until):
            guard until <= now else { return [.wake(at: until)] }
            phase = .connecting
            return [.connect]
        case .unproven, .listening:
            if let proof {
                let deadline = proof.sentAt + timeout
                guard deadline <= now else { return [.wake(at: deadline)] }
                return [.disconnect] + lost(.silence, jitter: jitter, now: now)
            }
            guard let nextProofAt, nextProofAt > now else { return prove(now: now) }
            return [.wake(at: nextProofAt)]
        case .idle, .connecting, .closed: return []
        }
    }

    private mutating func prove(now: MonotonicTime) -> [Action] {
        lastNumber += 1
        proof = Proof(number: lastNumber, sentAt: now)
        nextProofAt = nil
        return [.prove(lastNumber), .wake(at: now + timeout)]
    }

    private mutating func lost(
        _ loss: ListenerEvent.Loss, jitter: Double, now: MonotonicTime
    ) -> [Action] {
        proof = nil
        switch phase {
        case .listening:
            phase = .connecting
            isFailureKnown = true
            return [.tell(.lost(loss)), .connect]
        // It never worked: trying again at once would be a storm.
        case .unproven: return complain(loss) + pause(jitter: jitter, now: now)
        case .idle, .pausing, .connecting, .closed: return []
        }
    }

    /// Once, of a channel that has never worked: of others the loss is told.
    private mutating func complain(_ loss: ListenerEvent.Loss) -> [Action] {
        defer { isFailureKnown = true }
        return isFailureKnown ? [] : [.complain(loss)]
    }

    private mutating func pause(jitter: Double, now: MonotonicTime) -> [Action] {
        let until = now + backoff.failed(jitter: jitter)
        phase = .pausing(until: until)
        return [.wake(at: until)]
    }
}
