/// The life of one connection, without its octets: which deadline holds, and when it ends.
///
/// Pure; its shell is ``Connection``.
struct ConnectionState: Sendable {
    /// What the connection is about.
    enum Phase: Equatable, Sendable {
        /// Nothing of the next request has come.
        case idle(since: ContinuousClock.Instant)
        /// Part of a head has come.
        case readingHead(since: ContinuousClock.Instant)
        /// The head is complete: the body, if any, may be read and the answer is on its way.
        case answering(since: ContinuousClock.Instant)
    }

    /// What a deadline that has passed asks for.
    enum Expiry: Equatable, Sendable {
        /// Close without a word: the client has asked nothing.
        case close
        /// Answer 408 and close.
        case refuse
    }

    private let configuration: HTTPServerConfiguration
    private let openedAt: ContinuousClock.Instant
    private var answeredCount = 0
    private var isPersistent = true
    private var isDraining = false
    /// What the connection is about now.
    private(set) var phase: Phase

    init(configuration: HTTPServerConfiguration, openedAt: ContinuousClock.Instant) {
        self.configuration = configuration
        self.openedAt = openedAt
        phase = .idle(since: openedAt)
    }

    /// Until when the next octets must come. Absolute, so that a drip does not extend it.
    var readDeadline: ContinuousClock.Instant {
        switch phase {
        case .idle(let since):
            since
                + (answeredCount == 0 ? configuration.firstOctetTimeout : configuration.idleTimeout)
        case .readingHead(let since): since + configuration.headTimeout
        case .answering(let since): since + configuration.bodyTimeout
        }
    }

    /// What to do when ``readDeadline`` passes.
    var expiry: Expiry {
        if case .idle = phase { .close } else { .refuse }
    }

    /// Whether the connection may be closed at once when the server drains.
    var isIdle: Bool {
        if case .idle = phase { true } else { false }
    }

    /// Octets of a request have come that do not complete its head.
    mutating func headBegan(now: ContinuousClock.Instant) {
        if case .idle = phase { phase = .readingHead(since: now) }
    }

    /// A request's head is complete.
    mutating func headArrived(isPersistent: Bool, now: ContinuousClock.Instant) {
        self.isPersistent = isPersistent
        phase = .answering(since: now)
    }

    /// The server drains: the next answer is the last.
    mutating func drainBegan() { isDraining = true }

    /// Whether the answer to the current request is the last one of this connection.
    func closesAfterAnswer(now: ContinuousClock.Instant) -> Bool {
        !isPersistent || isDraining || answeredCount + 1 >= configuration.requestsPerConnectionMax
            || now >= openedAt + configuration.connectionLifetime
    }

    /// The answer is complete.
    mutating func answered(now: ContinuousClock.Instant) {
        answeredCount += 1
        phase = .idle(since: now)
    }
}
