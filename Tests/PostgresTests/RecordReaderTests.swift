import Testing

@testable import Postgres

@Suite("Records, as record_send writes them")
struct RecordReaderTests {
    /// `ROW(7::bigint, NULL::text, 'ab'::text)`.
    private static let record: [UInt8] =
        [0, 0, 0, 3] + [0, 0, 0, 20, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 7]
        + [0, 0, 0, 25, 0xFF, 0xFF, 0xFF, 0xFF] + [0, 0, 0, 25, 0, 0, 0, 2, 0x61, 0x62]

    /// What is read of `octets`, field by field.
    private func fields(_ octets: [UInt8], count: Int = 3) -> [String]? {
        octets.withUnsafeBytes { octets in
            guard var reader = RecordReader(BinaryValue(octets: octets), fieldCount: count) else {
                return nil
            }
            var fields: [String] = []
            for type in [.int8, .text, .text] as [PostgresType] {
                switch reader.next(type) {
                case .value(let value):
                    fields.append(value.int64.map { "\($0)" } ?? value.text ?? "?")
                case .null: fields.append("NULL")
                case .unreadable: return fields + ["unreadable"]
                }
            }
            return reader.isAtEnd ? fields : fields + ["more"]
        }
    }

    @Test func `fields are read in order`() {
        #expect(fields(Self.record) == ["7", "NULL", "ab"])
        #expect(fields(Self.record, count: 2) == nil)
        #expect(fields([]) == nil)
    }

    @Test func `a record that is cut off is unreadable, wherever that is`() {
        for length in 4..<Self.record.count {
            let fields = fields(Array(Self.record.prefix(length)))
            #expect(fields?.last == "unreadable", "\(length) octets")
        }
        #expect(fields(Self.record + [0]) == ["7", "NULL", "ab", "more"])
    }

    @Test func `a field is read as its own type only`() {
        var record = Self.record
        record[7] = 23
        #expect(fields(record) == ["unreadable"])
    }

    @Test(arguments: [-2, .min, .max] as [Int32])
    func `a length that cannot be is unreadable`(_ length: Int32) {
        var record = Self.record
        withUnsafeBytes(of: length.bigEndian) { record.replaceSubrange(8..<12, with: $0) }
        #expect(fields(record) == ["unreadable"])
    }

    @Test func `mutated records give fields or nothing, and never a trap`() {
        let seed = UInt64.random(in: .min ... .max)
        print("Mutations of records: seed \(seed).")
        var random = RandomValues(seed: seed)
        var readableCount = 0
        for _ in 0..<20_000 {
            var record = Self.record
            for _ in 0...(random.bits() % 3) { random.mutate(&record) }
            if let last = fields(record)?.last, last != "unreadable" { readableCount += 1 }
        }
        #expect((1..<20_000).contains(readableCount), "seed \(seed)")
    }
}
