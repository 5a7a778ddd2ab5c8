package import Logging
package import Reactor

/// Listens to channels of a database on a connection of its own, which it replaces when it is lost.
///
/// It lives on its loop. It tells its one consumer, through ``events``, what others have sent and
/// whether it can be relied on: see ``ListenerEvent``. It relies on a channel only as long as it
/// hears what it sends to itself, on a channel of its own and through another connection: behind a
/// pooler in transaction mode a connection hears itself and nobody else.
package actor NotificationListener {
    /// Sends a notification through another connection than the listener's; see
    /// ``ConnectionPool/announce(_:_:)``.
    package typealias Announce =
        @Sendable (ChannelName, String) async throws(PostgresError) -> Void

    /// The loop that the listener and its connection live on.
    package nonisolated let loop: EventLoop
    /// The loop.
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        loop.asUnownedSerialExecutor()
    }

    private let keywords: [(name: String, value: String)]
    private let channels: [ChannelName]
    private let connecting: OffloadPool
    private let configuration: ListenerConfiguration
    private let logger: Logger
    private let announce: Announce
    private let proofChannel: ChannelName
    private var state: ListenerState
    private(set) var buffer: ListenerEventBuffer
    private var session: SessionConnection?
    private var timer: TimerID?
    private var consumer: Caller<Void>?
    private var isClosed = false
    private var generator = SystemRandomNumberGenerator()

    /// Makes a listener that does nothing before ``start()``.
    /// - Parameters:
    ///   - keywords: What PQconnectdbParams takes, of the database itself rather than of a pooler.
    ///   - connecting: Threads that may block while a connection is made.
    ///   - announce: Sends what the listener is to hear.
    package init(
        to channels: [ChannelName], on loop: EventLoop,
        keywords: [(name: String, value: String)], connecting: OffloadPool,
        configuration: ListenerConfiguration = ListenerConfiguration(), logger: Logger,
        announce: @escaping Announce
    ) {
        self.channels = channels
        self.loop = loop
        self.keywords = keywords
        self.connecting = connecting
        self.configuration = configuration
        self.logger = logger
        self.announce = announce
        // Of its own, so that several processes do not hear each other's proofs.
        let name = "proof_\(String(UInt64.random(in: .min ... .max, using: &generator), radix: 16))"
        guard let proofChannel = ChannelName(checking: name) else {
            preconditionFailure("No name of a channel: \(name).")
        }
        self.proofChannel = proofChannel
        state = ListenerState(configuration: configuration)
        buffer = ListenerEventBuffer(eventsMax: configuration.eventsMax)
    }

    /// Starts to connect and returns at once. To be called once.
    package func start() { perform(state.started()) }

    /// Closes the connection and ends ``events``.
    package func close() {
        isClosed = true
        if let timer = timer.take() { loop.cancel(timer) }
        buffer.removeAll()
        perform(state.closed())
        wakeConsumer()
    }

    /// What happens, for one consumer. What it does not take in time is thrown away, which it is
    /// told.
    package nonisolated var events: ListenerEvents { ListenerEvents(listener: self) }

    /// The next event; nil when the listener has been closed or the task is cancelled.
    func nextEvent() async -> ListenerEvent? {
        while !isClosed, !Task.isCancelled {
            if let event = buffer.popFirst() { return event }
            precondition(consumer == nil, "A listener has one consumer.")
            // By a method of this actor, or the closure would run on another thread.
            await withTaskCancellationHandler {
                await self.awaitEvent()
            } onCancel: {
                Task(executorPreference: loop) { await self.wakeConsumer() }
            }
        }
        return nil
    }

    private func awaitEvent() async {
        let consumer = Caller<Void>(loop: loop)
        self.consumer = consumer
        await consumer.answer()
    }

    private func wakeConsumer() { consumer.take()?.answer(()) }

    private func perform(_ actions: [ListenerState.Action]) {
        for action in actions {
            switch action {
            case .connect: Task { await self.listen() }
            case .prove(let number):
                // One that fails is not heard, which is all that counts.
                Task { try? await self.announce(proofChannel, String(number)) }
            case .disconnect:
                let session = session.take()
                Task(executorPreference: loop) { await session?.close() }
            case .tell(let event): tell(event)
            case .complain(let loss):
                logger.warning(
                    "Cannot listen to the database", metadata: ["cause": "\(loss.rawValue)"])
            case .wake(let time):
                if let timer { loop.cancel(timer) }
                timer = loop.schedule(at: time) { [weak self] in
                    self?.assumeIsolated { $0.timerFired() }
                }
            }
        }
    }

    private func timerFired() {
        timer = nil
        perform(state.timerFired(jitter: jitter(), now: loop.now))
    }

    private func tell(_ event: ListenerEvent) {
        switch event {
        case .listening: logger.info("Listening to the database")
        case .lost(let loss):
            logger.warning("Notifications lost", metadata: ["cause": "\(loss.rawValue)"])
        case .notification: break
        }
        if !buffer.append(event) {
            let cause = ListenerEvent.Loss.overflow.rawValue
            logger.warning("Notifications lost", metadata: ["cause": "\(cause)"])
        }
        wakeConsumer()
    }

    /// Connects, listens and takes notifications until the connection ends.
    private func listen() async {
        let session: SessionConnection
        do {
            session = try await SessionConnection.open(
                on: loop, keywords: keywords, connecting: connecting,
                configuration: configuration.session)
            try await session.listen(to: channels + [proofChannel])
        } catch {
            return perform(state.openFailed(jitter: jitter(), now: loop.now))
        }
        guard !isClosed else { return await session.close() }
        self.session = session
        perform(state.opened(now: loop.now))
        do throws(PostgresError) {
            while true {
                take(try await session.notifications())
                // A flood would have the loop to itself.
                await loop.yield()
            }
        } catch {
            // One that was given up already has been answered for.
            guard self.session === session else { return }
            self.session = nil
            perform(state.connectionLost(jitter: jitter(), now: loop.now))
        }
    }

    private func take(_ notifications: [Notification]) {
        for notification in notifications {
            if notification.channel == proofChannel.rawValue {
                guard let number = Int(notification.payload) else { continue }
                perform(state.proofHeard(number, now: loop.now))
            } else if state.isListening {
                // One that comes before is older than the proof that is still to be heard.
                tell(.notification(notification))
            }
        }
    }

    private func jitter() -> Double { Double.random(in: 0...1, using: &generator) }
}

/// What a ``NotificationListener`` tells; it ends when the listener is closed.
package struct ListenerEvents: AsyncSequence, Sendable {
    /// It never fails: whatever goes wrong is an event.
    package typealias Failure = Never

    /// Takes the events.
    package struct AsyncIterator: AsyncIteratorProtocol {
        let listener: NotificationListener

        /// The next event; nil when the listener has been closed or the task is cancelled.
        package mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async -> ListenerEvent? {
            await listener.nextEvent()
        }
    }

    let listener: NotificationListener

    /// Begins to take events.
    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(listener: listener) }
}
