import HTTP
import HTTPTypes
import Reactor

/// One client's connection: it reads a request, has it answered, writes the answer, and begins
/// again, in one long-lived task on its loop.
///
/// Requests that a client sends ahead are answered in order. Answers that are ready in one turn of
/// the loop leave in one write.
actor Connection {
    /// Octets asked of the kernel in one read.
    private static let readBytesMax = 16 * 1024
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
    var flushed: UnsafeContinuation<Void, Never>?
    var socket: Socket?
    private var turn: UInt64 = 0
    private var answeredInTurn = 0
    private var parser: RequestParser
    private var clock = DateClock()

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
        while let head = await nextHead() {
            guard await answer(head) else { break }
            await giveWay()
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

    /// Lets others have their turn when a client has sent many requests ahead, none of which had
    /// to wait for anything.
    private func giveWay() async {
        if turn != loop.turn { (turn, answeredInTurn) = (loop.turn, 0) }
        answeredInTurn += 1
        guard answeredInTurn >= Self.requestsPerTurnMax else { return }
        scheduleFlush()
        await loop.nextTurn()
    }

    /// Ends the connection; what waits for it is told so.
    func abort() {
        if let slot { loop.deregister(slot) }
        slot = nil
    }

    /// Reads until a request's head is complete. Answers what is not a request, or comes too
    /// slowly, with a problem.
    /// - Returns: nil when the connection is to end.
    private func nextHead() async -> RequestHead? {
        do {
            // Nobody would get the answer to what a connection that has ended had read.
            guard slot != nil else { return nil }
            if inputStart < input.count, let head = try parseInput() { return head }
            while true {
                endIfDrained()
                switch try await receive(parsing: true) {
                case .head(let head): return head
                case .more: continue
                case .ended: return nil
                case .timedOut:
                    if state.expiry == .refuse { refuse(.requestTimeout) }
                    return nil
                }
            }
        } catch {
            refuse(Problem(error))
            return nil
        }
    }

    /// What one read brought.
    enum Reception {
        case head(RequestHead)
        case more
        case ended
        case timedOut
    }

    /// Waits for octets and reads them once. When a whole head is among them it is taken straight
    /// from there; only what is left over is kept.
    func receive(parsing: Bool) async throws(RequestParseError) -> Reception {
        guard let slot else { return .ended }
        switch await loop.waitUntilReadable(slot, deadline: state.readDeadline) {
        case .closed: return .ended
        case .timedOut: return .timedOut
        case .ready: guard self.slot != nil else { return .ended }
        }
        return try withUnsafeTemporaryAllocation(
            byteCount: Self.readBytesMax, alignment: MemoryLayout<UInt64>.alignment
        ) { buffer throws(RequestParseError) in
            switch socket?.receive(into: buffer) ?? .failed {
            case .failed, .done(0): return .ended
            case .wouldBlock:
                loop.readingExhausted(slot)
                return .more
            case .done(let count):
                if count < buffer.count { loop.readingExhausted(slot) }
                let octets = UnsafeRawBufferPointer(rebasing: buffer[..<count])
                return try take(octets, parsing: parsing)
            }
        }
    }

    private func take(
        _ octets: UnsafeRawBufferPointer, parsing: Bool
    ) throws(RequestParseError) -> Reception {
        guard parsing, inputStart == input.count else {
            input.removeFirst(inputStart)
            inputStart = 0
            input.append(contentsOf: octets)
            if parsing, let head = try parseInput() { return .head(head) }
            return .more
        }
        let parsed = try parser.parse(octets.bindMemory(to: UInt8.self).span)
        input.removeAll(keepingCapacity: true)
        inputStart = 0
        input.append(contentsOf: octets[(parsed?.byteCount ?? 0)...])
        guard let parsed else {
            headIncomplete()
            return .more
        }
        return .head(headArrived(parsed.head))
    }

    private func parseInput() throws(RequestParseError) -> RequestHead? {
        let parsed = try parser.parse(input.span.extracting(inputStart...))
        guard let parsed else {
            headIncomplete()
            return nil
        }
        inputStart += parsed.byteCount
        return headArrived(parsed.head)
    }

    private func headIncomplete() {
        if parser.hasStarted { state.headBegan(now: loop.now) }
    }

    private func headArrived(_ head: RequestHead) -> RequestHead {
        parser = RequestParser(limits: configuration.request)
        state.headArrived(isPersistent: head.isPersistent, now: loop.now)
        return head
    }

    /// Has a request answered.
    /// - Returns: Whether another one may follow.
    private func answer(_ head: RequestHead) async -> Bool {
        body = IncomingBody(head, limits: configuration.request)
        isContinueAwaited =
            head.expectsContinue && !body.isComplete && inputStart == input.count
        let request = Request(
            head: head, body: requestBody(head), receivedAt: state.requestBeganAt)
        let response = await responder.respond(to: request)
        let closes = await !discardBody() || state.closesAfterAnswer(now: loop.now)
        append(response, to: head, closes: closes)
        state.answered(now: loop.now)
        compactInput()
        guard !closes else { return false }
        guard unsentCount < configuration.unsentBytesMax else { return await flush() }
        scheduleFlush()
        return true
    }

    private func requestBody(_ head: RequestHead) -> RequestBody {
        switch head.framing {
        case .none: .empty
        case .length(let count): RequestBody(source: self, length: count)
        case .chunked: RequestBody(source: self, length: nil)
        }
    }

    /// Appends the answer to something that was not a request; the connection ends after it.
    private func refuse(_ problem: Problem) {
        state.headBegan(now: loop.now)
        let response = responder.respond(
            toUnreadable: problem, receivedAt: state.requestBeganAt)
        ResponseSerializer.append(
            response, to: &output, isHead: false, closes: true, minorVersion: 1,
            date: clock.date())
        input = []
        inputStart = 0
    }

    private func append(_ response: Response, to head: RequestHead, closes: Bool) {
        ResponseSerializer.append(
            response, to: &output, isHead: head.method == .head, closes: closes,
            minorVersion: head.minorVersion, date: clock.date())
    }

    private func compactInput() {
        guard inputStart == input.count else { return }
        input.removeAll(keepingCapacity: false)
        inputStart = 0
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
            guard let count = discardOnce(slot) else { return }
            budget -= count
        }
    }

    private func discardOnce(_ slot: SlotID) -> Int? {
        withUnsafeTemporaryAllocation(byteCount: Self.readBytesMax, alignment: 1) { buffer in
            switch socket?.receive(into: buffer) ?? .failed {
            case .failed, .done(0): return nil
            case .wouldBlock:
                loop.readingExhausted(slot)
                return 0
            case .done(let count): return count
            }
        }
    }

    private func close() {
        abort()
        socket = nil
    }
}
