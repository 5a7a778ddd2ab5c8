import CLibpq
import Reactor

extension SessionConnection {
    /// Runs a `COPY … TO STDOUT` and lends `body` what it sends.
    ///
    /// `COPY` takes no parameters, so its text is a constant. Nothing is sent before `body` asks
    /// for the first piece. If `body` leaves before the end, the command is cancelled and the
    /// connection closed; after the end, and after an error of the server, it is as good as before.
    /// - Throws: What `body` throws; errors of the database reach it through the stream.
    package nonisolated func copyOut<Value, Failure: Error>(
        _ sql: StaticString, _ body: (CopyOutStream) async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        try await withStream(.copyOut(sql.description)) { number throws(Failure) in
            try await body(CopyOutStream(session: self, number: number))
        }
    }

    /// The next piece of a copy; nil behind the last one.
    func nextPiece(of number: Int) async throws(PostgresError) -> [UInt8]? {
        switch try stream.phase(of: number) {
        case .requested(.copyOut(let sql)):
            try await beginCopyOut(sql)
            return try await readPiece()
        case .requested(.rows): preconditionFailure("A stream of rows has no pieces.")
        case .flowing:
            // A server that is always ahead would have the loop to itself.
            await loop.yield()
            return try await readPiece()
        case .ending, .refused: return try await endCopyOut()
        case .ended, .none: return nil
        }
    }

    private func beginCopyOut(_ sql: String) async throws(PostgresError) {
        let connection = try commandBegan(timeout: configuration.streamTimeout)
        stream.phase = .flowing
        guard PQsendQuery(connection, sql) == 1 else { throw ended(.connectionLost) }
        try await flush()
        guard let result = try await nextResult() else { throw ended(.connectionLost) }
        try await expect(PGRES_COPY_OUT, result)
    }

    /// Checks that the server has begun to copy in the direction that `status` stands for; if it
    /// has not, the command ends here.
    func expect(_ status: ExecStatusType, _ first: ResultSet) async throws(PostgresError) {
        let actual = PQresultStatus(first.result)
        guard actual != status else { return }
        stream.phase = .ended
        let error: PostgresError
        switch actual {
        case PGRES_FATAL_ERROR: error = .server(try serverError(of: first))
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
            throw ended(.unexpectedResult("a COPY in the other direction"))
        default: error = .unexpectedResult("no COPY")
        }
        try await skipResults()
        throw error
    }

    private func readPiece() async throws(PostgresError) -> [UInt8]? {
        var piece: [UInt8] = []
        while piece.count < configuration.chunkBytesMax {
            var row: UnsafeMutablePointer<CChar>?
            let count = PQgetCopyData(try connection(), &row, 1)
            if let row, count > 0 {
                piece.append(contentsOf: UnsafeRawBufferPointer(start: row, count: Int(count)))
                PQfreemem(row)
            } else if count == 0 {
                // What there is goes first: the consumer works while the server does.
                guard piece.isEmpty else { break }
                try await receive()
            } else {
                guard count == -1 else { throw ended(.connectionLost) }
                stream.phase = .ending
                return piece.isEmpty ? try await endCopyOut() : piece
            }
        }
        return piece
    }

    /// Takes the server's last word, which may be an error.
    private func endCopyOut() async throws(PostgresError) -> [UInt8]? {
        defer { stream.phase = .ended }
        stream.rowCount = try await lastResult().affectedCount
        return nil
    }
}
