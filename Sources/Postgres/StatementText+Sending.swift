import CLibpq

extension StatementText {
    /// Puts the statement into libpq's buffer, to be parsed for this run alone; PQsendQueryParams.
    /// - Returns: false when libpq refuses it, which it does on a lost connection.
    func sendUnprepared(_ parameters: Parameters, on connection: OpaquePointer) -> Bool {
        parameters.withTypes { _, types in
            parameters.withPointers { count, values, lengths, formats in
                PQsendQueryParams(connection, sql, count, types, values, lengths, formats, 1)
            }
        } == 1
    }
}
