import CLibpq
import Reactor

extension PostgresConnection {
    /// Queues a statement that somebody waits for.
    func queue(
        _ statement: StatementText, _ parameters: Parameters, for waiter: Waiter,
        on connection: OpaquePointer
    ) -> Bool {
        guard queue(statement, parameters, on: connection) else { return false }
        switch statement.kind {
        case .shortRead, .bulkRead: pipeline.readSent(waiter, statement: statement.identity)
        case .write where statement.isBatched:
            pipeline.batchedWriteSent(waiter, statement: statement.identity)
        case .write: pipeline.writeSent(waiter, statement: statement.identity)
        case .longRead: preconditionFailure("A long read was sent without a lease.")
        }
        return true
    }

    /// Puts a statement, and its preparation if this connection needs it, into libpq's buffer.
    func queue(
        _ statement: StatementText, _ parameters: Parameters, on connection: OpaquePointer
    ) -> Bool {
        guard configuration.preparesStatements else {
            return statement.sendUnprepared(parameters, on: connection)
        }
        let name = statement.preparedName
        if !pipeline.isPrepared(statement.identity) {
            let isQueued = parameters.withTypes { count, types in
                PQsendPrepare(connection, name, statement.sql, count, types)
            }
            guard isQueued == 1 else { return false }
            pipeline.preparationSent(statement.identity)
        }
        return parameters.withPointers { count, values, lengths, formats in
            PQsendQueryPrepared(connection, name, count, values, lengths, formats, 1)
        } == 1
    }

    func sync(_ connection: OpaquePointer) {
        if pipeline.batchCount > 0 { meter?.batchSent(pipeline.batchCount) }
        PQpipelineSync(connection)
        pipeline.syncSent()
        pushOut(connection)
    }

    /// Libpq closes the socket by itself when it finds, as it sends, that the server is gone. The
    /// descriptor is forgotten before its number can be used again, and whoever reads is told:
    /// epoll(7) reports nothing of a closed descriptor.
    func noticeLoss(_ connection: OpaquePointer) {
        if PQstatus(connection) == CONNECTION_BAD, let slot { loop.deregister(slot) }
    }

    func awaitTurnEnd() {
        guard !isTurnEndAwaited else { return }
        isTurnEndAwaited = true
        loop.callAtEndOfTurn(self, .batches)
    }

    /// Closes the batch and sends it, unless another one is under way: then it goes on gathering,
    /// since larger batches cost the server less.
    func flush() {
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
}
