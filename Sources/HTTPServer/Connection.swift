import Ambient
import HTTP
import HTTPTypes
import Reactor

/// One client's connection: it reads a request, has it answered, writes the answer, and begins
/// again.
///
/// While it waits for its client no task belongs to it; when a request's head has come, a worker of
/// its host goes on. Requests that a client sends ahead are answered in order, and answers that
/// need not wait for anything leave in one write.
actor Connection: ReadinessObserver, HangUpObserver {
    /// Most requests of one connection that are answered before others have their turn.
    private static let requestsAtOnceMax = 128
    /// Largest buffer for answers, in octets, that an idle connection keeps.
    static let outputBytesKept = 1024

    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    nonisolated let host: ConnectionHost
    /// Where it comes from.
    let client: ClientAddress
    private let onEnd: @Sendable (Connection) -> Void
    var state: ConnectionState
    var slot: SlotID?
    /// The request to be answered next; a worker without one ends the connection.
    private var head: RequestHead?
    /// Whether a worker serves it now.
    private var isWorking = false
    /// The worker that serves it, or did last.
    private var worker: ConnectionWorker?
    /// Octets received and not yet used, from `inputStart` on.
    var input: [UInt8] = []
    var inputStart = 0
    /// What is left of the current request's body.
    var body = IncomingBody.none
    /// The client has announced a body and waits to be told to send it, RFC 9110 §10.1.1.
    var isContinueAwaited = false
    /// Tells the bodies of the connection's requests apart.
    var bodyNumber: UInt64 = 0
    /// Somebody waits for a part of the body.
    var isBodyAwaited = false
    /// The body could not be read to its end, as whoever read it was told.
    var isBodyBroken = false
    /// Octets to be written, from `outputStart` on.
    var output: [UInt8] = []
    var outputStart = 0
    var isFlushScheduled = false
    /// The turn of the loop in which octets were last read.
    var readInTurn: UInt64 = 0
    var isWriteBlocked = false
    /// How fast the client takes what it has not taken at once; nil if there is nothing such.
    var writePace: Pace?
    /// Who waits until everything is written.
    var flushed: Gate?
    var socket: Socket?
    private var turn: UInt64 = 0
    private var answeredInTurn = 0
    var parser: RequestParser

    var configuration: HTTPServerConfiguration { host.configuration }

    /// - Parameter onEnd: Told, on the loop's thread, when the socket has been closed.
    init(
        socket: consuming Socket, from client: ClientAddress, host: ConnectionHost,
        onEnd: @escaping @Sendable (Connection) -> Void
    ) {
        self.socket = consume socket
        self.client = client
        self.host = host
        self.onEnd = onEnd
        loop = host.loop
        parser = RequestParser(limits: host.configuration.request)
        state = ConnectionState(
            configuration: host.configuration, openedAt: loop.now)
    }

    /// Begins to serve. To be called once.
    func start() {
        guard let number = socket?.descriptor.rawValue, let slot = try? loop.register(number)
        else { return end() }
        self.slot = slot
        loop.observeHangUp(slot, by: self)
        if readOn() { beginWork() }
    }

    private func beginWork() { worker = host.work(on: self) }

    /// What was waited for has come, or will not.
    nonisolated func waitEnded(_ readiness: Readiness) {
        assumeOnLoop(loop.isCurrent, readiness) { connection, readiness in
            switch readiness {
            case .ready:
                if connection.readOn() { connection.beginWork() }
            case .timedOut: connection.readTimedOut()
            case .closed: connection.end()
            }
        }
    }

    /// The client has sent its last octet. It may still want its answer, and gets it, unless that
    /// takes a query of its own, which heeds the cancellation of the worker's task, or is a stream
    /// without a length: of that nobody could tell whether it ended or was cancelled, so it is
    /// broken off at its end.
    nonisolated func peerHungUp() {
        assumeIsolated { connection in
            guard connection.isWorking, connection.state.isAnswering else { return }
            connection.worker?.cancel()
        }
    }

    private func readTimedOut() {
        if state.expiry == .refuse {
            refuse(.requestTimeout)
            beginWork()
        } else if unsentCount > 0 {
            // It has its own time for taking its answers.
            state.answersTaken(now: loop.now)
            if readOn() { beginWork() }
        } else {
            end()
        }
    }

    /// Serves the client until it is to be waited for; run by a worker.
    func work() async {
        if let slot, loop.isHungUp(slot) { worker?.cancel() }
        repeat {
            isWorking = true
            do {
                guard let first = head.take() else { return await finish() }
                var next: RequestHead? = first
                while let head = next {
                    guard await answer(head) else { return await finish() }
                    if hasHadItsTurn() {
                        scheduleFlush()
                        await loop.yield()
                    }
                    next = try nextHead()
                }
            } catch {
                refuse(error)
                return await finish()
            }
        } while readOn()
    }

    /// Makes the next answer the last one, and goes on waiting for its request.
    func leave() { state.leavingBegan() }

    /// Makes the current answer the last one; a connection that waits for a request ends now, or
    /// soon if it was just opened.
    func drain() {
        state.drainBegan()
        endIfDrained()
        guard state.patienceEnd > loop.now else { return }
        _ = loop.schedule(at: state.patienceEnd) { [weak self] in
            self?.assumeIsolated { $0.endIfDrained() }
        }
    }

    /// Ends a connection of a draining server whose client has every answer that it asked for, and
    /// has not sent another request meanwhile.
    func endIfDrained() {
        guard state.isDrained(now: loop.now), !isWorking, unsentCount == 0,
            socket?.unreadCount ?? 0 == 0
        else { return }
        abort()
    }

    /// Ends the registration with the loop, of which whoever waits is told: the connection itself
    /// if it waits for its client, which then closes the socket before this returns, else its
    /// worker, which does so in the end.
    func abort() {
        if let slot = slot.take() { loop.deregister(slot) }
    }

    /// Reads until the head of a request is complete, or there is no more to read.
    /// - Returns: Whether a worker is to go on; else the connection waits, or has ended.
    private func readOn() -> Bool {
        sendAnswers()
        isWorking = false
        endIfDrained()
        while let slot {
            guard !loop.observe(slot, deadline: state.readDeadline, by: self) else { return false }
            switch read(slot) {
            case .octets(let octets):
                do {
                    head = try parse(octets)
                    if head != nil { return true }
                } catch {
                    refuse(error)
                    return true
                }
            case .nothing: continue
            case .end:
                // A client that has finished sending may still wait for its answers.
                guard unsentCount == 0 else { return true }
                abort()
            }
        }
        end()
        return false
    }

    /// Whether it is time to let others go on: a client has sent many requests ahead, none of which
    /// had to wait for anything.
    private func hasHadItsTurn() -> Bool {
        if turn != loop.turn { (turn, answeredInTurn) = (loop.turn, 0) }
        answeredInTurn += 1
        return answeredInTurn >= Self.requestsAtOnceMax
    }

    /// Closes the connection in the way that lets the client read its last answer: without reading
    /// what it still sends, a reset would destroy the answer.
    private func finish() async {
        if await flush() { await linger() }
        end()
    }

    private func linger() async {
        guard let slot else { return }
        socket?.shutDownWriting()
        state.lingerBegan(now: loop.now)
        let deadline = state.readDeadline
        var budget = configuration.discardedBytesMax
        while budget > 0, await loop.waitUntilReadable(slot, deadline: deadline) == .ready {
            switch read(slot) {
            case .octets(let octets): budget -= octets.count
            case .nothing: continue
            case .end: return
            }
        }
        // A client that sends on is held up now, and so finds the time to read its answer.
        if budget <= 0 { await loop.pause(until: deadline) }
    }

    private func end() {
        abort()
        guard socket != nil else { return }
        socket = nil
        onEnd(self)
    }
}
