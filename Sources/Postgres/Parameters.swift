package import Ambient

/// The values of a statement's `$1`, `$2`, … in PostgreSQL's binary formats, in order.
///
/// An optional value that is nil becomes NULL. A value that the server could not take is refused
/// with ``PostgresError/invalidParameter(_:)``, and then the list is of no use any more.
package struct Parameters: Sendable {
    /// The most parameters of one statement: the Bind message counts them in 16 bits.
    package static let countMax = 65_535
    /// The most octets of all values together: the server ends a session that sends it a message of
    /// 1 GiB (PQ_LARGE_MESSAGE_LIMIT), which has to hold some octets beside the values.
    package static let octetCountMax = (1 << 30) - (1 << 20)

    /// For each value its type's object identifier in four octets, then its length in four, -1 for
    /// NULL, then the value.
    private(set) var octets: [UInt8] = []
    private(set) var count = 0

    /// Makes an empty list with room for `capacity` octets; each parameter takes eight beside those
    /// of its value.
    package init(capacity: Int = 64) { octets.reserveCapacity(capacity) }

    /// Appends a `uuid`.
    package mutating func append(_ value: UUID?) throws(PostgresError) {
        guard let value else { return try appendNull(.uuid) }
        try begin(.uuid, 16)
        octets.append(value)
    }

    /// Appends a `boolean`.
    package mutating func append(_ value: Bool?) throws(PostgresError) {
        guard let value else { return try appendNull(.bool) }
        try begin(.bool, 1)
        octets.append(value ? 1 : 0)
    }

    /// Appends a `smallint`.
    package mutating func append(_ value: Int16?) throws(PostgresError) {
        try append(.int2, value)
    }

    /// Appends an `integer`.
    package mutating func append(_ value: Int32?) throws(PostgresError) {
        try append(.int4, value)
    }

    /// Appends a `bigint`.
    package mutating func append(_ value: Int64?) throws(PostgresError) {
        try append(.int8, value)
    }

    /// Appends a `double precision`.
    package mutating func append(_ value: Double?) throws(PostgresError) {
        try append(.float8, value?.bitPattern)
    }

    /// Appends a `timestamptz`; one before 4714-11-24 BC, the least that PostgreSQL keeps, is
    /// refused.
    package mutating func append(_ value: Timestamp?) throws(PostgresError) {
        guard let value else { return try appendNull(.timestamptz) }
        let (time, overflow) = value.microsecondsSince1970.subtractingReportingOverflow(
            postgresEpoch)
        guard !overflow, time >= leastTimestamp else {
            throw refusal("a timestamptz out of range")
        }
        try append(.timestamptz, time)
    }

    /// Appends a `text`; one with U+0000, which PostgreSQL cannot keep, is refused.
    package mutating func append(_ value: String?) throws(PostgresError) {
        guard let value else { return try appendNull(.text) }
        try begin(.text, value.utf8.count)
        try append(utf8: value)
    }

    /// Appends a `bytea`.
    package mutating func append(bytea value: [UInt8]?) throws(PostgresError) {
        guard let value else { return try appendNull(.bytea) }
        try begin(.bytea, value.count)
        octets.append(contentsOf: value)
    }

    /// Appends a `jsonb` from JSON text in UTF-8; whether it is one, the server checks.
    package mutating func append(jsonb text: [UInt8]?) throws(PostgresError) {
        guard let text else { return try appendNull(.jsonb) }
        try begin(.jsonb, text.count + 1)
        octets.append(1)  // the format's version
        octets.append(contentsOf: text)
    }

    /// Appends a `text[]`; one with U+0000 in it is refused.
    package mutating func append(_ values: [String]?) throws(PostgresError) {
        guard let values else { return try appendNull(.textArray) }
        try append(texts: values) { $0 }
    }

    /// Appends a `text[]` of what `text` makes of each value.
    package mutating func append<Value>(
        texts values: [Value], _ text: (Value) -> String
    ) throws(PostgresError) {
        let length = values.reduce(0) { $0 + 4 + text($1).utf8.count }
        try beginArray(.textArray, of: .text, count: values.count, length: length)
        for value in values {
            let text = text(value)
            octets.append(bigEndian: UInt32(text.utf8.count))
            try append(utf8: text)
        }
    }

    /// Appends a `uuid[]`.
    package mutating func append(_ values: [UUID]?) throws(PostgresError) {
        guard let values else { return try appendNull(.uuidArray) }
        try beginArray(.uuidArray, of: .uuid, count: values.count, length: 20 * values.count)
        for value in values {
            octets.append(bigEndian: 16 as UInt32)
            octets.append(value)
        }
    }

    private mutating func append<Value: FixedWidthInteger>(
        _ type: PostgresType, _ value: Value?
    ) throws(PostgresError) {
        guard let value else { return try appendNull(type) }
        try begin(type, MemoryLayout<Value>.size)
        octets.append(bigEndian: value)
    }

    private mutating func append(utf8 text: String) throws(PostgresError) {
        var text = text
        let hasZero = text.withUTF8 { utf8 in
            octets.append(contentsOf: utf8)
            return utf8.contains(0)
        }
        if hasZero { throw refusal("a text with U+0000") }
    }

    /// Begins a `type` of one dimension, or of none if it is empty, without NULLs.
    private mutating func beginArray(
        _ type: PostgresType, of elementType: PostgresType, count: Int, length: Int
    ) throws(PostgresError) {
        try begin(type, count == 0 ? 12 : 20 + length)
        octets.append(bigEndian: count == 0 ? 0 : 1 as UInt32)  // dimensions
        octets.append(bigEndian: 0 as UInt32)  // no NULLs
        octets.append(bigEndian: elementType.rawValue)
        guard count > 0 else { return }
        octets.append(bigEndian: UInt32(count))
        octets.append(bigEndian: 1 as UInt32)  // the first subscript
    }

    private mutating func appendNull(_ type: PostgresType) throws(PostgresError) {
        try countIn(0)
        octets.append(bigEndian: UInt64(type.rawValue) << 32 | UInt64(UInt32.max))
    }

    /// Begins a value of `length` octets, which are to follow.
    mutating func begin(_ type: PostgresType, _ length: Int) throws(PostgresError) {
        try countIn(length)
        // Both together, since an appending costs more than what it appends.
        octets.append(bigEndian: UInt64(type.rawValue) << 32 | UInt64(length))
    }

    private mutating func countIn(_ length: Int) throws(PostgresError) {
        guard count < Self.countMax else {
            throw .invalidParameter("more than \(Self.countMax) parameters")
        }
        count += 1
        guard length <= Self.octetCountMax - octets.count else {
            throw refusal("\(length) octets more than the server takes")
        }
    }

    private func refusal(_ what: String) -> PostgresError {
        .invalidParameter("$\(count) is \(what)")
    }
}

/// 2000-01-01T00:00:00Z, from which PostgreSQL counts, in microseconds since 1970-01-01.
let postgresEpoch: Int64 = 946_684_800_000_000

/// The least time that PostgreSQL keeps, in microseconds since 2000-01-01 (MIN_TIMESTAMP of its
/// datatype/timestamp.h). The greatest, in 294276 AD, is beyond what a `Timestamp` holds.
private let leastTimestamp: Int64 = -211_813_488_000_000_000

extension [UInt8] {
    fileprivate mutating func append<Value: FixedWidthInteger>(bigEndian value: Value) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }

    fileprivate mutating func append(_ value: UUID) {
        append(bigEndian: value.high)
        append(bigEndian: value.low)
    }
}
