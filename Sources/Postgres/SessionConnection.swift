package import Reactor

import Ambient
import CLibpq

/// A connection outside any pool and pipeline, for what cannot live in a pipeline: COPY, LISTEN and
/// rows that come one by one.
///
/// It lives on its loop and never blocks it. It runs one command at a time, each within a deadline.
/// When a deadline passes, a task that waits is cancelled or a stream is left before its end, the
/// running command is cancelled and the connection is closed; after an error that the server
/// reports it is as good as before. It closes itself with its last reference.
package actor SessionConnection {
    /// The loop that this connection lives on.
    package nonisolated let loop: EventLoop
    /// The loop.
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        loop.asUnownedSerialExecutor()
    }

    let configuration: SessionConfiguration
    private let connecting: OffloadPool
    private var opener: Caller<Result<LibpqHandle, PostgresError>>?
    private var handle: LibpqHandle?
    private var cancelHandle: CancelHandle?
    private(set) var slot: SlotID?
    /// Why the connection has ended; nil before it has.
    private var fault: PostgresError?
    private var isBusy = false
    private var timer: TimerID?
    /// The stream that is under way.
    var stream = StreamState()
    /// Octets of a stream that libpq may hold back.
    var unsentCount = 0
    /// It outlives the handle, which has a pointer to it.
    let notices = NoticeCounter()

    private init(
        loop: EventLoop, connecting: OffloadPool, configuration: SessionConfiguration
    ) {
        self.loop = loop
        self.connecting = connecting
        self.configuration = configuration
    }

    isolated deinit { end(.closed) }

    /// Connects.
    /// - Parameters:
    ///   - loop: Where the connection lives.
    ///   - keywords: What PQconnectdbParams takes; `connect_timeout` is replaced.
    ///   - connecting: Threads that may block while the connection is made, and while what runs on
    ///     it is cancelled.
    /// - Throws: ``PostgresError/connectionFailed(_:)``, ``PostgresError/timedOut(_:)``,
    ///   ``PostgresError/cancelled`` or, if the threads have too much to do,
    ///   ``PostgresError/overloaded``.
    package static func open(
        on loop: EventLoop, keywords: [(name: String, value: String)], connecting: OffloadPool,
        configuration: SessionConfiguration = SessionConfiguration()
    ) async throws(PostgresError) -> SessionConnection {
        let session = SessionConnection(
            loop: loop, connecting: connecting, configuration: configuration)
        try await session.connect(keywords)
        return session
    }

    /// Whether commands can be run.
    package var isOpen: Bool { handle != nil }

    /// Closes the connection, and cancels what runs on it; whoever waits is told
    /// ``PostgresError/closed``.
    package func close() { end(.closed) }

    private func connect(_ keywords: [(name: String, value: String)]) async throws(PostgresError) {
        let opener = Caller<Result<LibpqHandle, PostgresError>>(loop: loop)
        self.opener = opener
        let timer = loop.schedule(at: loop.now + configuration.connectTimeout) { [weak self] in
            self?.assumeIsolated { $0.opened(.failure(.timedOut(.connect))) }
        }
        Task { [connecting, configuration] in
            self.opened(await Self.connect(keywords, on: connecting, configuration))
        }
        // By a method of this actor, or the closure would run on another thread.
        let result = await withTaskCancellationHandler {
            await self.answer(to: opener)
        } onCancel: {
            Task(executorPreference: loop) { await self.opened(.failure(.cancelled)) }
        }
        loop.cancel(timer)
        let handle = try result.get()
        guard let slot = try? loop.register(PQsocket(handle.connection)) else {
            throw .connectionFailed("the socket cannot be watched")
        }
        notices.attach(to: handle.connection)
        self.slot = slot
        self.handle = handle
        cancelHandle = CancelHandle(of: handle.connection)
    }

    private func answer(
        to opener: Caller<Result<LibpqHandle, PostgresError>>
    ) async -> Result<LibpqHandle, PostgresError> {
        await opener.answer()
    }

    /// A connection that comes too late is closed with its last reference.
    private func opened(_ result: Result<LibpqHandle, PostgresError>) {
        opener.take()?.answer(result)
    }

    private static func connect(
        _ keywords: [(name: String, value: String)], on connecting: OffloadPool,
        _ configuration: SessionConfiguration
    ) async -> Result<LibpqHandle, PostgresError> {
        let greeting = Greeting(
            settings: configuration.sessionSettings, timeout: configuration.connectTimeout)
        let timeout = configuration.connectTimeout.connectTimeoutText
        let bounded =
            keywords.filter { $0.name != "connect_timeout" } + [
                (name: "connect_timeout", value: timeout)
            ]
        return await LibpqHandle.open(
            bounded, greeting: greeting, isPipelined: false, on: connecting)
    }
}

extension SessionConnection {
    /// libpq's connection.
    /// - Throws: Why it has ended.
    func connection() throws(PostgresError) -> OpaquePointer {
        guard let handle else { throw fault ?? .closed }
        return handle.connection
    }

    /// Begins a command, of which there is one at a time.
    /// - Parameter timeout: After which the connection is closed if the command has not ended.
    func commandBegan(timeout: Duration) throws(PostgresError) -> OpaquePointer {
        precondition(!isBusy, "A session runs one command at a time.")
        let connection = try connection()
        guard !Task.isCancelled else { throw .cancelled }
        isBusy = true
        timer = loop.schedule(at: loop.now + timeout) { [weak self] in
            self?.assumeIsolated { $0.end(.timedOut(.statement)) }
        }
        return connection
    }

    /// The server has said the last of a command.
    func commandEnded() {
        isBusy = false
        if let timer = timer.take() { loop.cancel(timer) }
    }

    /// Closes the connection because of `error`, and has the server cancel what still runs.
    func end(_ error: PostgresError) {
        guard handle != nil else { return }
        fault = error
        if isBusy, let cancelHandle {
            Task(executorPreference: loop) { [connecting] in
                _ = try? await connecting.run { cancelHandle.send() }
            }
        }
        commandEnded()
        // Before the descriptor is closed, whose number may be used again at once.
        if let slot = slot.take() { loop.deregister(slot) }
        handle = nil
    }

    /// Closes the connection because of `error`, and tells the caller.
    func ended(_ error: PostgresError) -> PostgresError {
        end(error)
        return fault ?? error
    }
}
