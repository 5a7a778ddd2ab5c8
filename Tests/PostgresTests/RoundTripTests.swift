import Ambient
import RandomTesting
import Testing

@testable import Postgres

@Suite("Values that go to the server and come back")
struct RoundTripTests {
    @Test func `the extremes of every type, empty values and NULL come back as they went`()
        async throws
    {
        let least = UUID(high: 0, low: 0)
        let greatest = UUID(high: .max, low: .max)
        // From 4714-11-24 BC, the least that PostgreSQL keeps, to the greatest that Swift holds.
        let times = [-210_866_803_200_000_000, -1, 0, 1, .max as Int64]
            .map(Timestamp.init(microsecondsSince1970:))
        let doubles = [
            0, -0.0, .infinity, -.infinity, .nan, .signalingNaN, .greatestFiniteMagnitude,
            .leastNonzeroMagnitude, -.pi,
        ].map(\.bitPattern)
        let long = String(repeating: "ß🦊", count: 50_000)
        try await withPool { pool, _ in
            try await pool.expect(Echoes.uuid, [least, greatest])
            try await pool.expect(Echoes.bool, [false, true])
            try await pool.expect(Echoes.int16, [.min, -1, 0, .max])
            try await pool.expect(Echoes.int32, [.min, -1, 0, .max])
            try await pool.expect(Echoes.int64, [.min, -1, 0, .max])
            try await pool.expect(Echoes.double, doubles)
            try await pool.expect(Echoes.timestamp, times)
            try await pool.expect(
                Echoes.text,
                ["", "a", "Zoë 🦊", "e\u{301}", "\u{1}\u{FFFF}\u{10FFFF}", long].map {
                    Array($0.unicodeScalars)
                })
            try await pool.expect(Echoes.bytea, [[], [0], Array(0...255)])
            try await pool.expect(
                Echoes.jsonb, ["null", "{}", #"{"a": [1, null]}"#, #""ü""#].map { Array($0.utf8) })
            try await pool.expect(
                Echoes.texts, [[], [""], ["a", "", "ß", long], ["NULL", "{,\"}"]])
            try await pool.expect(Echoes.uuids, [[], [least], [greatest, least, greatest]])
        }
    }

    @Test func `random values of every type come back as they went`() async throws {
        let seed = UInt64.random(in: .min ... .max)
        print("Round trips: seed \(seed).")
        try await withPool { pool, _ in
            var random = RandomValues(seed: seed)
            for _ in 0..<50 {
                try await pool.expect(Echoes.uuid, [random.uuid()])
                try await pool.expect(Echoes.int16, [Int16(truncatingIfNeeded: random.bits())])
                try await pool.expect(Echoes.int32, [Int32(truncatingIfNeeded: random.bits())])
                try await pool.expect(Echoes.int64, [Int64(bitPattern: random.bits())])
                try await pool.expect(Echoes.double, [random.bits()])
                try await pool.expect(Echoes.timestamp, [random.timestamp()])
                try await pool.expect(Echoes.text, [Array(random.text().unicodeScalars)])
                try await pool.expect(Echoes.bytea, [random.octets()])
                let texts = random.list { $0.text() }
                try await pool.expect(Echoes.texts, [texts])
                let uuids = random.list { $0.uuid() }
                try await pool.expect(Echoes.uuids, [uuids])
            }
        }
    }

    /// What the server makes of a value shows that both sides mean the same by its octets.
    @Test func `the server reads the values that were meant`() async throws {
        let spelling = Statement<Void, String>(
            "spelling", .shortRead,
            """
            SELECT concat_ws(' ', $1::uuid, $2::boolean, $3::smallint, $4::integer, $5::bigint,
                $6::double precision, $7::timestamptz AT TIME ZONE 'UTC', $8::text, $9::bytea,
                $10::jsonb, $11::text[], $12::uuid[])
            """, columns: [.text],
            encode: { _, parameters throws(PostgresError) in
                try parameters.append(UUID(high: 0x0123_4567_89AB_CDEF, low: 1))
                try parameters.append(true)
                try parameters.append(-2 as Int16)
                try parameters.append(3 as Int32)
                try parameters.append(-4 as Int64)
                try parameters.append(0.5)
                try parameters.append(Timestamp(microsecondsSince1970: 1_000_001))
                try parameters.append("ß")
                try parameters.append(bytea: [0, 255])
                try parameters.append(jsonb: Array(#"{"a":1}"#.utf8))
                try parameters.append(["a", "b c"])
                try parameters.append([UUID(high: 0, low: 2)])
            },
            decode: { row throws(PostgresError) in try row.text() })
        try await withPool { pool, _ in
            let text = try await pool.row(spelling, ())
            let expected = """
                01234567-89ab-cdef-0000-000000000001 t -2 3 -4 0.5 1970-01-01 00:00:01.000001 ß \
                \\x00ff {"a": 1} {a,"b c"} {00000000-0000-0000-0000-000000000002}
                """
            #expect(text == expected)
        }
    }
}

extension ConnectionPool {
    /// Expects that all of `values`, and NULL, come back as they went.
    fileprivate func expect<Value>(
        _ echo: Echo<Value>, _ values: [Value], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        for value in values {
            let back = try await echo(value, self)
            #expect(back == value, "\(echo.statement.text.name)", sourceLocation: sourceLocation)
        }
        let null = try await echo(nil, self)
        #expect(null == nil, "\(echo.statement.text.name)", sourceLocation: sourceLocation)
    }
}

/// Values that look random and are the same after the same seed.
struct RandomValues {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func bits() -> UInt64 { generator.next() }

    mutating func uuid() -> UUID { UUID(high: bits(), low: bits()) }

    mutating func timestamp() -> Timestamp {
        let range = -210_866_803_200_000_000...Int64.max
        return Timestamp(microsecondsSince1970: Int64.random(in: range, using: &generator))
    }

    mutating func octets() -> [UInt8] { list { UInt8(truncatingIfNeeded: $0.bits()) } }

    mutating func text() -> String { String(scalars: list { $0.scalar() }) }

    /// Up to 40 values.
    mutating func list<Value>(_ next: (inout RandomValues) -> Value) -> [Value] {
        (0..<Int(bits() % 41)).map { _ in next(&self) }
    }

    /// Any scalar but U+0000, those of one octet as often as all others.
    private mutating func scalar() -> Unicode.Scalar {
        let last: UInt32 = bits() % 2 == 0 ? 0x7F : 0x10_FFFF
        while true {
            let value = UInt32.random(in: 1...last, using: &generator)
            if let scalar = Unicode.Scalar(value) { return scalar }
        }
    }
}
