/// A statement with typed values: its text, how an `Input` becomes its parameters, and how a row
/// of its result becomes an `Output`.
///
/// Meant to be a static constant beside the function that runs it. `decode` reads every column of
/// a row once, in order; ``Row`` compares each with the columns that are declared here, and these
/// are compared with the server's, so that the three cannot drift apart unnoticed.
package struct Statement<Input: Sendable, Output: Sendable>: Sendable {
    /// Appends an input's parameters, in the order of `$1`, `$2`, …
    package typealias Encoding =
        @Sendable (Input, inout Parameters) throws(PostgresError) -> Void
    /// Reads one row.
    package typealias Decoding = @Sendable (inout Row) throws(PostgresError) -> Output

    /// What the server is told of it.
    package let text: StatementText
    private let octetCount: Int
    private let encode: Encoding
    private let decode: Decoding

    /// Makes a statement that returns rows; each call makes a different one, so it belongs in a
    /// constant.
    /// - Parameters:
    ///   - name: What metrics and logs call it, such as `users_by_id`.
    ///   - batched: Another text for the same write, with the same parameters and columns, for a
    ///     transaction that it may share with others; nil if it is always one by itself. Where it
    ///     would wait for a lock, or might meet what others have written, it must change no row
    ///     instead. Whenever it changes none, and when its transaction is rolled back for
    ///     anybody's error, the statement is run alone.
    ///   - columns: The columns of its result, in order.
    ///   - octetCount: Room to reserve for its parameters: their octets, and eight for each.
    package init(
        _ name: StaticString, _ kind: StatementKind, _ sql: String, batched: String? = nil,
        columns: [PostgresType], octetCount: Int = 64, encode: @escaping Encoding,
        decode: @escaping Decoding
    ) {
        text = StatementText(name, kind, sql, batched: batched, columns: columns)
        self.octetCount = octetCount
        self.encode = encode
        self.decode = decode
    }

    /// The parameters that `input` makes.
    /// - Throws: ``PostgresError/invalidParameter(_:)`` if a value cannot be sent.
    package func parameters(_ input: Input) throws(PostgresError) -> Parameters {
        var parameters = Parameters(capacity: octetCount)
        try encode(input, &parameters)
        return parameters
    }

    /// All rows of a result of this statement.
    /// - Throws: ``PostgresError/unexpectedResult(_:)`` for a value that is none of its type, a
    ///   NULL where none may be, or a row that was not read to its end.
    package func rows(of result: ResultSet) throws(PostgresError) -> [Output] {
        var outputs: [Output] = []
        outputs.reserveCapacity(result.rowCount)
        for index in 0..<result.rowCount { outputs.append(try output(of: result, at: index)) }
        return outputs
    }

    /// The only row of a result of this statement; nil if it has none.
    /// - Throws: ``PostgresError/unexpectedResult(_:)`` for more than one row, and as
    ///   ``rows(of:)`` does.
    package func row(of result: ResultSet) throws(PostgresError) -> Output? {
        guard result.rowCount > 0 else { return nil }
        guard result.rowCount == 1 else {
            throw .unexpectedResult("\(text.name) returned \(result.rowCount) rows, not one")
        }
        return try output(of: result, at: 0)
    }

    private func output(of result: ResultSet, at index: Int) throws(PostgresError) -> Output {
        var row = result.row(index, text.columns)
        let output = try decode(&row)
        try row.checkEnd()
        return output
    }
}

extension Statement where Output == Never {
    /// Makes a command, which returns no rows; each call makes a different one, so it belongs in a
    /// constant.
    package init(
        _ name: StaticString, _ kind: StatementKind, _ sql: String, batched: String? = nil,
        octetCount: Int = 64, encode: @escaping Encoding
    ) {
        self.init(
            name, kind, sql, batched: batched, columns: [], octetCount: octetCount, encode: encode,
            decode: { _ throws(PostgresError) in
                throw .unexpectedResult("a row of a command, which returns none")
            })
    }
}

extension Statement where Input == Void {
    /// Makes a statement without parameters that returns rows; each call makes a different one, so
    /// it belongs in a constant.
    package init(
        _ name: StaticString, _ kind: StatementKind, _ sql: String, columns: [PostgresType],
        decode: @escaping Decoding
    ) {
        self.init(
            name, kind, sql, columns: columns, octetCount: 0, encode: { _, _ in }, decode: decode)
    }
}
