/// What a `COPY … TO STDOUT` sends, in pieces that hold whole rows; good for the scope of
/// ``SessionConnection/copyOut(_:_:)`` and no longer.
///
/// Nothing is read from the server before somebody asks: a slow consumer holds the server up, and
/// at most one piece, one row and libpq's buffer are kept here. It is read once, by one task.
package struct CopyOutStream: AsyncSequence, Sendable {
    /// The octets of one row or more, in the format that the `COPY` names.
    package typealias Element = [UInt8]
    /// What ends the stream early.
    package typealias Failure = PostgresError

    /// Reads the stream.
    package struct AsyncIterator: AsyncIteratorProtocol {
        let stream: CopyOutStream

        /// The next piece; nil behind the last one.
        /// - Throws: ``PostgresError/server(_:)`` when the server gives up, before or after the
        ///   first piece; ``PostgresError/unexpectedResult(_:)`` if the text is no such command;
        ///   ``PostgresError/connectionLost``, ``PostgresError/timedOut(_:)``,
        ///   ``PostgresError/cancelled`` or ``PostgresError/closed``.
        package mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(PostgresError) -> [UInt8]? {
            try await stream.session.nextPiece(of: stream.number)
        }
    }

    let session: SessionConnection
    let number: Int

    /// Begins to read.
    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(stream: self) }

    /// How many rows were copied; nil before the end of the stream.
    package var rowCount: Int? {
        get async { await session.rowCount(of: number) }
    }
}
