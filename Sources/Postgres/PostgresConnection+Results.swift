import CLibpq
import Glibc
import Reactor

extension PostgresConnection {
    /// Reads what the socket holds and hands out the results in it.
    /// - Returns: false when the connection is lost.
    func takeInput(_ slot: SlotID) -> Bool {
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
        case .kept(let waiters):
            precondition(
                waiters.count == kept.count, "\(kept.count) results for \(waiters.count) callers.")
            for (waiter, result) in zip(waiters, kept) { waiter.answer(.result(result)) }
            kept.removeAll(keepingCapacity: true)
        case .rolledBack(let waiters):
            kept.removeAll(keepingCapacity: true)
            for waiter in waiters { waiter.answer(.aborted) }
        case .failure(let waiter):
            kept.removeAll(keepingCapacity: true)
            answer(waiter, failure)
        case .aborted(let waiter): answer(waiter, .aborted)
        case .keep: kept.append(result)
        case .nothing:
            if kind == .sync, let (waiter, outcome) = failed.take() { waiter.answer(outcome) }
        case .outOfStep: return false
        }
        return !isLast
    }

    /// Tells a caller that his statement failed: as soon as the server is done with it, if nothing
    /// else stands before that, so that whoever is next finds nothing under way.
    private func answer(_ waiter: Waiter, _ failure: Outcome) {
        if lease != nil || pipeline.isSyncNext {
            failed = (waiter, failure)
        } else {
            waiter.answer(failure)
        }
    }
}
