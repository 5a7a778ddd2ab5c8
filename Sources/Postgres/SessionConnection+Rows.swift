import CLibpq
import Reactor

extension SessionConnection {
    /// Runs a statement and lends `body` its rows as they come.
    ///
    /// Nothing is sent before `body` asks for the first row. If `body` leaves before the end, the
    /// statement is cancelled and the connection closed; after the end, and after an error of the
    /// server, it is as good as before.
    /// - Throws: What `body` throws; ``PostgresError/invalidParameter(_:)`` if the input cannot be
    ///   sent. Other errors of the database reach `body` through the stream.
    package nonisolated func streaming<Input, Output, Value, Failure: DatabaseFailure>(
        _ statement: Statement<Input, Output>, _ input: Input,
        _ body: (RowStream<Output>) async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let parameters: Parameters
        do throws(PostgresError) {
            parameters = try statement.parameters(input)
        } catch {
            throw Failure(error)
        }
        return try await withStream(.rows(statement.text, parameters)) { number throws(Failure) in
            let stream = RowStream(session: self, number: number) {
                set throws(PostgresError) in
                guard let output = try statement.row(of: set) else {
                    throw .unexpectedResult("a piece of a result without a row")
                }
                return output
            }
            return try await body(stream)
        }
    }

    /// What the next rows hold; none behind the last one.
    func nextRows<Output: Sendable>(
        of number: Int, _ decode: @Sendable (ResultSet) throws(PostgresError) -> Output
    ) async throws(PostgresError) -> [Output] {
        switch try stream.phase(of: number) {
        case .requested(.rows(let statement, let parameters)):
            try await beginRows(statement, parameters)
        case .requested(.copyOut): preconditionFailure("A copy has pieces instead of rows.")
        case .flowing, .ending:
            // A server that is always ahead would have the loop to itself.
            await loop.yield()
        case .refused(let refusal):
            stream.phase = .ended
            throw .server(refusal)
        case .ended, .none: return []
        }
        return try await readRows(decode)
    }

    private func beginRows(
        _ statement: StatementText, _ parameters: Parameters
    ) async throws(PostgresError) {
        let connection = try commandBegan(timeout: configuration.streamTimeout)
        stream.phase = .flowing
        stream.uncheckedColumns = statement.columns
        guard statement.sendUnprepared(parameters, on: connection),
            PQsetSingleRowMode(connection) == 1
        else { throw ended(.connectionLost) }
        try await flush()
    }

    private func readRows<Output>(
        _ decode: (ResultSet) throws(PostgresError) -> Output
    ) async throws(PostgresError) -> [Output] {
        var rows: [Output] = []
        var octetCount = 0
        while rows.count < configuration.chunkRowsMax, octetCount < configuration.chunkBytesMax {
            // What there is goes first: the consumer works while the server does.
            if PQisBusy(try connection()) == 1, !rows.isEmpty { break }
            guard let result = try await nextResult() else {
                guard case .ending = stream.phase else { throw ended(.connectionLost) }
                commandEnded()
                stream.phase = .ended
                break
            }
            switch PQresultStatus(result.result) {
            case PGRES_SINGLE_TUPLE:
                try check(result)
                rows.append(try decode(result))
                octetCount += PQresultMemorySize(result.result)
            case PGRES_FATAL_ERROR:
                try await refused(try serverError(of: result), rowsAreLeft: !rows.isEmpty)
                return rows
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                throw ended(.unexpectedResult("a COPY instead of rows"))
            default:
                try check(result)
                stream.phase = .ending
            }
        }
        return rows
    }

    /// Compares the columns with those of the statement, once for the stream.
    private func check(_ result: ResultSet) throws(PostgresError) {
        guard let columns = stream.uncheckedColumns.take() else { return }
        try result.check(columns)
    }

    /// The server goes on no more. The consumer is told behind the rows that came before.
    private func refused(
        _ refusal: ServerError, rowsAreLeft: Bool
    ) async throws(PostgresError) {
        try await skipResults()
        stream.phase = rowsAreLeft ? .refused(refusal) : .ended
        guard rowsAreLeft else { throw .server(refusal) }
    }
}
