/// How a transaction sees what others do at the same time (PostgreSQL documentation, section 13.2).
package enum IsolationLevel: String, Sendable {
    /// Each statement sees what was committed before it.
    case readCommitted = "READ COMMITTED"
    /// Every statement sees what was committed before the first one.
    case repeatableRead = "REPEATABLE READ"
    /// As if one transaction ran after the other.
    case serializable = "SERIALIZABLE"
}

/// What a transaction may do.
package enum AccessMode: String, Sendable {
    /// Anything.
    case readWrite = "READ WRITE"
    /// Read; the server refuses to change anything.
    case readOnly = "READ ONLY"
}

/// An open transaction, good for the scope of
/// ``ConnectionPool/withTransaction(isolation:access:_:)`` and no longer: it cannot be copied, so
/// it cannot be kept.
package struct Transaction: StatementRunner, ~Copyable, Sendable {
    private let connection: PostgresConnection

    init(on connection: PostgresConnection) { self.connection = connection }

    /// Runs a statement inside the transaction and returns its rows.
    ///
    /// The own time limit of a ``StatementKind/longRead(timeout:)`` does not count here: a
    /// transaction has the usual one for each statement.
    /// - Throws: ``PostgresError``. If the server or the connection is the cause, or the columns
    ///   are others than declared, the transaction has failed and is rolled back whatever else it
    ///   does. A row that cannot be decoded, and a parameter that cannot be sent, are the caller's
    ///   to judge.
    package func run(
        _ statement: StatementText, _ parameters: Parameters
    ) async throws(PostgresError) -> ResultSet {
        try await connection.runLeased(statement, parameters)
    }
}

/// A connection that nobody else uses, good for the scope of ``ConnectionPool/withConnection(_:)``
/// and no longer: it cannot be copied, so it cannot be kept.
package struct LeasedConnection: StatementRunner, ~Copyable, Sendable {
    private let connection: PostgresConnection

    init(on connection: PostgresConnection) { self.connection = connection }

    /// Runs a statement, which is a transaction by itself, and returns its rows; a write's come
    /// after its commit.
    /// - Throws: ``PostgresError``; ``PostgresError/outcomeUnknown`` for a write that was sent and
    ///   whose result was lost.
    package func run(
        _ statement: StatementText, _ parameters: Parameters
    ) async throws(PostgresError) -> ResultSet {
        var timeout: Duration?
        if case .longRead(let given) = statement.kind { timeout = given }
        return try await connection.runLeased(statement, parameters, timeout: timeout)
    }
}
