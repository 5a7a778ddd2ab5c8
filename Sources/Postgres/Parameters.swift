package import Ambient

/// The values of a statement's `$1`, `$2`, … in PostgreSQL's binary formats, in order.
///
/// Kept as the Bind message has them (PostgreSQL documentation, section 55.7): for each a length
/// in four octets, -1 for NULL, then the value.
package struct Parameters: Sendable {
    private(set) var octets: [UInt8] = []
    private(set) var count = 0

    /// Makes an empty list with room for `capacity` octets.
    package init(capacity: Int = 64) { octets.reserveCapacity(capacity) }

    /// Appends NULL.
    package mutating func appendNull() {
        count += 1
        octets.appendBigEndian(UInt32.max)
    }

    /// Appends a `uuid`: 16 octets.
    package mutating func append(_ value: UUID) {
        begin(16)
        octets.appendBigEndian(value.high)
        octets.appendBigEndian(value.low)
    }

    /// Appends a `boolean`.
    package mutating func append(_ value: Bool) {
        begin(1)
        octets.append(value ? 1 : 0)
    }

    /// Appends a `bigint`.
    package mutating func append(_ value: Int64) {
        begin(8)
        octets.appendBigEndian(UInt64(bitPattern: value))
    }

    /// Appends a `bigint` or NULL.
    package mutating func append(_ value: Int64?) {
        if let value { append(value) } else { appendNull() }
    }

    /// Appends a `timestamptz`: microseconds since 2000-01-01.
    package mutating func append(_ value: Timestamp) {
        append(value.microsecondsSince1970 - postgresEpoch)
    }

    /// Appends a `timestamptz` or NULL.
    package mutating func append(_ value: Timestamp?) {
        if let value { append(value) } else { appendNull() }
    }

    /// Appends a `text`, which must not hold U+0000.
    package mutating func append(_ value: String?) {
        guard var value else { return appendNull() }
        value.withUTF8 { utf8 in
            begin(utf8.count)
            octets.append(contentsOf: utf8)
        }
    }

    /// Appends a `jsonb` from JSON text in UTF-8, behind its format's version octet, 1.
    package mutating func append(jsonb text: [UInt8]) {
        begin(text.count + 1)
        octets.append(1)
        octets.append(contentsOf: text)
    }

    /// Appends a `text[]` of one dimension and without NULLs.
    package mutating func append(_ values: [String]) {
        begin(values.reduce(values.isEmpty ? 12 : 20) { $0 + 4 + $1.utf8.count })
        octets.appendBigEndian(UInt32(values.isEmpty ? 0 : 1))  // dimensions
        octets.appendBigEndian(UInt32(0))  // no NULLs
        octets.appendBigEndian(PostgresType.text.rawValue)
        guard !values.isEmpty else { return }
        octets.appendBigEndian(UInt32(values.count))
        octets.appendBigEndian(UInt32(1))  // lower bound
        for value in values {
            octets.appendBigEndian(UInt32(value.utf8.count))
            octets.append(contentsOf: value.utf8)
        }
    }

    private mutating func begin(_ length: Int) {
        count += 1
        octets.appendBigEndian(UInt32(length))
    }
}

/// 2000-01-01T00:00:00Z, from which PostgreSQL counts, in microseconds since 1970-01-01.
let postgresEpoch: Int64 = 946_684_800_000_000

extension [UInt8] {
    fileprivate mutating func appendBigEndian(_ value: UInt32) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }

    fileprivate mutating func appendBigEndian(_ value: UInt64) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}

extension Parameters {
    /// Hands out the values in the form that PQsendQueryPrepared takes; the pointers are good
    /// during the call of `body`.
    func withPointers<Result>(
        _ body: (
            _ count: CInt, _ values: UnsafePointer<UnsafePointer<CChar>?>?,
            _ lengths: UnsafePointer<CInt>?, _ formats: UnsafePointer<CInt>?
        ) -> Result
    ) -> Result {
        octets.withUnsafeBytes { octets in
            withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: count) {
                values in
                withUnsafeTemporaryAllocation(of: CInt.self, capacity: 2 * count) { numbers in
                    var position = 0
                    for index in 0..<count {
                        let length = Int32(
                            bigEndian: octets.loadUnaligned(
                                fromByteOffset: position, as: Int32.self))
                        position += 4
                        // An empty value still needs a pointer: null would say NULL.
                        let start = octets.baseAddress.map { $0 + position }
                        values.initializeElement(
                            at: index,
                            to: length < 0 ? nil : start?.assumingMemoryBound(to: CChar.self))
                        numbers.initializeElement(at: index, to: max(0, length))
                        numbers.initializeElement(at: count + index, to: 1)
                        position += Int(max(0, length))
                    }
                    return body(
                        CInt(count), values.baseAddress, numbers.baseAddress,
                        numbers.baseAddress.map { $0 + count })
                }
            }
        }
    }
}
