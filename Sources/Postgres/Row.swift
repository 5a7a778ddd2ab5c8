package import Ambient
import CLibpq

/// One row of a result; columns are read by position, from 0, with the type that the statement
/// declared.
///
/// A reader that asks for a NULL, or for another type than the wire's length allows, gets
/// ``PostgresError/unexpectedResult(_:)``.
package struct Row {
    let set: ResultSet
    let index: CInt

    /// Whether column `column` is NULL.
    package func isNull(_ column: Int) -> Bool {
        PQgetisnull(set.result, index, CInt(column)) == 1
    }

    /// A `uuid`.
    package func uuid(_ column: Int) throws(PostgresError) -> UUID {
        let octets = try value(column, length: 16)
        return UUID(high: octets.bigEndian(at: 0), low: octets.bigEndian(at: 8))
    }

    /// A `boolean`.
    package func bool(_ column: Int) throws(PostgresError) -> Bool {
        try value(column, length: 1)[0] != 0
    }

    /// A `bigint`.
    package func int64(_ column: Int) throws(PostgresError) -> Int64 {
        Int64(bitPattern: try value(column, length: 8).bigEndian(at: 0))
    }

    /// A `timestamptz`; one that is infinite or before 292,000 BC is refused.
    package func timestamp(_ column: Int) throws(PostgresError) -> Timestamp {
        let sum = try int64(column).addingReportingOverflow(postgresEpoch)
        guard !sum.overflow else { throw .unexpectedResult("column \(column) is infinite") }
        return Timestamp(microsecondsSince1970: sum.partialValue)
    }

    /// A `timestamptz` or NULL.
    package func optionalTimestamp(_ column: Int) throws(PostgresError) -> Timestamp? {
        isNull(column) ? nil : try timestamp(column)
    }

    /// A `text`.
    package func text(_ column: Int) throws(PostgresError) -> String {
        String(decoding: try value(column), as: UTF8.self)
    }

    /// A `text` or NULL.
    package func optionalText(_ column: Int) throws(PostgresError) -> String? {
        isNull(column) ? nil : try text(column)
    }

    /// The JSON text of a `jsonb`, in UTF-8.
    package func jsonb(_ column: Int) throws(PostgresError) -> [UInt8] {
        let octets = try value(column)
        guard octets.first == 1 else { throw .unexpectedResult("jsonb of another version") }
        return [UInt8](octets.dropFirst())
    }

    /// A `text[]` of at most one dimension and without NULLs.
    package func texts(_ column: Int) throws(PostgresError) -> [String] {
        let octets = try value(column)
        guard octets.count >= 12 else { throw malformed(column) }
        let dimensions: UInt32 = octets.bigEndian(at: 0)
        guard dimensions > 0 else { return [] }
        guard dimensions == 1, octets.count >= 20 else { throw malformed(column) }
        let count: UInt32 = octets.bigEndian(at: 12)
        var texts: [String] = []
        var position = 20
        for _ in 0..<count {
            guard octets.count - position >= 4 else { throw malformed(column) }
            let length = Int(octets.bigEndian(at: position) as UInt32)
            position += 4
            guard octets.count - position >= length else { throw malformed(column) }
            texts.append(
                String(decoding: octets[position..<position + length], as: UTF8.self))
            position += length
        }
        return texts
    }

    private func value(
        _ column: Int, length: Int? = nil
    ) throws(PostgresError) -> UnsafeRawBufferPointer {
        // The pointer is good as long as `set` lives, which `self` holds.
        let actual = Int(PQgetlength(set.result, index, CInt(column)))
        guard let start = PQgetvalue(set.result, index, CInt(column)), !isNull(column),
            length == nil || length == actual
        else { throw malformed(column) }
        return UnsafeRawBufferPointer(start: start, count: actual)
    }

    private func malformed(_ column: Int) -> PostgresError {
        .unexpectedResult("column \(column) is NULL or malformed")
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func bigEndian<Value: FixedWidthInteger>(at offset: Int) -> Value {
        Value(bigEndian: loadUnaligned(fromByteOffset: offset, as: Value.self))
    }
}
