import Ambient
import CLibpq
import Glibc
import Reactor

/// One connection of the pool in libpq's pipeline mode, on the thread of its loop.
///
/// Reads of one turn gather in a batch, which one sync closes at the turn's end. A write stands
/// alone between two syncs, and is answered after the second: a transaction covers everything
/// since the previous sync. (PostgreSQL documentation, section 34.5.)
actor PostgresConnection: TurnParticipant {
    /// What became of one statement.
    enum Outcome: Sendable {
        case result(ResultSet)
        case failed(ServerError)
        /// Not executed, since a neighbour in the batch failed.
        case aborted
        case lost
        case unknown
        case timedOut
    }

    typealias Waiter = Caller<Outcome>

    /// Most times one statement is sent: a second time, alone, if its batch failed, and a third
    /// time if the server did not know it then.
    private static let sendsMax = 3

    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    /// How long the server may leave a question unanswered before the connection counts as dead.
    private let answerTimeout: Duration
    private let preparesStatements: Bool
    private let holdsBack: Bool
    private var handle: LibpqHandle?
    private var slot: SlotID?
    private var pipeline = PipelineState<Waiter>()
    private var held = HeldStatements<Waiter>()
    private var kept: ResultSet?
    private var isTurnEndAwaited = false
    private var isWriteBlocked = false
    private var progressAt: MonotonicTime?
    private var timer: TimerID?

    init(handle: LibpqHandle, loop: EventLoop, _ configuration: PoolConfiguration) {
        self.handle = handle
        self.loop = loop
        answerTimeout = configuration.answerTimeout
        preparesStatements = configuration.preparesStatements
        // A pooler that is there by surprise may pool transactions for all we know.
        holdsBack = handle.isPooled || !configuration.preparesStatements
    }

    /// Reads results until the connection is lost or closed. To be called once.
    func serve() async {
        guard let connection = handle?.connection,
            let slot = try? loop.register(PQsocket(connection))
        else { return end(timedOut: false) }
        self.slot = slot
        while await loop.waitUntilReadable(slot, deadline: nil) == .ready {
            guard takeInput(slot) else { break }
        }
        end(timedOut: false)
    }

    /// Sends a statement and waits for its result; a write's comes after its commit.
    /// - Throws: ``PostgresError/outcomeUnknown`` for a write whose result was lost.
    func run(
        _ statement: StatementText, _ parameters: Parameters
    ) async throws(PostgresError) -> ResultSet {
        for attempt in 0..<Self.sendsMax {
            switch await send(statement, parameters, isAlone: attempt > 0) {
            case .result(let result):
                try result.check(statement.columns)
                return result
            case .failed(let error): throw .server(error)
            case .aborted: continue
            case .lost: throw .connectionLost
            case .unknown: throw .outcomeUnknown
            case .timedOut: throw .timedOut(.statement)
            }
        }
        throw .connectionLost
    }

    /// Closes the connection; whoever still waits is told that it is lost.
    func close() { end(timedOut: false) }

    nonisolated func turnEnded() {
        assumeOnLoop(loop.isCurrent) { connection in
            connection.isTurnEndAwaited = false
            connection.flush()
        }
    }

    private func send(
        _ statement: StatementText, _ parameters: Parameters, isAlone: Bool
    ) async -> Outcome {
        guard let connection = handle?.connection else { return .lost }
        let waiter = Waiter(loop: loop)
        let standsAlone = isAlone || statement.kind == .write
        if !holdsBack {
            if standsAlone, pipeline.isBatchOpen { sync(connection) }
            guard queue(statement, parameters, for: waiter, on: connection) else {
                end(timedOut: false)
                return .lost
            }
            if standsAlone { sync(connection) }
            noticeLoss(connection)
        } else {
            held.append(.init(statement, parameters, for: waiter, standsAlone: standsAlone))
        }
        awaitAnswer()
        awaitTurnEnd()
        return await waiter.answer()
    }

    /// Puts a statement, and its preparation if this connection needs it, into libpq's buffer.
    private func queue(
        _ statement: StatementText, _ parameters: Parameters, for waiter: Waiter,
        on connection: OpaquePointer
    ) -> Bool {
        let name = statement.preparedName
        if preparesStatements, !pipeline.isPrepared(statement.identity) {
            let isQueued = PQsendPrepare(connection, name, statement.sql, 0, nil)
            guard isQueued == 1 else { return false }
            pipeline.preparationSent(statement.identity)
        }
        // Without types the server works them out from the text, as it does to prepare it.
        let isQueued = parameters.withPointers { count, values, lengths, formats in
            preparesStatements
                ? PQsendQueryPrepared(connection, name, count, values, lengths, formats, 1)
                : PQsendQueryParams(
                    connection, statement.sql, count, nil, values, lengths, formats, 1)
        }
        guard isQueued == 1 else { return false }
        switch statement.kind {
        case .shortRead: pipeline.readSent(waiter, statement: statement.identity)
        case .write: pipeline.writeSent(waiter, statement: statement.identity)
        }
        return true
    }

    private func sync(_ connection: OpaquePointer) {
        PQpipelineSync(connection)
        pipeline.syncSent()
        pushOut(connection)
    }

    /// Libpq closes the socket by itself when it finds, as it sends, that the server is gone. The
    /// descriptor is forgotten before its number can be used again, and whoever reads is told:
    /// epoll(7) reports nothing of a closed descriptor.
    private func noticeLoss(_ connection: OpaquePointer) {
        if PQstatus(connection) == CONNECTION_BAD, let slot { loop.deregister(slot) }
    }

    private func awaitTurnEnd() {
        guard !isTurnEndAwaited else { return }
        isTurnEndAwaited = true
        loop.callAtEndOfTurn(self, .batches)
    }

    /// Closes the batch and sends it, unless another one is under way: then it goes on gathering,
    /// since larger batches cost the server less.
    private func flush() {
        guard let connection = handle?.connection, pipeline.syncCount == 0 else { return }
        let batch = held.takeBatch()
        for (index, item) in batch.enumerated() {
            if queue(item.statement, item.parameters, for: item.ticket, on: connection) { continue }
            for unsent in batch[index...] { unsent.ticket.answer(.lost) }
            return end(timedOut: false)
        }
        guard pipeline.isBatchOpen else { return }
        sync(connection)
        noticeLoss(connection)
    }

    /// Sends what libpq has buffered; what the socket does not take follows when it is writable
    /// again.
    private func pushOut(_ connection: OpaquePointer) {
        guard let slot, !isWriteBlocked else { return }
        // A failure shows at the next read, which the broken socket calls for, or as a loss.
        guard PQflush(connection) == 1 else { return }
        isWriteBlocked = true
        loop.writingExhausted(slot)
        Task { await self.pushOutWhenWritable(slot) }
    }

    private func pushOutWhenWritable(_ slot: SlotID) async {
        let readiness = await loop.waitUntilWritable(slot, deadline: nil)
        isWriteBlocked = false
        guard readiness == .ready, let connection = handle?.connection else { return }
        pushOut(connection)
        noticeLoss(connection)
    }

    /// Reads what the socket holds and hands out the results in it.
    /// - Returns: false when the connection is lost.
    private func takeInput(_ slot: SlotID) -> Bool {
        guard let connection = handle?.connection else { return false }
        var unread: CInt = 0
        repeat {
            let isAlive = PQconsumeInput(connection) == 1
            guard handOutResults(connection), isAlive else { return false }
            _ = ioctl(PQsocket(connection), UInt(FIONREAD), &unread)
        } while unread > 0
        // The rest of a TLS record may be decrypted already, where the kernel cannot count it.
        if PQsslInUse(connection) == 1 {
            guard PQconsumeInput(connection) == 1, handOutResults(connection) else { return false }
        }
        loop.readingExhausted(slot)
        return true
    }

    /// Takes complete results from libpq in the order of the questions.
    /// - Returns: false when the connection cannot be used any more.
    private func handOutResults(_ connection: OpaquePointer) -> Bool {
        var isEndOfStatement = false
        while !pipeline.isIdle, PQisBusy(connection) == 0 {
            guard let result = PQgetResult(connection) else {
                // A null result ends those of one statement. After another one libpq expects no
                // more, though we do: the session has ended, and it would say so without end.
                guard !isEndOfStatement else { return false }
                isEndOfStatement = true
                continue
            }
            isEndOfStatement = false
            progressAt = loop.now
            guard handOut(ResultSet(owning: result)) else { return false }
        }
        // What gathered meanwhile has its turn.
        if pipeline.isBatchOpen || !held.isEmpty, pipeline.syncCount == 0 { awaitTurnEnd() }
        return true
    }

    private func handOut(_ result: ResultSet) -> Bool {
        let kind: PipelineState<Waiter>.ResultKind
        var failure = Outcome.lost
        var isLast = false
        switch PQresultStatus(result.result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK: kind = .success
        case PGRES_PIPELINE_SYNC: kind = .sync
        case PGRES_PIPELINE_ABORTED: kind = .aborted
        default:
            // Without an SQLSTATE it is libpq itself that reports a lost connection.
            guard let error = ServerError(of: result.result) else { return false }
            if error.isLossOfServer || error.isFatal && pipeline.isCommitAwaited { return false }
            if !error.isFatal { failure = .failed(error) }
            isLast = error.isFatal
            kind = error.resultKind
        }
        switch pipeline.resultArrived(kind) {
        case .result(let waiter): waiter.answer(.result(result))
        case .kept(let waiter):
            waiter.answer(kept.take().map(Outcome.result) ?? .unknown)
        case .failure(let waiter):
            kept = nil
            waiter.answer(failure)
        case .aborted(let waiter): waiter.answer(.aborted)
        case .keep: kept = result
        case .nothing: break
        case .outOfStep: return false
        }
        return !isLast
    }

    /// Starts the clock for the server's answer, unless it runs.
    private func awaitAnswer() {
        if progressAt == nil || pipeline.waitingCount + held.count == 1 { progressAt = loop.now }
        guard timer == nil else { return }
        timer = loop.schedule(at: loop.now + answerTimeout) { [weak self] in
            self?.assumeIsolated { $0.answerTimerFired() }
        }
    }

    private func answerTimerFired() {
        timer = nil
        guard pipeline.waitingCount + held.count > 0, let progressAt else { return }
        guard progressAt + answerTimeout > loop.now else { return end(timedOut: true) }
        timer = loop.schedule(at: progressAt + answerTimeout) { [weak self] in
            self?.assumeIsolated { $0.answerTimerFired() }
        }
    }

    /// Gives the connection up and tells everybody who waits what became of his statement.
    private func end(timedOut: Bool) {
        if let slot = slot.take() { loop.deregister(slot) }
        if let timer = timer.take() { loop.cancel(timer) }
        handle = nil
        kept = nil
        for item in held.takeAll() { item.ticket.answer(timedOut ? .timedOut : .lost) }
        for loss in pipeline.connectionLost() {
            switch loss {
            case .harmless(let waiter): waiter.answer(timedOut ? .timedOut : .lost)
            case .unknown(let waiter): waiter.answer(.unknown)
            }
        }
    }
}
