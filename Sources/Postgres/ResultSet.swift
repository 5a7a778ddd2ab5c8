import CLibpq

/// The rows that a statement returned, in binary; cleared with the last reference, PQclear.
///
/// `@unchecked Sendable`: a `PGresult` is read-only once made, and libpq says that threads may
/// share such a one (PostgreSQL documentation, section 34.20).
package final class ResultSet: @unchecked Sendable {
    let result: OpaquePointer
    /// How many rows there are.
    package let rowCount: Int

    /// Takes ownership of `result`, a `PGresult`.
    init(owning result: OpaquePointer) {
        self.result = result
        rowCount = Int(PQntuples(result))
    }

    deinit { PQclear(result) }

    /// The row at `index`, from 0.
    package subscript(index: Int) -> Row {
        precondition(index >= 0 && index < rowCount, "No row \(index) of \(rowCount).")
        return Row(set: self, index: CInt(index))
    }

    /// How many rows a command changed; PQcmdTuples.
    package var affectedCount: Int { Int(String(cString: PQcmdTuples(result))) ?? 0 }

    /// Compares the columns' number and types with what the reader expects.
    func check(_ columns: [PostgresType]) throws(PostgresError) {
        let count = Int(PQnfields(result))
        guard count == columns.count else {
            throw .unexpectedResult("\(count) columns instead of \(columns.count)")
        }
        for (index, column) in columns.enumerated() {
            let type = PQftype(result, CInt(index))
            guard type == column.rawValue, PQfformat(result, CInt(index)) == 1 else {
                throw .unexpectedResult("column \(index) has type \(type), not \(column)")
            }
        }
    }
}
