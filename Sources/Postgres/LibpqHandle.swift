import CLibpq
import Reactor

/// One `PGconn`, finished with the last reference; PQfinish.
///
/// `@unchecked Sendable`: made on a thread of the connecting pool, then handed to one
/// ``PostgresConnection``, whose loop's thread is the only one to use it from then on.
final class LibpqHandle: @unchecked Sendable {
    let connection: OpaquePointer
    /// A pooler is in between: the server's process is not the one that the startup has named.
    /// It has a value from the beginning: an object that is not whole is not finished when its
    /// making fails, and its connection would stay open.
    private(set) var isPooled = false

    /// Connects as ``init(connecting:greeting:isPipelined:)`` does, on a thread that may block.
    /// - Returns: The connection, or why there is none; ``PostgresError/overloaded`` when `threads`
    ///   take no more work.
    static func open(
        _ keywords: [(name: String, value: String)], greeting: Greeting, isPipelined: Bool,
        on threads: OffloadPool
    ) async -> Result<LibpqHandle, PostgresError> {
        do {
            return try await threads.run {
                do throws(PostgresError) {
                    return .success(
                        try LibpqHandle(
                            connecting: keywords, greeting: greeting, isPipelined: isPipelined))
                } catch {
                    return .failure(error)
                }
            }
        } catch {
            return .failure(.overloaded)
        }
    }

    /// Connects and turns the connection into a non-blocking pipeline. Blocks: for name resolution,
    /// for each address at most for `connect_timeout`, and for the greeting's time.
    /// - Parameter isPipelined: false for a connection that is non-blocking and in no pipeline.
    init(
        connecting keywords: [(name: String, value: String)], greeting: Greeting,
        isPipelined: Bool = true
    ) throws(PostgresError) {
        guard let connection = Self.connect(keywords) else {
            throw .connectionFailed("out of memory")
        }
        self.connection = connection
        guard PQstatus(connection) == CONNECTION_OK else {
            throw .connectionFailed(of: connection)
        }
        PQsetNoticeReceiver(connection, { _, _ in }, nil)
        guard PQsetnonblocking(connection, 1) == 0 else { throw .connectionFailed(of: connection) }
        isPooled = try greeting.exchange(on: connection) != PQbackendPID(connection)
        guard !isPipelined || PQenterPipelineMode(connection) == 1 else {
            throw .connectionFailed(of: connection)
        }
    }

    deinit { PQfinish(connection) }

    /// Opens a connection, which blocks the thread; nil without memory. PQconnectdbParams.
    static func connect(_ keywords: [(name: String, value: String)]) -> OpaquePointer? {
        let names = CStringArray(keywords.map(\.name))
        let values = CStringArray(keywords.map(\.value))
        return names.withPointers { names in
            values.withPointers { values in PQconnectdbParams(names, values, 0) }
        }
    }
}

extension Duration {
    /// The value of `connect_timeout`: whole seconds, rounded up. To libpq zero is no timeout.
    var connectTimeoutText: String { String(max(1, Int((self / .seconds(1)).rounded(.up)))) }
}
