import CLibpq

extension SessionConnection: StatementRunner {
    /// Runs a statement, which is a transaction by itself, and returns its rows in binary.
    /// - Throws: ``PostgresError``; ``PostgresError/outcomeUnknown`` if the connection ended while
    ///   a write was under way.
    package func run(
        _ statement: StatementText, _ parameters: Parameters
    ) async throws(PostgresError) -> ResultSet {
        let result = try await result(isRead: statement.kind != .write) { connection in
            statement.sendUnprepared(parameters, on: connection)
        }
        try result.check(statement.columns)
        return result
    }

    /// Runs the statements of a constant text, which may be several, and drops their rows.
    /// - Returns: How many rows the last one changed.
    /// - Throws: As ``run(_:_:)`` for a write.
    @discardableResult
    package func execute(_ sql: StaticString) async throws(PostgresError) -> Int {
        try await execute(text: sql.description)
    }

    /// Runs the statements of a text that this module has put together.
    @discardableResult
    func execute(text: String) async throws(PostgresError) -> Int {
        try await result(isRead: false) { PQsendQuery($0, text) == 1 }.affectedCount
    }

    private func result(
        isRead: Bool, _ send: (OpaquePointer) -> Bool
    ) async throws(PostgresError) -> ResultSet {
        let connection = try commandBegan(timeout: configuration.answerTimeout)
        guard send(connection) else { throw ended(.connectionLost) }
        do throws(PostgresError) {
            try await flush()
            return try await lastResult()
        } catch {
            switch error {
            case .connectionLost, .timedOut, .cancelled, .closed:
                // Nobody has said what became of a write.
                throw isRead ? error : .outcomeUnknown
            case .server, .unexpectedResult, .connectionFailed, .outcomeUnknown, .overloaded,
                .invalidParameter, .invalidConfiguration:
                throw error
            }
        }
    }

    /// The next result of the command; nil behind the last one.
    func nextResult() async throws(PostgresError) -> ResultSet? {
        while PQisBusy(try connection()) == 1 { try await receive() }
        return PQgetResult(try connection()).map(ResultSet.init(owning:))
    }

    /// Reads to the end of the command, whatever comes.
    func skipResults() async throws(PostgresError) {
        while let result = try await nextResult() {
            switch PQresultStatus(result.result) {
            // It would be reported without end.
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                throw ended(.unexpectedResult("a COPY that is not expected"))
            default: continue
            }
        }
        commandEnded()
    }

    /// Reads results to the end of the command and returns the last one.
    /// - Throws: ``PostgresError/server(_:)`` for the first refusal.
    func lastResult() async throws(PostgresError) -> ResultSet {
        var last: ResultSet?
        var refusal: ServerError?
        while let result = try await nextResult() {
            switch PQresultStatus(result.result) {
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                throw ended(.unexpectedResult("a COPY that is not expected"))
            case PGRES_FATAL_ERROR:
                let error = try serverError(of: result)
                refusal = refusal ?? error
            default: last = result
            }
        }
        guard refusal != nil || last != nil else { throw ended(.connectionLost) }
        commandEnded()
        if let refusal { throw .server(refusal) }
        guard let last else { throw .connectionLost }
        return last
    }

    /// The server's error in a failed result.
    /// - Throws: ``PostgresError/connectionLost`` if the session ends with it.
    func serverError(of result: ResultSet) throws(PostgresError) -> ServerError {
        guard let error = ServerError(of: result.result), error.severity == "ERROR" else {
            throw ended(.connectionLost)
        }
        return error
    }
}
