import Ambient
import CLibpq
import Glibc
import Reactor

/// The first question on a new connection, which settles the session, proves the server and finds
/// out whether a pooler is in between.
///
/// The settings could be startup parameters, but a pooler refuses those that it does not know. And
/// a pooler takes connections while the server behind it is away: only an answer shows that there
/// is one.
struct Greeting: Sendable {
    /// One query of the simple protocol.
    let sql: String
    /// Longest wait for the answer.
    let timeout: Duration

    init(settings: [SessionSetting], timeout: Duration) {
        let commands = settings.map(\.sql) + ["SELECT pg_backend_pid()"]
        sql = commands.joined(separator: "; ")
        self.timeout = timeout
    }

    /// Sends it and waits for the answer; blocks.
    /// - Parameter connection: a `PGconn` that is non-blocking, idle and in no pipeline.
    /// - Returns: The number of the server's process that has answered.
    /// - Throws: ``PostgresError/timedOut(_:)`` or ``PostgresError/connectionFailed(_:)``.
    func exchange(on connection: OpaquePointer) throws(PostgresError) -> CInt? {
        var process: CInt?
        let deadline = MonotonicTime.now + timeout
        guard PQsendQuery(connection, sql) == 1 else { throw .connectionFailed(of: connection) }
        while PQflush(connection) == 1 {
            try wait(for: CInt(POLLIN | POLLOUT), on: connection, until: deadline)
        }
        while true {
            while PQisBusy(connection) == 1 {
                try wait(for: CInt(POLLIN), on: connection, until: deadline)
            }
            guard let result = PQgetResult(connection) else { return process }
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_COMMAND_OK: continue
            case PGRES_TUPLES_OK: process = CInt(String(cString: PQgetvalue(result, 0, 0)))
            default: throw .connectionFailed(of: connection)
            }
        }
    }

    /// Waits until the socket is ready for one of `events` of poll(2), and reads what has come.
    private func wait(
        for events: CInt, on connection: OpaquePointer, until deadline: MonotonicTime
    ) throws(PostgresError) {
        guard deadline > .now, PQsocket(connection).isReady(for: events, until: deadline) else {
            throw .timedOut(.connect)
        }
        guard PQconsumeInput(connection) == 1 else { throw .connectionFailed(of: connection) }
    }
}
