import CLibpq
import Reactor

extension SessionConnection {
    /// Runs a `COPY … FROM STDIN` with the rows that `body` writes.
    ///
    /// `COPY` takes no parameters, so its text is a constant. All rows are stored or none: none if
    /// `body` throws or the task is cancelled. Cancelling closes the connection; after an error of
    /// `body` or the server it is as good as before.
    /// - Returns: How many rows were stored.
    /// - Throws: What `body` throws; ``PostgresError/server(_:)`` if the server refuses a row or
    ///   the text; ``PostgresError/unexpectedResult(_:)`` if the text is no such command;
    ///   ``PostgresError/outcomeUnknown`` if the connection was lost after the last row.
    package nonisolated func copyIn<Failure: DatabaseFailure>(
        _ sql: StaticString, _ body: (CopyInWriter) async throws(Failure) -> Void
    ) async throws(Failure) -> Int {
        let number: Int
        do throws(PostgresError) {
            number = try await beginCopyIn(sql.description)
        } catch {
            throw Failure(error)
        }
        do throws(Failure) {
            try await body(CopyInWriter(session: self, number: number))
        } catch {
            // The first error is the one to tell.
            _ = try? await endCopyIn(isComplete: false)
            throw error
        }
        do throws(PostgresError) {
            return try await endCopyIn(isComplete: true)
        } catch {
            throw Failure(error)
        }
    }

    private func beginCopyIn(_ sql: String) async throws(PostgresError) -> Int {
        let connection = try commandBegan(timeout: configuration.streamTimeout)
        let number = stream.began(in: .flowing)
        do throws(PostgresError) {
            guard PQsendQuery(connection, sql) == 1 else { throw ended(.connectionLost) }
            try await flush()
            guard let result = try await nextResult() else { throw ended(.connectionLost) }
            try await expect(PGRES_COPY_IN, result)
        } catch {
            stream.phase = .none
            throw error
        }
        return number
    }

    /// Sends octets; see ``CopyInWriter/write(_:)``.
    func write(_ octets: [UInt8], to number: Int) async throws(PostgresError) {
        switch try stream.phase(of: number) {
        case .flowing: break
        case .refused(let error): throw .server(error)
        case .none, .requested, .ending, .ended: throw .closed
        }
        var rest = octets[...]
        while !rest.isEmpty {
            guard !Task.isCancelled else { throw .cancelled }
            let part = rest.prefix(configuration.chunkBytesMax)
            rest = rest.dropFirst(part.count)
            try await send(part)
        }
    }

    private func send(_ part: ArraySlice<UInt8>) async throws(PostgresError) {
        let connection = try connection()
        let outcome = part.withUnsafeBytes { part in
            PQputCopyData(
                connection, part.baseAddress?.assumingMemoryBound(to: CChar.self),
                CInt(part.count))
        }
        guard outcome == 1 else { throw ended(.connectionLost) }
        unsentCount += part.count
        // Libpq's buffer takes whatever the socket does not, and would grow without end.
        guard unsentCount >= configuration.chunkBytesMax else { return }
        unsentCount = 0
        try await checkRefusal()
        try await flush { () throws(PostgresError) in try await checkRefusal() }
        // A server that is always ahead would have the loop to itself.
        await loop.yield()
    }

    /// Ends the command if the server has given up, and throws its error.
    ///
    /// While it takes rows the server says nothing, unless it has a notice or gives up. Until the
    /// end of the rows libpq keeps an error to itself, but it tells a notice: whatever else comes
    /// is taken for an error, unless more follows that makes it a notice.
    private func checkRefusal() async throws(PostgresError) {
        let hadInput = try hasInput()
        let noticeCount = notices.count
        try takeInput()
        guard hadInput else { return }
        try parseNotices()
        while notices.count == noticeCount {
            guard try await hasMoreInput(within: Self.noticeTimeout) else {
                return try await refuse()
            }
            try takeInput()
            try parseNotices()
        }
    }

    /// Longest wait for the rest of a notice; a server that has given up is asked after it.
    private static let noticeTimeout: Duration = .milliseconds(200)

    private func parseNotices() throws(PostgresError) {
        // Whoever asks for a notification has everything parsed.
        if let notification = PQnotifies(try connection()) { PQfreemem(notification) }
    }

    private func refuse() async throws(PostgresError) {
        do throws(PostgresError) {
            _ = try await endCopyIn(isComplete: false)
        } catch {
            if case .server(let refusal) = error { stream.phase = .refused(refusal) }
            throw error
        }
    }

    /// Ends the rows and waits for the server's last word.
    /// - Parameter isComplete: Whether anything is to be stored.
    /// - Returns: How many rows were stored.
    private func endCopyIn(isComplete: Bool) async throws(PostgresError) -> Int {
        let phase = stream.phase
        stream.phase = .none
        unsentCount = 0
        if case .refused(let refusal) = phase { throw .server(refusal) }
        let connection = try connection()
        guard !Task.isCancelled else { throw ended(.cancelled) }
        guard case .flowing = phase else { throw .closed }
        guard PQputCopyEnd(connection, isComplete ? nil : "the rows are incomplete") == 1 else {
            throw ended(.connectionLost)
        }
        do throws(PostgresError) {
            try await flush()
            return try await lastResult().affectedCount
        } catch {
            if case .server = error { throw error }
            throw isComplete ? .outcomeUnknown : error
        }
    }
}
