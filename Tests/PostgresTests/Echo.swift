import Ambient

@testable import Postgres

/// A statement that sends one value, or NULL, to the server and gets it back.
struct Echo<Value: Equatable & Sendable>: Sendable {
    let statement: Statement<Value?, Value?>

    init(
        _ name: StaticString, _ sql: String, _ type: PostgresType,
        encode: @escaping Statement<Value?, Value?>.Encoding,
        decode: @escaping Statement<Value?, Value?>.Decoding
    ) {
        statement = Statement(
            name, .shortRead, sql, columns: [type], encode: encode, decode: decode)
    }

    /// What becomes of `value` on its way to the server and back.
    func callAsFunction(_ value: Value?, _ pool: ConnectionPool) async throws(PostgresError)
        -> Value?
    {
        guard let row = try await pool.row(statement, value) else {
            throw .unexpectedResult("no row")
        }
        return row
    }
}

/// One echo for each type.
enum Echoes {
    static let uuid = Echo<UUID>(
        "echo_uuid", "SELECT $1::uuid", .uuid,
        encode: { value, parameters throws(PostgresError) in try parameters.append(value) },
        decode: { row throws(PostgresError) in try row.optionalUUID() })
    static let bool = Echo<Bool>(
        "echo_bool", "SELECT $1::boolean", .bool,
        encode: { value, parameters throws(PostgresError) in try parameters.append(value) },
        decode: { row throws(PostgresError) in try row.optionalBool() })
    static let int16 = Echo<Int16>(
        "echo_int2", "SELECT $1::smallint", .int2,
        encode: { value, parameters throws(PostgresError) in try parameters.append(value) },
        decode: { row throws(PostgresError) in try row.optionalInt16() })
    static let int32 = Echo<Int32>(
        "echo_int4", "SELECT $1::integer", .int4,
        encode: { value, parameters throws(PostgresError) in try parameters.append(value) },
        decode: { row throws(PostgresError) in try row.optionalInt32() })
    static let int64 = Echo<Int64>(
        "echo_int8", "SELECT $1::bigint", .int8,
        encode: { value, parameters throws(PostgresError) in try parameters.append(value) },
        decode: { row throws(PostgresError) in try row.optionalInt64() })
    /// By its bits, since no NaN is equal to itself and -0 is equal to 0.
    static let double = Echo<UInt64>(
        "echo_float8", "SELECT $1::double precision", .float8,
        encode: { bits, parameters throws(PostgresError) in
            try parameters.append(bits.map(Double.init(bitPattern:)))
        },
        decode: { row throws(PostgresError) in try row.optionalDouble()?.bitPattern })
    static let timestamp = Echo<Timestamp>(
        "echo_timestamptz", "SELECT $1::timestamptz", .timestamptz,
        encode: { value, parameters throws(PostgresError) in try parameters.append(value) },
        decode: { row throws(PostgresError) in try row.optionalTimestamp() })
    /// By its scalars, since strings are equal in whatever normal form.
    static let text = Echo<[Unicode.Scalar]>(
        "echo_text", "SELECT $1::text", .text,
        encode: { scalars, parameters throws(PostgresError) in
            try parameters.append(scalars.map(String.init(scalars:)))
        },
        decode: { row throws(PostgresError) in
            (try row.optionalText()).map { Array($0.unicodeScalars) }
        })
    static let bytea = Echo<[UInt8]>(
        "echo_bytea", "SELECT $1::bytea", .bytea,
        encode: { value, parameters throws(PostgresError) in try parameters.append(bytea: value) },
        decode: { row throws(PostgresError) in try row.optionalBytea() })
    static let jsonb = Echo<[UInt8]>(
        "echo_jsonb", "SELECT $1::jsonb", .jsonb,
        encode: { value, parameters throws(PostgresError) in try parameters.append(jsonb: value) },
        decode: { row throws(PostgresError) in try row.optionalJSONB() })
    static let texts = Echo<[String]>(
        "echo_texts", "SELECT $1::text[]", .textArray,
        encode: { value, parameters throws(PostgresError) in try parameters.append(value) },
        decode: { row throws(PostgresError) in try row.optionalTexts() })
    static let uuids = Echo<[UUID]>(
        "echo_uuids", "SELECT $1::uuid[]", .uuidArray,
        encode: { value, parameters throws(PostgresError) in try parameters.append(value) },
        decode: { row throws(PostgresError) in try row.optionalUUIDs() })
}

extension String {
    init(scalars: [Unicode.Scalar]) {
        self.init(String.UnicodeScalarView(scalars))
    }
}
