import HTTP
import HTTPTypes
import Reactor

/// One client's connection: it reads a request, has it answered, writes the answer, and begins
/// again, in one long-lived task on its loop.
///
/// Requests that a client sends ahead are answered in order. Answers that are ready in one turn of
/// the loop leave in one write.
actor Connection {
    /// Most requests of one connection that are answered in one turn of the loop.
    private static let requestsPerTurnMax = 128
    /// Largest buffer for answers, in octets, that an idle connection keeps.
    static let outputBytesKept = 1024

    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    let responder: any Responder
    let configuration: HTTPServerConfiguration
    var state: ConnectionState
    var slot: SlotID?
    /// Octets received and not yet used, from `inputStart` on.
    var input: [UInt8] = []
    var inputStart = 0
    /// What is left of the current request's body.
    var body = IncomingBody.none
    /// The client has announced a body and waits to be told to send it, RFC 9110 §10.1.1.
    var isContinueAwaited = false
    /// Octets to be written, from `outputStart` on.
    var output: [UInt8] = []
    var outputStart = 0
    var isFlushScheduled = false
    var isWriteBlocked = false
    /// Who waits until everything is written.
    var flushed: Gate?
    var socket: Socket?
    private var turn: UInt64 = 0
    private var answeredInTurn = 0
    var parser: RequestParser
    var clock = DateClock()

    init(
        socket: consuming Socket, loop: EventLoop, responder: any Responder,
        configuration: HTTPServerConfiguration
    ) {
        self.socket = consume socket
        self.loop = loop
        self.responder = responder
        self.configuration = configuration
        parser = RequestParser(limits: configuration.request)
        state = ConnectionState(configuration: configuration, openedAt: ContinuousClock.now)
    }

    /// Serves requests until either side ends it. To be called once.
    func serve() async {
        defer { close() }
        guard let number = socket?.descriptor.rawValue, let slot = try? loop.register(number)
        else { return }
        self.slot = slot
        while let head = await nextHead(), await answer(head) {
            if hasHadItsTurn() {
                scheduleFlush()
                await loop.nextTurn()
            }
        }
        guard await flush() else { return }
        await linger()
    }

    /// Makes the current answer the last one; a connection that waits for a request ends now.
    func drain() {
        state.drainBegan()
        endIfDrained()
    }

    /// Ends a connection of a draining server whose client has every answer that it asked for.
    func endIfDrained() {
        if state.isDrained, unsentCount == 0 { abort() }
    }

    /// Ends the connection; what waits for it is told so.
    func abort() {
        if let slot { loop.deregister(slot) }
        slot = nil
    }

    /// Whether it is time to let others go on: a client has sent many requests ahead, none of which
    /// had to wait for anything.
    private func hasHadItsTurn() -> Bool {
        if turn != loop.turn { (turn, answeredInTurn) = (loop.turn, 0) }
        answeredInTurn += 1
        return answeredInTurn >= Self.requestsPerTurnMax
    }

    /// Closes the way that lets the client read its last answer: without reading what it still
    /// sends, a reset would destroy the answer.
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
    }

    private func close() {
        abort()
        socket = nil
    }
}
