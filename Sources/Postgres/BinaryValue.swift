import Ambient
import Glibc

/// The octets of one value that is not NULL, as PostgreSQL sends it in binary.
///
/// Each reader answers nil unless they are a value of its type that Swift can hold. They may be
/// any octets: nothing is read outside them.
struct BinaryValue {
    let octets: UnsafeRawBufferPointer

    /// A `uuid`: 16 octets.
    var uuid: UUID? {
        guard octets.count == 16 else { return nil }
        return UUID(high: octets.bigEndian(at: 0), low: octets.bigEndian(at: 8))
    }

    /// A `boolean`: one octet, 0 or 1.
    var bool: Bool? {
        guard octets.count == 1, octets[0] <= 1 else { return nil }
        return octets[0] == 1
    }

    /// A `smallint`.
    var int16: Int16? { integer() }

    /// An `integer`.
    var int32: Int32? { integer() }

    /// A `bigint`.
    var int64: Int64? { integer() }

    /// A `double precision`: IEEE 754, binary64.
    var double: Double? { (integer() as UInt64?).map(Double.init(bitPattern:)) }

    /// A `timestamptz`: microseconds since 2000-01-01; the least and the greatest number stand for
    /// the infinities.
    var timestamp: Timestamp? {
        guard let value = int64, value != .min, value != .max else { return nil }
        let (sum, overflow) = value.addingReportingOverflow(postgresEpoch)
        return overflow ? nil : Timestamp(microsecondsSince1970: sum)
    }

    /// A `text` in UTF-8.
    var text: String? {
        let octets = octets.assumingMemoryBound(to: UInt8.self)
        guard let span = try? UTF8Span(validating: octets.span) else { return nil }
        return String(copying: span)
    }

    /// Whether this is the `text` that `other` is.
    func isText(_ other: String) -> Bool {
        var other = other
        return other.withUTF8 { equals(UnsafeRawBufferPointer($0)) }
    }

    /// Whether the octets are these.
    func equals(_ other: UnsafeRawBufferPointer) -> Bool {
        guard octets.count == other.count, let mine = octets.baseAddress,
            let others = other.baseAddress
        else { return octets.count == other.count }
        return memcmp(mine, others, octets.count) == 0
    }

    /// The text of a `jsonb`, which stands behind the octet 1, the format's version.
    var jsonb: [UInt8]? {
        guard octets.first == 1 else { return nil }
        return [UInt8](octets.dropFirst())
    }

    private func integer<Value: FixedWidthInteger>() -> Value? {
        guard octets.count == MemoryLayout<Value>.size else { return nil }
        return octets.bigEndian(at: 0)
    }
}

extension BinaryValue {
    /// The octets before an array's elements: how many dimensions, whether there are NULLs, the
    /// elements' type; then, for the only dimension, how many elements and the first subscript.
    private static let headLength = 20

    /// An array of one dimension at most and without NULLs, whatever its first subscript; as
    /// array_send of PostgreSQL's arrayfuncs.c writes it.
    /// - Parameter decode: Makes an element; nil if it cannot, which makes the whole array nil.
    func array<Element>(
        of type: PostgresType, _ decode: (BinaryValue) -> Element?
    ) -> [Element]? {
        guard octets.count >= 12, octets.bigEndian(at: 8) == type.rawValue else { return nil }
        let dimensionCount: Int32 = octets.bigEndian(at: 0)
        if dimensionCount == 0 { return octets.count == 12 ? [] : nil }
        guard dimensionCount == 1, octets.count >= Self.headLength else { return nil }
        let count = Int(octets.bigEndian(at: 12) as Int32)
        // Each element has a length of four octets, which bounds what is reserved.
        guard count >= 0, count <= (octets.count - Self.headLength) / 4 else { return nil }
        var elements: [Element] = []
        elements.reserveCapacity(count)
        var position = Self.headLength
        for _ in 0..<count {
            guard let octets = element(at: &position), let element = decode(octets) else {
                return nil
            }
            elements.append(element)
        }
        return position == octets.count ? elements : nil
    }

    /// The element at `position`, which moves behind it; nil for NULL and for one that is cut off.
    private func element(at position: inout Int) -> BinaryValue? {
        guard octets.count - position >= 4 else { return nil }
        let length = Int(octets.bigEndian(at: position) as Int32)
        position += 4
        guard length >= 0, octets.count - position >= length else { return nil }
        defer { position += length }
        return BinaryValue(
            octets: UnsafeRawBufferPointer(rebasing: octets[position..<position + length]))
    }
}
