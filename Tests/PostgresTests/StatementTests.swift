import Ambient
import Testing

@testable import Postgres

@Suite("Results that a statement does not expect")
struct StatementTests {
    struct Mismatch: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let sql: String
        let columns: [PostgresType]
        let decode: Statement<Void, Bool>.Decoding

        init(
            _ testDescription: String, _ sql: String, _ columns: [PostgresType],
            _ decode: @escaping Statement<Void, Bool>.Decoding
        ) {
            self.testDescription = testDescription
            self.sql = sql
            self.columns = columns
            self.decode = decode
        }

        /// A reader, and a value of its type.
        struct Reader: Sendable {
            let type: PostgresType
            let name: String
            let value: String
            let decode: Statement<Void, Bool>.Decoding
        }

        static let readers = [
            Reader(type: .uuid, name: "uuid", value: "'00000000-0000-0000-0000-000000000000'") {
                row throws(PostgresError) in try row.uuid() == UUID(high: 0, low: 0)
            },
            Reader(type: .bool, name: "boolean", value: "true") {
                row throws(PostgresError) in try row.bool()
            },
            Reader(type: .int2, name: "smallint", value: "1") {
                row throws(PostgresError) in try row.int16() == 1
            },
            Reader(type: .int4, name: "integer", value: "1") {
                row throws(PostgresError) in try row.int32() == 1
            },
            Reader(type: .int8, name: "bigint", value: "1") {
                row throws(PostgresError) in try row.int64() == 1
            },
            Reader(type: .float8, name: "double precision", value: "1") {
                row throws(PostgresError) in try row.double() == 1
            },
            Reader(type: .timestamptz, name: "timestamptz", value: "'2000-01-01 00:00Z'") {
                row throws(PostgresError) in try row.timestamp().microsecondsSince1970 > 0
            },
            Reader(type: .text, name: "text", value: "'a'") {
                row throws(PostgresError) in try row.text() == "a"
            },
            Reader(type: .bytea, name: "bytea", value: "'a'") {
                row throws(PostgresError) in try row.bytea() == [0x61]
            },
            Reader(type: .jsonb, name: "jsonb", value: "'1'") {
                row throws(PostgresError) in try row.jsonb() == [0x31]
            },
            Reader(type: .textArray, name: "text[]", value: "'{a}'") {
                row throws(PostgresError) in try row.texts() == ["a"]
            },
            Reader(type: .uuidArray, name: "uuid[]", value: "'{}'") {
                row throws(PostgresError) in try row.uuids().isEmpty
            },
        ]
    }

    /// How a row may come: column by column, or as one record.
    static let forms = ["columns": ("", ""), "a record": ("ROW(", ")")]

    @Test(arguments: ["columns", "a record"])
    func `each type is read as itself, and as nothing else`(form: String) async throws {
        let (before, after) = try #require(Self.forms[form])
        try await withPool { pool, _ in
            for sent in Mismatch.readers {
                for reader in Mismatch.readers {
                    let sql = "SELECT \(before)\(sent.value)::\(sent.name)\(after)"
                    let outcome = await pool.result(sql, [reader.type], reader.decode)
                    let isRead = (try? outcome.get()) == true
                    #expect(isRead == (sent.type == reader.type), "\(sent.name) as \(reader.name)")
                    #expect(isRead || outcome.isUnexpectedResult)
                }
            }
        }
    }

    @Test(arguments: ["columns", "a record"])
    func `NULL is read as none of them`(form: String) async throws {
        let (before, after) = try #require(Self.forms[form])
        try await withPool { pool, _ in
            for reader in Mismatch.readers {
                let sql = "SELECT \(before)NULL::\(reader.name)\(after)"
                let outcome = await pool.result(sql, [reader.type], reader.decode)
                #expect(
                    outcome.error == .unexpectedResult("column 0 is NULL"), "\(reader.name)")
            }
        }
    }

    @Test(arguments: [
        Mismatch("a column too many", "SELECT 1::bigint, 2::bigint", [.int8]) {
            row throws(PostgresError) in try row.int64() == 1
        },
        Mismatch("a column too few", "SELECT 1::bigint", [.int8, .int8]) {
            row throws(PostgresError) in try row.int64() == row.int64()
        },
        Mismatch("a field too many", "SELECT ROW(1::bigint, 2::bigint)", [.int8]) {
            row throws(PostgresError) in try row.int64() == 1
        },
        Mismatch("a field too few", "SELECT ROW(1::bigint)", [.int8, .int8]) {
            row throws(PostgresError) in try row.int64() == row.int64()
        },
        Mismatch("a field that is not read", "SELECT ROW(1::bigint, 2::bigint)", [.int8, .int8]) {
            row throws(PostgresError) in try row.int64() == 1
        },
        Mismatch("a record and a column", "SELECT ROW(1::bigint), 2::bigint", [.int8, .int8]) {
            row throws(PostgresError) in try row.int64() == row.int64()
        },
        Mismatch("no record at all", "SELECT NULL::record", [.int8]) {
            row throws(PostgresError) in try row.int64() == 1
        },
        Mismatch("no columns", "SELECT", [.int8]) {
            row throws(PostgresError) in try row.int64() == 1
        },
        Mismatch("a column that is not read", "SELECT 1::bigint, 2::bigint", [.int8, .int8]) {
            row throws(PostgresError) in try row.int64() == 1
        },
        Mismatch("a column that was not declared", "SELECT 1::bigint", [.int8]) {
            row throws(PostgresError) in try row.int64() == row.int64()
        },
        Mismatch("a column read as another type", "SELECT 1::bigint", [.int8]) {
            row throws(PostgresError) in try row.double() == 1
        },
        Mismatch("more than one row", "SELECT generate_series(1, 2)::bigint", [.int8]) {
            row throws(PostgresError) in try row.int64() == 1
        },
        Mismatch("a time without end", "SELECT 'infinity'::timestamptz", [.timestamptz]) {
            row throws(PostgresError) in try row.timestamp() == row.timestamp()
        },
        Mismatch("a time without beginning", "SELECT '-infinity'::timestamptz", [.timestamptz]) {
            row throws(PostgresError) in try row.optionalTimestamp() == nil
        },
        Mismatch("a time after 294247", "SELECT '294276-01-01Z'::timestamptz", [.timestamptz]) {
            row throws(PostgresError) in try row.timestamp() == row.timestamp()
        },
        Mismatch("an array with a NULL in it", "SELECT '{a,NULL}'::text[]", [.textArray]) {
            row throws(PostgresError) in try row.texts().isEmpty
        },
        Mismatch("an array of two dimensions", "SELECT '{{a},{b}}'::text[]", [.textArray]) {
            row throws(PostgresError) in try row.optionalTexts() == nil
        },
    ])
    func `another shape is a typed error`(_ given: Mismatch) async throws {
        try await withPool { pool, _ in
            let outcome = await pool.result(given.sql, given.columns, given.decode)
            #expect(outcome.isUnexpectedResult, "\(outcome)")
            // The connection has nothing to do with it.
            let answer = try await pool.integer(ConnectionPoolTests.number, 7)
            #expect(answer == 7)
        }
    }

    @Test func `an array from another first subscript has the same elements`() async throws {
        try await withPool { pool, _ in
            let outcome = await pool.result("SELECT '[-3:-2]={a,b}'::text[]", [.textArray]) {
                row throws(PostgresError) in try row.texts() == ["a", "b"]
            }
            #expect(outcome == .success(true))
        }
    }

    @Test func `a parameter that cannot be sent is refused, and the connection serves on`()
        async throws
    {
        try await withPool { pool, _ in
            let refused = await outcome { () throws(PostgresError) in
                try await Echoes.text(["\0"], pool)
            }
            #expect(refused.error == .invalidParameter("$1 is a text with U+0000"))
            let answer = try await Echoes.text(["a"], pool)
            #expect(answer == ["a"])
        }
    }

    @Test func `a command tells how many rows it changed`() async throws {
        let insertion = Statement(
            write: "insert_many", "INSERT INTO notes (id) SELECT generate_series(1, $1::bigint)")
        let deletion = Statement(write: "delete", "DELETE FROM notes WHERE id > $1")
        try await withPool { pool, _ in
            let counts = [
                try await pool.execute(insertion, 12_345), try await pool.execute(deletion, 5),
                try await pool.execute(deletion, 5),
            ]
            #expect(counts == [12_345, 12_340, 0])
        }
    }
}

extension ConnectionPool {
    /// What a statement without parameters, of at most one row, ends in.
    fileprivate func result(
        _ sql: String, _ columns: [PostgresType],
        _ decode: @escaping Statement<Void, Bool>.Decoding
    ) async -> Result<Bool, PostgresError> {
        let statement = Statement<Void, Bool>(
            "unexpected", .shortRead, sql, columns: columns, decode: decode)
        return await outcome { () throws(PostgresError) in
            try await self.row(statement, ()) ?? false
        }
    }
}

extension Result where Failure == PostgresError {
    fileprivate var isUnexpectedResult: Bool {
        if case .unexpectedResult = error { true } else { false }
    }
}
