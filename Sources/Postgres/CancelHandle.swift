import CLibpq

/// What it takes to cancel what a connection runs, from any thread; PQgetCancel.
///
/// `@unchecked Sendable`: the `PGcancel` is a copy of the connection's address and key, which is
/// read-only once made, and PQcancel is safe to call from any thread (PostgreSQL documentation,
/// section 34.7).
final class CancelHandle: @unchecked Sendable {
    private let cancel: OpaquePointer

    /// Makes the handle; nil if the connection is not open.
    /// - Parameter connection: a `PGconn`, which may be finished before this handle.
    init?(of connection: OpaquePointer) {
        guard let cancel = PQgetCancel(connection) else { return nil }
        self.cancel = cancel
    }

    deinit { PQfreeCancel(cancel) }

    /// Asks the server to cancel whatever the connection runs now. Blocks: it connects, and waits
    /// until the server has passed the request on.
    /// - Returns: Whether the server was reached; whether there was something to cancel it does not
    ///   say.
    func send() -> Bool {
        // What libpq says of a failure is of no use to anybody: the statement's deadline follows.
        var message = [CChar](repeating: 0, count: 256)
        return PQcancel(cancel, &message, CInt(message.count)) == 1
    }
}
