/// What statements can be run on: a pool, or, one after the other, a transaction or a connection
/// that is held alone.
package protocol StatementRunner: ~Copyable {
    /// Runs a statement and returns its rows.
    func run(
        _ statement: StatementText, _ parameters: Parameters
    ) async throws(PostgresError) -> ResultSet
}

extension StatementRunner where Self: ~Copyable {
    /// Runs a statement and returns its rows.
    /// - Throws: ``PostgresError/invalidParameter(_:)`` if the input cannot be sent,
    ///   ``PostgresError/unexpectedResult(_:)`` if the rows cannot be read, and as ``run(_:_:)``
    ///   does.
    package func rows<Input, Output>(
        _ statement: Statement<Input, Output>, _ input: Input
    ) async throws(PostgresError) -> [Output] {
        try statement.rows(of: try await run(statement.text, try statement.parameters(input)))
    }

    /// Runs a statement that returns one row at most; nil if it returned none.
    /// - Throws: ``PostgresError/unexpectedResult(_:)`` if there were more, and as ``rows(_:_:)``
    ///   does.
    package func row<Input, Output>(
        _ statement: Statement<Input, Output>, _ input: Input
    ) async throws(PostgresError) -> Output? {
        try statement.row(of: try await run(statement.text, try statement.parameters(input)))
    }

    /// Runs a command.
    /// - Returns: how many rows it changed.
    /// - Throws: As ``rows(_:_:)`` does.
    package func execute<Input>(
        _ command: Statement<Input, Never>, _ input: Input
    ) async throws(PostgresError) -> Int {
        try await run(command.text, try command.parameters(input)).affectedCount
    }
}
