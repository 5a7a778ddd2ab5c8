/// Reads the fields of a `record` one after the other, as record_send of PostgreSQL's rowtypes.c
/// writes it: how many there are, then for each its type, its length, which is -1 for NULL, and its
/// octets.
///
/// The octets may be any: nothing is read outside them.
struct RecordReader {
    /// What ``next(_:)`` finds.
    enum Field {
        /// A value that is not NULL.
        case value(BinaryValue)
        case null
        /// No field is left, or it has another type, or it is cut off.
        case unreadable
    }

    private let octets: UnsafeRawBufferPointer
    private(set) var position = 4

    /// Nil unless the record says that it has `fieldCount` fields.
    init?(_ record: BinaryValue, fieldCount: Int) {
        octets = record.octets
        guard octets.count >= 4, Int(octets.bigEndian(at: 0) as Int32) == fieldCount else {
            return nil
        }
    }

    /// Whether there is nothing behind the fields that have been read.
    var isAtEnd: Bool { position == octets.count }

    /// Takes the next field.
    mutating func next(_ type: PostgresType) -> Field {
        guard octets.count - position >= 8, octets.bigEndian(at: position) == type.rawValue else {
            return .unreadable
        }
        let length = Int(octets.bigEndian(at: position + 4) as Int32)
        let start = position + 8
        guard length >= 0 else {
            position = start
            return length == -1 ? .null : .unreadable
        }
        guard octets.count - start >= length else { return .unreadable }
        position = start + length
        return .value(
            BinaryValue(octets: UnsafeRawBufferPointer(rebasing: octets[start..<position])))
    }

    /// Goes back to where a field begins.
    mutating func goBack(to position: Int) { self.position = position }
}
