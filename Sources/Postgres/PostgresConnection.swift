import Ambient
import CLibpq
import Reactor

/// One connection of the pool in libpq's pipeline mode, on the thread of its loop.
///
/// Reads of one turn gather in a batch, which one sync closes at the turn's end. A write stands
/// alone between two syncs, or with others that are to share its commit, and is answered after the
/// second: a transaction covers everything since the previous sync. (PostgreSQL documentation,
/// section 34.5.)
actor PostgresConnection: TurnParticipant {
    /// What became of one statement.
    enum Outcome: Sendable {
        case result(ResultSet)
        /// In a box, so that an outcome is small.
        indirect case failed(ServerError)
        /// Not executed, since a neighbour in the batch failed.
        case aborted
        case lost
        case unknown
        case timedOut
    }

    typealias Waiter = Caller<Outcome>

    /// Most times one statement is sent: a second time, alone, if its batch failed, and a third
    /// time if the server did not know it then.
    static let sendsMax = 3

    /// Most answered callers that are kept.
    private static let spareWaitersMax = 256

    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    let configuration: PoolConfiguration
    let cancelling: OffloadPool
    var handle: LibpqHandle?
    var slot: SlotID?
    var pipeline = PipelineState<Waiter>()
    /// A pooler is in between, which may pool transactions for all we know.
    private let holdsBack: Bool
    var held = HeldStatements<Waiter>()
    /// The results of statements that are answered with their sync.
    var kept: [ResultSet] = []
    var isTurnEndAwaited = false
    var isWriteBlocked = false
    var progressAt: MonotonicTime?
    private var timer: TimerID?
    /// Callers that have been answered, for the next ones.
    private var spareWaiters: [Waiter] = []
    private var hasTimedOut = false
    var meter: QueryMeter?

    /// A caller whose statement failed, and who is told so when its sync has come back.
    var failed: (waiter: Waiter, outcome: Outcome)?
    /// Who holds the connection alone, if anybody does.
    var lease: LeaseState?
    /// The command that begins the lease's transaction, until it is sent.
    var begin: String?
    /// The number of the last statement of any lease.
    var lastLeasedStatement = 0
    var leaseTimer: (id: TimerID, at: MonotonicTime)?
    /// Cancellations that are on their way to the server.
    var cancelsUnderWay = 0
    /// Who waits until there are none.
    var cancelsEnded: Gate?

    /// - Parameters:
    ///   - cancelling: Threads that may block while a cancellation is sent.
    ///   - metrics: Where statements are counted; nil for nowhere.
    init(
        handle: LibpqHandle, loop: EventLoop, cancelling: OffloadPool,
        _ configuration: PoolConfiguration, _ metrics: DatabaseMetrics?
    ) {
        self.handle = handle
        self.loop = loop
        self.cancelling = cancelling
        self.configuration = configuration
        meter = metrics.map { QueryMeter($0, loop: loop.index) }
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
        let span = DatabaseSpan(query: statement.name, by: configuration.tracer)
        do throws(PostgresError) {
            for attempt in 0..<Self.sendsMax {
                let outcome = await send(statement, parameters, isAlone: attempt > 0)
                guard let result = try result(of: outcome, of: statement) else { continue }
                span?.end()
                return result
            }
            throw counted(.connectionLost)
        } catch {
            span?.end(after: error)
            throw error
        }
    }

    /// Sends a write in a transaction that it shares with others, and waits for its commit.
    /// - Returns: nil if the transaction was rolled back, whosever error it was.
    /// - Throws: ``PostgresError/outcomeUnknown`` if the result was lost.
    func runBatched(
        _ statement: StatementText, _ parameters: Parameters
    ) async throws(PostgresError) -> ResultSet? {
        let span = DatabaseSpan(query: statement.name, by: configuration.tracer)
        let outcome = await send(statement, parameters, isAlone: false)
        do throws(PostgresError) {
            let result = try result(of: outcome, of: statement)
            span?.end()
            return result
        } catch {
            span?.end(after: error)
            throw error
        }
    }

    /// What a caller is told; nil if nothing was executed, so that he may ask again.
    private func result(
        of outcome: Outcome, of statement: StatementText
    ) throws(PostgresError) -> ResultSet? {
        switch outcome {
        case .result(let result):
            try check(result, of: statement)
            return result
        case .aborted: return nil
        case .failed(let error): throw counted(.server(error))
        case .lost: throw counted(.connectionLost)
        case .unknown: throw counted(.outcomeUnknown)
        case .timedOut: throw counted(.timedOut(.statement))
        }
    }

    /// Compares the columns of a result with those that its statement declares.
    func check(_ result: ResultSet, of statement: StatementText) throws(PostgresError) {
        do {
            try result.check(statement.columns)
        } catch {
            throw counted(error)
        }
    }

    /// Has an error counted that a caller is about to be told.
    func counted(_ error: PostgresError) -> PostgresError {
        meter?.failed(error)
        return error
    }

    /// Closes the connection; whoever still waits is told that it is lost.
    func close() { end(timedOut: false) }

    /// Why the connection is not to be used by another caller; nil if it may be. For a connection
    /// whose only caller has just been answered.
    var fault: DiscardReason? {
        guard let connection = handle?.connection else { return lossReason }
        guard pipeline.isIdle, held.isEmpty else { return .unhealthy }
        // Only by being asked does libpq notice that nothing is due, and tell the status.
        if let result = PQgetResult(connection) {
            PQclear(result)
            return .unhealthy
        }
        guard PQstatus(connection) == CONNECTION_OK else { return .lost }
        return PQtransactionStatus(connection) == PQTRANS_IDLE ? nil : .unhealthy
    }

    /// Why the connection has ended.
    var lossReason: DiscardReason { hasTimedOut ? .timedOut : .lost }

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
        let start = loop.now
        let waiter = takeWaiter()
        let standsAlone = isAlone || statement.kind == .write && !statement.isBatched
        if holdsBack {
            held.append(.init(statement, parameters, for: waiter, standsAlone: standsAlone))
        } else {
            if standsAlone, pipeline.isBatchOpen { sync(connection) }
            guard queue(statement, parameters, for: waiter, on: connection) else {
                end(timedOut: false)
                return .lost
            }
            if standsAlone { sync(connection) }
            noticeLoss(connection)
        }
        awaitAnswer()
        awaitTurnEnd()
        let outcome = await answer(to: waiter)
        meter?.ended(statement, outcome, after: loop.now - start)
        return outcome
    }

    /// Somebody who can wait for an answer here.
    func takeWaiter() -> Waiter { spareWaiters.popLast() ?? Waiter(loop: loop) }

    /// Waits for an answer, and keeps the waiter for the next question.
    func answer(to waiter: Waiter) async -> Outcome {
        let outcome = await waiter.answer()
        if spareWaiters.count < Self.spareWaitersMax { spareWaiters.append(waiter) }
        return outcome
    }

    /// Starts the clock for the server's answer, unless it runs.
    private func awaitAnswer() {
        if progressAt == nil || pipeline.waitingCount + held.count == 1 { progressAt = loop.now }
        guard timer == nil else { return }
        timer = loop.schedule(at: loop.now + configuration.answerTimeout) { [weak self] in
            self?.assumeIsolated { $0.answerTimerFired() }
        }
    }

    private func answerTimerFired() {
        timer = nil
        // A lease has deadlines of its own.
        guard lease == nil, pipeline.waitingCount + held.count > 0, let progressAt
        else { return }
        guard progressAt + configuration.answerTimeout > loop.now else {
            return end(timedOut: true)
        }
        timer = loop.schedule(at: progressAt + configuration.answerTimeout) { [weak self] in
            self?.assumeIsolated { $0.answerTimerFired() }
        }
    }

    /// Gives the connection up and tells everybody who waits what became of his statement.
    func end(timedOut: Bool) {
        if let slot = slot.take() { loop.deregister(slot) }
        if let timer = timer.take() { loop.cancel(timer) }
        if handle != nil { hasTimedOut = timedOut }
        handle = nil
        kept = []
        cancelsEnded.take()?.open()
        if let (waiter, outcome) = failed.take() { waiter.answer(outcome) }
        for item in held.takeAll() { item.ticket.answer(timedOut ? .timedOut : .lost) }
        for loss in pipeline.connectionLost() {
            switch loss {
            case .harmless(let waiter): waiter.answer(timedOut ? .timedOut : .lost)
            case .unknown(let waiter): waiter.answer(.unknown)
            }
        }
    }
}
