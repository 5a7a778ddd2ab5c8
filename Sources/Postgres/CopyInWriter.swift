/// Where a `COPY … FROM STDIN` takes its rows from; good for the scope of
/// ``SessionConnection/copyIn(_:_:)`` and no longer.
package struct CopyInWriter: Sendable {
    let session: SessionConnection
    let number: Int

    /// Sends octets in the format that the `COPY` names, cut anywhere; pieces of some KiB cost
    /// least. It returns when the server has room for more, so little is ever kept here.
    /// - Throws: ``PostgresError/server(_:)`` as soon as it is noticed that the server has refused
    ///   something, which may be long after it was sent; ``PostgresError/connectionLost``,
    ///   ``PostgresError/timedOut(_:)``, ``PostgresError/cancelled`` or ``PostgresError/closed``.
    ///   Nothing will have been stored.
    package func write(_ octets: [UInt8]) async throws(PostgresError) {
        try await session.write(octets, to: number)
    }
}
