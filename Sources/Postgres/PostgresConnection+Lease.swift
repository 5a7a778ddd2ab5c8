import Ambient
import CLibpq
import Reactor

extension PostgresConnection {
    private static let committing = StatementText("commit", .write, "COMMIT")

    /// One caller holds the connection from now on.
    /// - Parameter begin: The command that begins his transaction, which is sent together with his
    ///   first statement; nil if each of his statements is a transaction by itself.
    func leaseBegan(beginning begin: String?) {
        lease = LeaseState(
            isTransaction: begin != nil, idleTimeout: configuration.idleInTransactionTimeout,
            cancelTimeout: configuration.cancelTimeout, statement: lastLeasedStatement,
            now: loop.now)
        self.begin = begin
        armLeaseTimer()
    }

    /// Sends a statement of the holder and waits for its result. It is cancelled when its deadline
    /// passes, and when the caller's task is cancelled.
    /// - Parameter timeout: A deadline of its own, for the server too; nil for the usual one.
    func runLeased(
        _ statement: StatementText, _ parameters: Parameters, timeout: Duration? = nil
    ) async throws(PostgresError) -> ResultSet {
        let span = DatabaseSpan(query: statement.name, by: configuration.tracer)
        do throws(PostgresError) {
            let result = try await resultOfLeased(statement, parameters, timeout)
            span?.end()
            return result
        } catch {
            span?.end(after: error)
            throw error
        }
    }

    private func resultOfLeased(
        _ statement: StatementText, _ parameters: Parameters, _ timeout: Duration?
    ) async throws(PostgresError) -> ResultSet {
        for _ in 0..<Self.sendsMax {
            guard !Task.isCancelled else { throw counted(.cancelled) }
            let outcome = await sendLeased(statement, parameters, timeout)
            switch outcome {
            case .result(let result):
                do {
                    try check(result, of: statement)
                } catch {
                    lease?.statementFailed(error)
                    throw error
                }
                return result
            case .aborted where lease?.transaction == LeaseState.Transaction.none: continue
            case .aborted, .failed, .lost, .unknown, .timedOut:
                throw leaseError(outcome, hasOwnLimit: timeout != nil)
            }
        }
        throw counted(.connectionLost)
    }

    /// Commits the lease's transaction, if it has begun.
    /// - Throws: ``PostgresError/outcomeUnknown`` if nobody knows whether it is committed; else it
    ///   is not: the error of the statement that made it fail is thrown if that is why.
    func commit() async throws(PostgresError) {
        if let failure = lease?.failure { throw failure }
        guard !Task.isCancelled else { throw counted(.cancelled) }
        await awaitCancels()
        guard let connection = handle?.connection else { throw leaseError(.lost) }
        guard lease?.transaction == .open else { return }
        guard command(Self.committing.sql, on: connection) else { throw leaseError(.lost) }
        let start = loop.now
        let waiter = takeWaiter()
        pipeline.commitSent(waiter)
        lease?.commitSent(timeout: configuration.answerTimeout, now: loop.now)
        let span = DatabaseSpan(query: Self.committing.name, by: configuration.tracer)
        let outcome = await ended(waiter, on: connection)
        meter?.ended(Self.committing, outcome, after: loop.now - start)
        switch outcome {
        case .result(let result):
            lease?.transactionEnded()
            // The server answers so, without an error, to a transaction that has failed.
            guard String(cString: PQcmdStatus(result.result)) == "COMMIT" else {
                let error = counted(
                    .unexpectedResult("a transaction that was rolled back at its end"))
                span?.end(after: error)
                throw error
            }
            span?.end()
        case .aborted, .failed, .lost, .unknown, .timedOut:
            let error = leaseError(outcome)
            lease?.transactionEnded()
            span?.end(after: error)
            throw error
        }
    }

    /// Whether the lease's transaction failed because of others.
    var isConflict: Bool { lease?.isConflict ?? false }

    /// The holder is done: clears away what he has left, an open transaction above all.
    /// - Returns: Why the connection is not to be used by another caller; nil if it may be.
    func leaseEnded() async -> DiscardReason? {
        await awaitCancels()
        if let lease, lease.needsRollback {
            await clear("ROLLBACK")
        } else if let lease, lease.wasCancelled || !pipeline.isIdle {
            // What comes back after this has been cancelled, if anything.
            await clear("SELECT 1")
        }
        lease = nil
        begin = nil
        return fault
    }

    /// Waits until no cancellation is on its way: it would hit the next statement.
    private func awaitCancels() async {
        guard cancelsUnderWay > 0, handle != nil else { return }
        lease?.clearingBegan(now: loop.now)
        armLeaseTimer()
        let gate = Gate(loop: loop)
        cancelsEnded = gate
        await gate.pass()
        lease?.statementAnswered(now: loop.now)
    }

    private func clear(_ sql: String) async {
        guard let connection = handle?.connection, command(sql, on: connection) else { return }
        let waiter = takeWaiter()
        pipeline.leasedSent(waiter, statement: -1)
        lease?.clearingBegan(now: loop.now)
        _ = await ended(waiter, on: connection)
    }

    /// Closes the batch of a command, which is not to be cancelled, and waits for its answer.
    private func ended(_ waiter: Waiter, on connection: OpaquePointer) async -> Outcome {
        sync(connection)
        noticeLoss(connection)
        armLeaseTimer()
        let outcome = await answer(to: waiter)
        lease?.statementAnswered(now: loop.now)
        return outcome
    }

    private func sendLeased(
        _ statement: StatementText, _ parameters: Parameters, _ timeout: Duration?
    ) async -> Outcome {
        await awaitCancels()
        guard let connection = handle?.connection, let transaction = lease?.transaction else {
            return .lost
        }
        if let preamble = begin.take() ?? timeout.map(Self.setting) {
            guard command(preamble, on: connection) else { return .lost }
            pipeline.preambleSent()
        }
        guard queue(statement, parameters, on: connection) else {
            end(timedOut: false)
            return .lost
        }
        let waiter = takeWaiter()
        if transaction == .none, statement.kind == .write {
            pipeline.writeSent(waiter, statement: statement.identity)
        } else {
            pipeline.leasedSent(waiter, statement: statement.identity)
        }
        sync(connection)
        noticeLoss(connection)
        let start = loop.now
        let number = lease?.statementSent(
            timeout: timeout ?? configuration.answerTimeout, now: loop.now)
        lastLeasedStatement = number ?? lastLeasedStatement
        armLeaseTimer()
        let outcome = await withTaskCancellationHandler {
            await answer(to: waiter)
        } onCancel: {
            Task(executorPreference: loop) { await self.callerLeft(statement: number ?? 0) }
        }
        lease?.statementAnswered(now: loop.now)
        meter?.ended(statement, outcome, after: loop.now - start)
        return outcome
    }

    /// What gives the next statement of a batch a time limit of its own, a little before ours, and
    /// a plan that is made for its values: what may take its time is worth one. Both end with the
    /// batch, which is one transaction.
    private static func setting(of timeout: Duration) -> String {
        let milliseconds = max(1, Int(timeout * 0.9 / .milliseconds(1)))
        return """
            SELECT set_config('statement_timeout', '\(milliseconds)', true),
                set_config('plan_cache_mode', 'force_custom_plan', true)
            """
    }

    /// Puts a command without parameters into libpq's buffer.
    private func command(_ sql: String, on connection: OpaquePointer) -> Bool {
        let isQueued = PQsendQueryParams(connection, sql, 0, nil, nil, nil, nil, 1) == 1
        if !isQueued { end(timedOut: false) }
        return isQueued
    }

    /// What a holder is told, and what his transaction is to remember.
    /// - Parameter hasOwnLimit: Whether the server was told a time limit for this statement alone,
    ///   a little before ours.
    private func leaseError(_ outcome: Outcome, hasOwnLimit: Bool = false) -> PostgresError {
        let error: PostgresError
        switch outcome {
        case .failed(let refusal):
            let isCancelled = refusal.sqlState == "57014"
            let cause =
                hasOwnLimit ? lease?.errorOfCause ?? .timedOut(.statement) : lease?.errorOfCause
            error = isCancelled ? cause ?? .server(refusal) : .server(refusal)
        case .unknown: error = .outcomeUnknown
        case .timedOut: error = lease?.errorOfCause ?? .timedOut(.statement)
        case .lost, .aborted, .result: error = lease?.errorOfCause ?? .connectionLost
        }
        lease?.statementFailed(error)
        return counted(error)
    }

    private func callerLeft(statement: Int) {
        guard let action = lease?.callerLeft(statement: statement, now: loop.now) else { return }
        perform(action)
    }

    private func leaseTimerFired() {
        leaseTimer = nil
        guard let action = lease?.timerFired(now: loop.now) else { return }
        perform(action)
    }

    private func perform(_ action: LeaseState.Action) {
        switch action {
        case .nothing: break
        case .check: armLeaseTimer()
        case .cancel:
            cancelStatement()
            armLeaseTimer()
        case .end: end(timedOut: true)
        }
    }

    /// Sees to it that the lease is looked at no later than its deadline. A timer that would fire
    /// earlier is left.
    private func armLeaseTimer() {
        guard let time = lease?.nextCheck else { return }
        if let leaseTimer {
            guard time < leaseTimer.at else { return }
            loop.cancel(leaseTimer.id)
        }
        let id = loop.schedule(at: time) { [weak self] in
            self?.assumeIsolated { $0.leaseTimerFired() }
        }
        leaseTimer = (id, time)
    }

    private func cancelStatement() {
        guard let connection = handle?.connection, let cancel = CancelHandle(of: connection)
        else { return }
        cancelsUnderWay += 1
        Task {
            // If no thread is free for it, the deadline comes.
            _ = try? await cancelling.run { cancel.send() }
            cancelsUnderWay -= 1
            if cancelsUnderWay == 0 { cancelsEnded.take()?.open() }
        }
    }
}
