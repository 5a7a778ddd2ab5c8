import Ambient
import Reactor

extension ConnectionPool {
    /// A connection that one caller holds.
    struct Held: Sendable {
        let lease: PoolState.Lease
        let connection: PostgresConnection
    }

    /// Runs `body` with a connection that nobody else uses meanwhile.
    /// - Throws: What `body` throws, and what keeps it from getting a connection.
    package nonisolated func withConnection<Value, Failure: DatabaseFailure>(
        _ body: (borrowing LeasedConnection) async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let held = try await hold(beginning: nil, as: Failure.self)
        let result: Result<Value, Failure>
        do throws(Failure) {
            result = .success(try await body(LeasedConnection(on: held.connection)))
        } catch {
            result = .failure(error)
        }
        await giveBack(held)
        return try result.get()
    }

    /// Runs `body` inside a transaction, which is committed when `body` returns, and rolled back
    /// when it throws or its task is cancelled.
    ///
    /// It is run again, a few times at most, after a deadlock or a serialization failure, so it
    /// must do nothing that is not part of the transaction.
    /// - Throws: What `body` throws; ``PostgresError/outcomeUnknown`` if the connection was lost
    ///   while the transaction was committed, which is never tried again; any other error means
    ///   that nothing was changed.
    package nonisolated func withTransaction<Value, Failure: DatabaseFailure>(
        isolation: IsolationLevel = .readCommitted, access: AccessMode = .readWrite,
        _ body: (borrowing Transaction) async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let begin = "BEGIN ISOLATION LEVEL \(isolation.rawValue) \(access.rawValue)"
        var attempt = 1
        while true {
            let held = try await hold(beginning: begin, as: Failure.self)
            let result = await attempted(on: held.connection, body)
            let isConflict = await held.connection.isConflict
            await giveBack(held)
            guard case .failure = result, isConflict, await mayRepeat(attempt) else {
                return try result.get()
            }
            attempt += 1
        }
    }

    private nonisolated func attempted<Value, Failure: DatabaseFailure>(
        on connection: PostgresConnection,
        _ body: (borrowing Transaction) async throws(Failure) -> Value
    ) async -> Result<Value, Failure> {
        let value: Value
        do throws(Failure) {
            value = try await body(Transaction(on: connection))
        } catch {
            return .failure(error)
        }
        do throws(PostgresError) {
            try await connection.commit()
        } catch {
            return .failure(Failure(error))
        }
        return .success(value)
    }

    private nonisolated func hold<Failure: DatabaseFailure>(
        beginning begin: String?, as: Failure.Type
    ) async throws(Failure) -> Held {
        do throws(PostgresError) {
            return try await hold(beginning: begin)
        } catch {
            throw Failure(error)
        }
    }

    /// Waits for a connection alone, unless the caller's task is cancelled.
    func hold(beginning begin: String?) async throws(PostgresError) -> Held {
        guard !Task.isCancelled else {
            meter?.failed(.cancelled)
            throw .cancelled
        }
        let lease = try await acquire(.exclusive, isAbandonable: true)
        let connection: PostgresConnection
        do {
            connection = try requireConnection(of: lease)
        } catch {
            release(lease)
            throw error
        }
        await connection.leaseBegan(beginning: begin)
        return Held(lease: lease, connection: connection)
    }

    /// Ends what was held; the connection goes to the next caller if it is fit for him.
    func giveBack(_ held: Held) async {
        let fault = await held.connection.leaseEnded()
        release(held.lease, discarding: fault)
    }

    /// Runs a read that may take its time on a connection of its own.
    func runAlone(
        _ statement: StatementText, _ parameters: Parameters, timeout: Duration
    ) async throws(PostgresError) -> ResultSet {
        let held = try await hold(beginning: nil)
        let result: Result<ResultSet, PostgresError>
        do {
            result = .success(
                try await held.connection.runLeased(statement, parameters, timeout: timeout))
        } catch {
            result = .failure(error)
        }
        await giveBack(held)
        return try result.get()
    }

    /// Waits a little before a transaction that met a conflict is run again, so that those who
    /// conflict do not meet again.
    /// - Returns: false when it has been run often enough.
    private func mayRepeat(_ attempt: Int) async -> Bool {
        guard attempt < configuration.transactionAttemptsMax else { return false }
        let longest = configuration.conflictPause * (1 << min(attempt - 1, 16))
        await loop.pause(until: loop.now + longest * randomPart())
        return !Task.isCancelled
    }
}
