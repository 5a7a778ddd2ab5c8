import CLibpq

/// The rows that a statement returned, in binary; cleared with the last reference, PQclear.
///
/// `@unchecked Sendable`: a `PGresult` is read-only once made, and libpq says that threads may
/// share such a one (PostgreSQL documentation, section 34.20).
package final class ResultSet: @unchecked Sendable {
    let result: OpaquePointer
    /// How many rows there are.
    package let rowCount: Int
    /// Whether each row is one value of type `record`, whose fields are its columns.
    let isOfRecords: Bool
    /// `record` in pg_type.
    private static let recordType: UInt32 = 2249

    /// Takes ownership of `result`, a `PGresult`.
    init(owning result: OpaquePointer) {
        self.result = result
        rowCount = Int(PQntuples(result))
        isOfRecords = PQnfields(result) == 1 && PQftype(result, 0) == Self.recordType
    }

    deinit { PQclear(result) }

    /// How many rows a command changed, from PQcmdTuples, which has it in decimal; 0 for a
    /// statement to which this does not apply.
    package var affectedCount: Int {
        guard var digit = PQcmdTuples(result) else { return 0 }
        var count = 0
        while digit.pointee != 0 {
            count = count &* 10 &+ Int(digit.pointee - CChar(bitPattern: UInt8(ascii: "0")))
            digit += 1
        }
        return count
    }

    /// Compares the columns' number and types with what the reader expects. Those of records are
    /// told with each of them, where ``Row`` compares them.
    ///
    /// - Throws: ``PostgresError/unexpectedResult(_:)``.
    func check(_ columns: [PostgresType]) throws(PostgresError) {
        let count = Int(PQnfields(result))
        guard count == 0 || PQbinaryTuples(result) == 1 else {
            throw .unexpectedResult("columns in text instead of binary")
        }
        if isOfRecords { return }
        guard count == columns.count else {
            throw .unexpectedResult("\(count) columns instead of \(columns.count)")
        }
        for index in 0..<count {
            let type = PQftype(result, CInt(truncatingIfNeeded: index))
            guard type == columns[index].rawValue else {
                throw .unexpectedResult("column \(index) has type \(type), not \(columns[index])")
            }
        }
    }

    /// The row at an index below ``rowCount``, of a statement with these columns.
    package func row(_ index: Int, _ columns: [PostgresType]) -> Row {
        Row(index, of: self, columns: columns)
    }
}
