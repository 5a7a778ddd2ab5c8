/// The rows of a large result, a few at a time; good for the scope of
/// ``SessionConnection/streaming(_:_:_:)`` and no longer.
///
/// Nothing is read from the server before somebody asks: a slow consumer holds the server up, and
/// at most a few rows and libpq's buffer are kept here. It is read once, by one task.
package struct RowStream<Element: Sendable>: AsyncSequence, Sendable {
    /// What ends the stream early.
    package typealias Failure = PostgresError

    /// Reads the stream.
    package struct AsyncIterator: AsyncIteratorProtocol {
        let stream: RowStream
        private var rows: ArraySlice<Element> = []

        init(stream: RowStream) { self.stream = stream }

        /// What the next row holds; nil behind the last one.
        /// - Throws: ``PostgresError/server(_:)`` when the server gives up, before or after the
        ///   first row; ``PostgresError/unexpectedResult(_:)`` if the columns are not those that
        ///   the statement declares; ``PostgresError/connectionLost``,
        ///   ``PostgresError/timedOut(_:)``, ``PostgresError/cancelled`` or
        ///   ``PostgresError/closed``; what decoding throws.
        package mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(PostgresError) -> Element? {
            if rows.isEmpty {
                rows = try await stream.session.nextRows(of: stream.number, stream.decode)[...]
            }
            return rows.popFirst()
        }
    }

    let session: SessionConnection
    let number: Int
    let decode: @Sendable (ResultSet) throws(PostgresError) -> Element

    /// Begins to read.
    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(stream: self) }
}
