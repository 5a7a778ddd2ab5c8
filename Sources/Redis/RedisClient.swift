package import Ambient
package import Reactor

/// One connection to Redis, on the thread of its loop, which is made again whenever it is lost.
///
/// The commands of one turn leave in one write, at the turn's end. Every command is answered once:
/// by Redis, by its deadline or by the end of the connection; see ``CommandQueue``.
package actor RedisClient: TurnParticipant {
    /// The loop.
    package nonisolated let loop: EventLoop
    /// The loop.
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        loop.asUnownedSerialExecutor()
    }

    private let greeting: Greeting
    private let connecting: OffloadPool
    private let outages: RedisOutageLog
    private let configuration: RedisConfiguration
    private let meter: RedisMeter?
    private let now: @Sendable () -> MonotonicTime
    private var connection: RedisConnection?
    private var queue: CommandQueue<ReplyWaiter>
    private var watch: OutageWatch
    private var backoff: Backoff
    private var timer: (id: TimerID, at: MonotonicTime)?
    private var probeTimer: TimerID?
    private var isTurnEndAwaited = false
    private var isClosed = false
    /// Where the pause between two attempts ends.
    private var pause: Gate?
    private var hasBeenConnected = false

    /// Makes a client that is not connected; ``open()`` begins.
    /// - Parameters:
    ///   - connecting: Threads that may block while a connection is made.
    ///   - outages: What the clients of one Redis share.
    ///   - metrics: Where everything is counted; nil for nowhere.
    ///   - now: The clock.
    package init(
        loop: EventLoop, to url: RedisURL, connecting: OffloadPool,
        configuration: RedisConfiguration, outages: RedisOutageLog, metrics: RedisMetrics? = nil,
        now: @escaping @Sendable () -> MonotonicTime = { .now }
    ) {
        self.loop = loop
        greeting = Greeting(
            to: url, within: configuration.connectTimeout,
            asksForServer: configuration.asksForServer)
        self.connecting = connecting
        self.outages = outages
        self.configuration = configuration
        self.now = now
        meter = metrics.map { RedisMeter($0, loop: loop.index) }
        queue = CommandQueue(configuration)
        watch = OutageWatch(outageAfter: configuration.outageAfter)
        backoff = Backoff(from: configuration.backoffMin, to: configuration.backoffMax)
    }

    /// Starts to connect and returns at once.
    package func open() { Task { await self.keepOpen() } }

    /// Closes the connection; whoever waits is told ``RedisError/connectionLost``, and whoever
    /// comes ``RedisError/notConnected``.
    package func close() {
        isClosed = true
        pause?.open()
        if let timer = probeTimer.take() { loop.cancel(timer) }
        disconnect()
    }

    /// Sends a command and waits for its answer, at most for
    /// ``RedisConfiguration/commandTimeout``, or as much longer as a turn of the loop lasts.
    ///
    /// The wait does not end with the caller's task: it is short.
    package func run(_ command: RedisCommand) async throws(RedisError) -> RedisReply {
        try await run(command) { $0 }
    }

    /// Sends a command as ``run(_:)`` does, and reads its answer.
    /// - Parameter read: What the answer says; nil if it is none to this command, which counts as a
    ///   failure of Redis: ``RedisError/unexpectedReply``.
    package func run<Value: Sendable>(
        _ command: RedisCommand, reading read: @Sendable (RedisReply) -> Value?
    ) async throws(RedisError) -> Value {
        let result = await result(of: command).flatMap { reply in
            read(reply).map { .success($0) } ?? .failure(RedisError.unexpectedReply)
        }
        meter?.ended(result)
        switch result {
        case .success: if watch.succeeded() { outages.ended() }
        // As is to be expected of a Redis that was started anew.
        case .failure(.refused("NOSCRIPT")): break
        case .failure(let error):
            // What is under way when it is closed fails, and that tells nothing of Redis.
            guard !isClosed else { break }
            if watch.commandFailed(now: loop.now) { outages.began("\(error)") }
            if watch.isOut, !error.isAnswer { probeLater() }
        }
        return try result.get()
    }

    /// Sends the command that `command` makes for the server that will execute it, and waits as
    /// ``run(_:reading:)`` does: what names a server never gets to another one.
    /// - Throws: ``RedisError/notConnected`` too if the server is not known; see
    ///   ``RedisConfiguration/asksForServer``.
    package func run<Value: Sendable>(
        forServer command: @Sendable (RedisServer) -> RedisCommand,
        reading read: @Sendable (RedisReply) -> Value?
    ) async throws(RedisError) -> Value {
        // Nothing happens between this and the sending: both are on the actor.
        guard let server = connection?.server else { throw .notConnected }
        return try await run(command(server), reading: read)
    }

    /// Sends what has gathered; for the loop.
    package nonisolated func turnEnded() {
        assumeOnLoop(loop.isCurrent) { client in
            client.isTurnEndAwaited = false
            client.queue.sent(now: client.now())
            client.flush()
            client.armTimer()
        }
    }

    private func result(of command: RedisCommand) async -> Result<RedisReply, RedisError> {
        guard let connection else { return .failure(.notConnected) }
        if let refusal = queue.refusal { return .failure(refusal) }
        guard connection.unsent.count + command.octets.count <= configuration.unsentOctetsMax else {
            return .failure(.overloaded)
        }
        connection.unsent += command.octets
        let waiter = ReplyWaiter(loop: loop)
        queue.asked(waiter)
        if !isTurnEndAwaited {
            isTurnEndAwaited = true
            loop.callAtEndOfTurn(self, .batches)
        }
        return await waiter.result()
    }

    // MARK: The connection's life

    private func keepOpen() async {
        while !isClosed {
            let result = await connect()
            guard !isClosed else {
                if case .success(let made) = result { _ = FileDescriptor(owning: made.socket) }
                return
            }
            switch result {
            case .success(let made):
                await serve(FileDescriptor(owning: made.socket), of: made.server)
            case .failure(let failure):
                meter?.connectFailed()
                if watch.connectFailed() { outages.began("\(failure)") }
                await rest()
            }
        }
    }

    private func connect() async -> Result<GreetedServer, ConnectFailure> {
        do {
            return try await connecting.run { [greeting] in
                Result { () throws(ConnectFailure) in try greeting.connect() }
            }
        } catch {
            return .failure(.overloaded)
        }
    }

    /// Waits until the next attempt to connect is due, or the client is closed.
    private func rest() async {
        let gate = Gate(loop: loop)
        pause = gate
        let wait = backoff.failed(jitter: Double.random(in: 0...1))
        let timer = loop.schedule(at: loop.now + wait) { gate.open() }
        await gate.pass()
        loop.cancel(timer)
        pause = nil
    }

    /// Uses a connection until it is lost or closed.
    private func serve(_ socket: consuming FileDescriptor, of server: RedisServer?) async {
        guard let connection = RedisConnection(socket, to: server, on: loop) else {
            return await rest()
        }
        self.connection = connection
        if hasBeenConnected { meter?.reconnected() }
        hasBeenConnected = true
        meter?.connection(isUp: true)
        if watch.succeeded() { outages.ended() }
        while await loop.waitUntilReadable(connection.slot, deadline: nil) == .ready {
            guard takeReplies() else { break }
        }
        disconnect()
        if !isClosed { await rest() }
    }

    /// Lets go of the connection, and tells everybody who waits.
    private func disconnect() {
        guard let lost = connection.take() else { return }
        loop.deregister(lost.slot)
        meter?.connection(isUp: false)
        if let (timer, _) = timer.take() { loop.cancel(timer) }
        for waiter in queue.lost() { waiter.end(with: .failure(.connectionLost)) }
    }

    // MARK: Probing

    /// Asks Redis again and again until it is in use: nobody else may, on a loop that has nothing
    /// to do. Where there is no connection, the attempts to connect tell.
    private func probeLater() {
        guard probeTimer == nil else { return }
        probeTimer = loop.schedule(at: loop.now + configuration.probeInterval) { [weak self] in
            self?.assumeIsolated { client in _ = Task { await client.probe() } }
        }
    }

    private func probe() async {
        probeTimer = nil
        guard watch.isOut, !isClosed else { return }
        if connection != nil { _ = try? await run(RedisCommand("PING")) }
        if watch.isOut, !isClosed { probeLater() }
    }

    // MARK: The socket

    /// Reads what has come and hands it out.
    /// - Returns: false when the connection cannot be used any more.
    private func takeReplies() -> Bool {
        guard let connection else { return false }
        let isOpen = connection.receive(into: loop.readBuffer)
        do {
            while let reply = try connection.reader.next() {
                guard handOut(reply) else { return false }
            }
        } catch {
            return false
        }
        return isOpen
    }

    /// - Returns: false if nobody has asked for it.
    private func handOut(_ reply: RedisReply) -> Bool {
        switch queue.answered(now: loop.now) {
        case .waiting(let waiter, let since):
            meter?.answered(after: loop.now - since)
            backoff.succeeded()
            waiter.end(with: reply.result)
        case .gone: break
        case .nobody: return false
        }
        return true
    }

    /// Sends what the socket takes; the rest follows when it takes more.
    private func flush() {
        guard let connection, !connection.isWriteBlocked, !connection.send() else { return }
        Task { [slot = connection.slot] in await self.flushWhenWritable(slot) }
    }

    private func flushWhenWritable(_ slot: SlotID) async {
        let readiness = await loop.waitUntilWritable(slot, deadline: nil)
        guard let connection, connection.slot == slot else { return }
        connection.isWriteBlocked = false
        if readiness == .ready { flush() }
    }

    // MARK: Deadlines

    private func armTimer() {
        guard let deadline = queue.nextDeadline else { return }
        if let timer {
            guard deadline < timer.at else { return }
            loop.cancel(timer.id)
        }
        let id = loop.schedule(at: deadline) { [weak self] in
            self?.assumeIsolated { $0.timerFired() }
        }
        timer = (id, deadline)
    }

    private func timerFired() {
        timer = nil
        // An answer that is there counts, however late the loop is.
        guard connection != nil, takeReplies(), !queue.isLost(now: loop.now) else {
            return disconnect()
        }
        for waiter in queue.expire(now: loop.now) { waiter.end(with: .failure(.timedOut)) }
        armTimer()
    }
}

extension RedisReply {
    /// An error as what it is to whoever has sent the command.
    fileprivate var result: Result<RedisReply, RedisError> {
        if case .error(let code) = self { .failure(.refused(code)) } else { .success(self) }
    }
}
