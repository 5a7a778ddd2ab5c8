import CLibpq

/// A result of a ``DirectConnection``, freed with its last use.
struct DirectResult: ~Copyable {
    private let handle: OpaquePointer

    /// Takes over a `PGresult`.
    init(owning handle: OpaquePointer) {
        self.handle = handle
    }

    deinit { PQclear(handle) }

    /// Checks that the statement was carried out.
    /// - Throws: ``PostgresError/server(_:)`` for the server's refusal,
    ///   ``PostgresError/outcomeUnknown`` if libpq got no answer or the server ended the session,
    ///   which it may do after a commit, and ``PostgresError/unexpectedResult(_:)`` for `COPY` and
    ///   an empty text.
    func check() throws(PostgresError) {
        switch PQresultStatus(handle) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK: return
        case PGRES_FATAL_ERROR:
            guard let error = ServerError(of: handle), error.severity == "ERROR" else {
                throw .outcomeUnknown
            }
            throw .server(error)
        case let status:
            throw .unexpectedResult("a result of the kind \(String(cString: PQresStatus(status)))")
        }
    }

    /// All rows in the server's text form; nil stands for NULL.
    var rows: [[String?]] {
        (0..<PQntuples(handle)).map { row in
            (0..<PQnfields(handle)).map { column in
                if PQgetisnull(handle, row, column) != 0 { return nil }
                return String(cString: PQgetvalue(handle, row, column))
            }
        }
    }
}
