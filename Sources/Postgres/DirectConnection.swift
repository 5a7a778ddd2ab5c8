import CLibpq

/// A connection that blocks its thread, for migrations and administration.
///
/// It lives outside any pipeline and pool and must never be used on an event loop. Statements have
/// no deadline of their own: a migration may take hours. It ends with its last use.
package struct DirectConnection: ~Copyable {
    private let handle: OpaquePointer

    /// Connects and waits until the server is ready for statements.
    /// - Parameter connectTimeout: The time for each host of `url`, in whole seconds, rounded up;
    ///   some versions of libpq make one second two.
    /// - Throws: ``PostgresError/connectionFailed(_:)``.
    package init(
        _ url: DatabaseURL, connectTimeout: Duration = .seconds(10)
    ) throws(PostgresError) {
        let timeout = (name: "connect_timeout", value: connectTimeout.connectTimeoutText)
        handle = try Self.connect(url.keywords(overriding: [timeout]))
        // Without a processor of its own libpq writes notices to standard error.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
    }

    deinit { PQfinish(handle) }

    /// The server's version as libpq counts: 150014 is 15.14.
    package var serverVersion: Int { Int(PQserverVersion(handle)) }

    /// Whether a transaction is open in which no statement has failed.
    package var isInTransaction: Bool { PQtransactionStatus(handle) == PQTRANS_INTRANS }

    /// Runs the statements in `sql`, which may be several, and drops their rows.
    ///
    /// Outside ``transaction(_:)`` several statements share one transaction, unless they hold
    /// commands for transactions themselves (PostgreSQL documentation, section 55.2.2.1).
    /// - Throws: ``PostgresError/server(_:)`` with the first refusal, which ends the run,
    ///   ``PostgresError/connectionLost``, ``PostgresError/outcomeUnknown`` or
    ///   ``PostgresError/unexpectedResult(_:)`` if there is nothing to run, or a `COPY`.
    package func execute(_ sql: String) throws(PostgresError) {
        try result { PQexec(handle, Self.checked(sql)) }.check()
    }

    /// Runs one statement and returns its rows in the server's text form; nil stands for NULL.
    /// - Parameter parameters: The values of `$1`, `$2` and so on, in the text form of their types.
    /// - Throws: As ``execute(_:)``.
    package func query(
        _ sql: String, _ parameters: [String?] = []
    ) throws(PostgresError) -> [[String?]] {
        let values = CStringArray(parameters.map { $0.map(Self.checked) })
        let result = try result {
            values.withPointers { values in
                PQexecParams(
                    handle, Self.checked(sql), CInt(parameters.count), nil, values, nil, nil, 0)
            }
        }
        try result.check()
        return result.rows
    }

    /// Runs `body` in a transaction that is committed when it returns and rolled back if it throws.
    /// - Throws: What `body` throws; ``PostgresError/unexpectedResult(_:)`` if `body` has ended the
    ///   transaction or gone on after an error in it; ``PostgresError/outcomeUnknown`` if the
    ///   connection is lost while committing.
    package func transaction<Value>(
        _ body: () throws(PostgresError) -> Value
    ) throws(PostgresError) -> Value {
        try execute("BEGIN")
        do throws(PostgresError) {
            let value = try body()
            guard isInTransaction else {
                throw .unexpectedResult("the transaction was no longer open at its end")
            }
            try execute("COMMIT")
            return value
        } catch {
            // The first error is the one to tell; a server that cannot be told rolls back anyway.
            try? execute("ROLLBACK")
            throw error
        }
    }

    private static func connect(
        _ keywords: [(name: String, value: String)]
    ) throws(PostgresError) -> OpaquePointer {
        guard let handle = LibpqHandle.connect(keywords) else {
            throw .connectionFailed("out of memory")
        }
        guard PQstatus(handle) == CONNECTION_OK else {
            defer { PQfinish(handle) }
            throw .connectionFailed(of: handle)
        }
        return handle
    }

    /// Makes a result by a call of libpq that sends a statement and waits for its end.
    private func result(
        of call: () -> OpaquePointer?
    ) throws(PostgresError) -> DirectResult {
        guard PQstatus(handle) == CONNECTION_OK else { throw .connectionLost }
        guard let result = call() else { throw .outcomeUnknown }
        return DirectResult(owning: result)
    }

    /// `text`, which ends where libpq sees its end.
    private static func checked(_ text: String) -> String {
        precondition(!text.utf8.contains(0), "A statement and its parameters hold no NUL.")
        return text
    }
}
