import CLibpq

/// One row of a result, read column by column from the first to the last.
///
/// Each reader takes the next column, which must have been declared with the reader's type, and
/// throws ``PostgresError/unexpectedResult(_:)`` if it was not, if the value is NULL or if it is
/// none that the Swift type can hold.
///
/// The columns may come as one record, `SELECT ROW(…)`: libpq then has one value to take apart
/// for each row, and the server one column to describe, instead of seventeen for a user.
package struct Row {
    private let set: ResultSet
    private let columns: [PostgresType]
    private let index: CInt
    private var column = 0
    /// The row, if it comes as one record.
    private var record: RecordReader?

    /// A row of `set`, which has as many at least.
    init(_ index: Int, of set: ResultSet, columns: [PostgresType]) {
        precondition(0..<set.rowCount ~= index, "There is no row \(index) of \(set.rowCount).")
        self.set = set
        self.columns = columns
        self.index = CInt(truncatingIfNeeded: index)
        if set.isOfRecords {
            record = value(0).flatMap { RecordReader($0, fieldCount: columns.count) }
        }
    }

    /// Checks that every column has been read.
    /// - Throws: ``PostgresError/unexpectedResult(_:)``.
    package func checkEnd() throws(PostgresError) {
        guard column == columns.count, record?.isAtEnd ?? true else {
            throw .unexpectedResult("\(column) of \(columns.count) columns were read")
        }
    }

    /// Moves past the next column if it holds exactly `value`, and says whether it does; for a
    /// value that is so common that its reader keeps it ready.
    package mutating func skip(_ value: BinaryConstant) throws(PostgresError) -> Bool {
        let start = record?.position
        let octets = try next(value.type)
        let isSame = octets.map { value.octets.withUnsafeBytes($0.equals) } ?? false
        if !isSame {
            column -= 1
            if let start { record?.goBack(to: start) }
        }
        return isSame
    }

    /// Reads the next column.
    mutating func read<Value>(
        _ type: PostgresType, _ decode: (BinaryValue) -> Value?
    ) throws(PostgresError) -> Value {
        guard let octets = try next(type) else { throw unreadable("NULL") }
        guard let value = decode(octets) else { throw unreadable("no readable \(type)") }
        return value
    }

    /// Reads the next column, which may be NULL.
    mutating func readOptional<Value>(
        _ type: PostgresType, _ decode: (BinaryValue) -> Value?
    ) throws(PostgresError) -> Value? {
        guard let octets = try next(type) else { return nil }
        guard let value = decode(octets) else { throw unreadable("no readable \(type)") }
        return value
    }

    /// Takes the next column's octets; nil for NULL. They are good as long as `set` lives, which
    /// `self` holds.
    private mutating func next(_ type: PostgresType) throws(PostgresError) -> BinaryValue? {
        guard column < columns.count, columns[column] == type else {
            throw .unexpectedResult("column \(column) was not declared as \(type)")
        }
        column += 1
        guard set.isOfRecords else { return value(CInt(truncatingIfNeeded: column - 1)) }
        switch record?.next(type) ?? .unreadable {
        case .value(let value): return value
        case .null: return nil
        case .unreadable: throw unreadable("no field of type \(type)")
        }
    }

    /// The octets of a column of the result; nil for NULL.
    private func value(_ column: CInt) -> BinaryValue? {
        let count = PQgetlength(set.result, index, column)
        // NULL has no length, as the empty text has none, so that only then it makes a difference.
        if count == 0, PQgetisnull(set.result, index, column) == 1 { return nil }
        let start = PQgetvalue(set.result, index, column)
        return BinaryValue(octets: UnsafeRawBufferPointer(start: start, count: Int(count)))
    }

    /// The error of the column that was taken last.
    private func unreadable(_ what: String) -> PostgresError {
        .unexpectedResult("column \(column - 1) is \(what)")
    }
}
