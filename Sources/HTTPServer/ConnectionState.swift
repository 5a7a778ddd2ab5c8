import Ambient

/// The life of one connection, without its octets: which deadline holds, and when it ends.
///
/// Pure; its shell is ``Connection``.
struct ConnectionState: Sendable {
    /// What the connection is about.
    enum Phase: Equatable, Sendable {
        /// Nothing of the next request has come.
        case idle(since: MonotonicTime)
        /// Part of a head has come.
        case readingHead(since: MonotonicTime)
        /// The head is complete: the body, if any, may be read and the answer is on its way.
        case answering(since: MonotonicTime)
        /// The last answer is written; what still comes is dropped, so that it can be read.
        case lingering(since: MonotonicTime)
    }

    /// What a deadline that has passed asks for.
    enum Expiry: Equatable, Sendable {
        /// Close without a word: the client has asked nothing.
        case close
        /// Answer 408 and close.
        case refuse
    }

    private let configuration: HTTPServerConfiguration
    private let openedAt: MonotonicTime
    private var answeredCount = 0
    /// How fast the current request's body comes, from the end of its head on.
    private var bodyPace: Pace
    private var isPersistent = true
    private var isLeaving = false
    private var isDraining = false
    /// What the connection is about now.
    private(set) var phase: Phase
    /// When the first octets of the newest request were seen.
    private(set) var requestBeganAt: MonotonicTime

    init(configuration: HTTPServerConfiguration, openedAt: MonotonicTime) {
        self.configuration = configuration
        self.openedAt = openedAt
        bodyPace = Pace(since: openedAt)
        phase = .idle(since: openedAt)
        requestBeganAt = openedAt
    }

    /// Until when the next octets must come. Absolute, so that a drip does not extend it.
    var readDeadline: MonotonicTime {
        switch phase {
        case .idle(let since):
            since
                + (answeredCount == 0 ? configuration.firstOctetTimeout : configuration.idleTimeout)
        case .readingHead(let since): since + configuration.headTimeout
        case .answering:
            bodyPace.deadline(
                rateMin: configuration.bodyBytesPerSecondMin, timeout: configuration.bodyTimeout)
        case .lingering(let since): since + configuration.lingerTimeout
        }
    }

    /// What to do when ``readDeadline`` passes.
    var expiry: Expiry {
        switch phase {
        case .idle, .lingering: .close
        case .readingHead, .answering: .refuse
        }
    }

    /// Whether the client waits for an answer that is being made.
    var isAnswering: Bool {
        if case .answering = phase { true } else { false }
    }

    /// Until when the first request of a connection that was just opened may be on its way, and is
    /// waited for even while the server drains: it is not closed before.
    var patienceEnd: MonotonicTime { openedAt + configuration.firstRequestPatience }

    /// Whether the server drains and the client waits for nothing.
    func isDrained(now: MonotonicTime) -> Bool {
        guard isDraining, case .idle = phase else { return false }
        return answeredCount > 0 || now >= patienceEnd
    }

    /// Octets of a request's head have come.
    mutating func headBegan(now: MonotonicTime) {
        guard case .idle = phase else { return }
        phase = .readingHead(since: now)
        requestBeganAt = now
    }

    /// A request's head is complete.
    mutating func headArrived(isPersistent: Bool, now: MonotonicTime) {
        headBegan(now: now)
        self.isPersistent = isPersistent
        phase = .answering(since: now)
        bodyPace = Pace(since: now)
    }

    /// Octets of the request's body have come and been taken; what frames them is not counted.
    mutating func bodyBytesTaken(_ count: Int, now: MonotonicTime) {
        guard count > 0 else { return }
        bodyPace.moved(count, now: now)
    }

    /// The server will drain soon: the next answer is the last, but it is waited for.
    mutating func leavingBegan() { isLeaving = true }

    /// The server drains: the next answer is the last.
    mutating func drainBegan() { isDraining = true }

    /// Whether the answer to the current request is the last one of this connection.
    func closesAfterAnswer(now: MonotonicTime) -> Bool {
        !isPersistent || isLeaving || isDraining
            || answeredCount + 1 >= configuration.requestsPerConnectionMax
            || now >= openedAt + configuration.connectionLifetime
    }

    /// The answer is complete.
    mutating func answered(now: MonotonicTime) {
        answeredCount += 1
        phase = .idle(since: now)
    }

    /// The client still takes what was answered, so it is not idle yet.
    mutating func answersTaken(now: MonotonicTime) {
        guard case .idle = phase else { return }
        phase = .idle(since: now)
    }

    /// Everything is written and no other request will be read.
    mutating func lingerBegan(now: MonotonicTime) { phase = .lingering(since: now) }
}
