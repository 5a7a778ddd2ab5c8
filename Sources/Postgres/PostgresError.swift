import CLibpq

/// Whatever can go wrong between a caller of this module and PostgreSQL.
package enum PostgresError: Error, Equatable, Sendable {
    /// Where a deadline passed.
    package enum Stage: String, Sendable {
        /// While waiting for a free connection of the pool.
        case acquire
        /// While connecting to the server.
        case connect
        /// While waiting for the result of a statement.
        case statement
        /// While a transaction was open, or a connection was held, and nothing was asked.
        case transaction
    }

    /// No connection could be made; libpq's account of it on one line, without the password.
    case connectionFailed(String)
    /// The server refused a statement: it was not carried out. Kept apart, since whoever waits for
    /// an answer keeps room for an error.
    indirect case server(ServerError)
    /// The connection was lost before the statement was sent, or the statement is known not to
    /// have been carried out; it may be repeated.
    case connectionLost
    /// The connection was lost after the statement was sent: nobody knows whether it was carried
    /// out, so a write must not be repeated blindly.
    case outcomeUnknown
    /// A deadline passed.
    case timedOut(Stage)
    /// The caller's task was cancelled, which a client that hangs up brings about: the statement
    /// was not sent, or its transaction was rolled back.
    case cancelled
    /// Too many callers wait for a connection already.
    case overloaded
    /// The pool has been shut down, or a session or a stream of one has been left.
    case closed
    /// A result has a shape that its reader does not expect: a column too many, another type, a
    /// transaction that is no longer open.
    case unexpectedResult(String)
    /// A statement was given a value that the server could not take; it was not sent.
    case invalidParameter(String)
    /// A setting is malformed or out of its range.
    case invalidConfiguration(String)
}

/// An error that the server reported (PostgreSQL documentation, appendix A and section 55.8).
package struct ServerError: Equatable, Sendable {
    /// The five characters of the SQLSTATE, such as `23505` for a unique violation.
    package let sqlState: String
    /// The severity as the server spells it, such as `ERROR` or `FATAL`.
    package let severity: String
    /// The primary message in the server's language. It may quote data, so it is for operators
    /// only, and is never matched, shown to a client or logged beside a statement's parameters.
    package let message: String
    /// The name of the constraint that was violated, if the error is about one.
    package let constraint: String?
    /// The name of the table that the error is about, if it is about one.
    package let table: String?

    /// Makes an error from its fields.
    package init(
        sqlState: String, severity: String = "ERROR", message: String = "",
        constraint: String? = nil, table: String? = nil
    ) {
        self.sqlState = sqlState
        self.severity = severity
        self.message = message
        self.constraint = constraint
        self.table = table
    }
}

extension PostgresError: CustomStringConvertible {
    /// One line without data, for logs; of a server's error it tells the code, not the message.
    package var description: String {
        switch self {
        case .connectionFailed(let message): "no connection to the database: \(message)"
        case .server(let error): "the database refused a statement: \(error)"
        case .connectionLost: "the connection to the database was lost"
        case .outcomeUnknown:
            "the connection to the database was lost; it is unknown whether a statement took effect"
        case .timedOut(let stage): "the database did not answer in time (\(stage.rawValue))"
        case .cancelled: "the caller of a statement gave up"
        case .overloaded: "too many callers wait for a database connection"
        case .closed: "the database connections have been closed"
        case .unexpectedResult(let problem): "unexpected database result: \(problem)"
        case .invalidParameter(let problem): "invalid parameter of a statement: \(problem)"
        case .invalidConfiguration(let problem): "invalid database configuration: \(problem)"
        }
    }
}

extension ServerError: CustomStringConvertible {
    /// Severity, code and names on one line; never the message.
    package var description: String {
        var parts = ["\(severity) \(sqlState)"]
        if let constraint { parts.append("constraint \(constraint)") }
        if let table { parts.append("table \(table)") }
        return parts.joined(separator: ", ")
    }
}

extension ServerError {
    /// Reads the fields of a failed result; nil if libpq made the result itself, because the
    /// connection was lost, which it tells by the lack of an SQLSTATE.
    /// - Parameter result: a `PGresult`, which stays the caller's.
    init?(of result: OpaquePointer) {
        // The letters are the PG_DIAG_… macros of postgres_ext.h, which Swift does not see.
        func field(_ code: Unicode.Scalar) -> String? {
            PQresultErrorField(result, CInt(code.value)).map { String(cString: $0) }
        }
        guard let sqlState = field("C") else { return nil }
        // A pooler's own errors may lack the severity that is never translated.
        self.init(
            sqlState: sqlState, severity: field("V") ?? field("S") ?? "ERROR",
            message: field("M") ?? "", constraint: field("n"), table: field("t"))
    }
}

extension PostgresError {
    /// Tells why `connection`, a `PGconn` that stays the caller's, is not connected.
    static func connectionFailed(of connection: OpaquePointer) -> PostgresError {
        var text = String(cString: PQerrorMessage(connection))
        if let password = PQpass(connection).map({ String(cString: $0) }), !password.isEmpty {
            text = text.split(separator: password, omittingEmptySubsequences: false)
                .joined(separator: "********")
        }
        let lines = text.split(whereSeparator: \.isNewline).map { line in
            String(line.drop(while: \.isWhitespace))
        }
        return .connectionFailed(lines.joined(separator: "; "))
    }
}
