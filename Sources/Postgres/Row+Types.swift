package import Ambient

extension Row {
    /// A `uuid`.
    package mutating func uuid() throws(PostgresError) -> UUID { try read(.uuid) { $0.uuid } }

    /// A `uuid` or NULL.
    package mutating func optionalUUID() throws(PostgresError) -> UUID? {
        try readOptional(.uuid) { $0.uuid }
    }

    /// A `boolean`.
    package mutating func bool() throws(PostgresError) -> Bool { try read(.bool) { $0.bool } }

    /// A `boolean` or NULL.
    package mutating func optionalBool() throws(PostgresError) -> Bool? {
        try readOptional(.bool) { $0.bool }
    }

    /// A `smallint`.
    package mutating func int16() throws(PostgresError) -> Int16 { try read(.int2) { $0.int16 } }

    /// A `smallint` or NULL.
    package mutating func optionalInt16() throws(PostgresError) -> Int16? {
        try readOptional(.int2) { $0.int16 }
    }

    /// An `integer`.
    package mutating func int32() throws(PostgresError) -> Int32 { try read(.int4) { $0.int32 } }

    /// An `integer` or NULL.
    package mutating func optionalInt32() throws(PostgresError) -> Int32? {
        try readOptional(.int4) { $0.int32 }
    }

    /// A `bigint`.
    package mutating func int64() throws(PostgresError) -> Int64 { try read(.int8) { $0.int64 } }

    /// A `bigint` or NULL.
    package mutating func optionalInt64() throws(PostgresError) -> Int64? {
        try readOptional(.int8) { $0.int64 }
    }

    /// A `double precision`, which may be infinite or not a number.
    package mutating func double() throws(PostgresError) -> Double {
        try read(.float8) { $0.double }
    }

    /// A `double precision` or NULL.
    package mutating func optionalDouble() throws(PostgresError) -> Double? {
        try readOptional(.float8) { $0.double }
    }

    /// A `timestamptz`; one that is infinite, or after 294247 AD, is refused.
    package mutating func timestamp() throws(PostgresError) -> Timestamp {
        try read(.timestamptz) { $0.timestamp }
    }

    /// A `timestamptz` or NULL, under the conditions of ``timestamp()``.
    package mutating func optionalTimestamp() throws(PostgresError) -> Timestamp? {
        try readOptional(.timestamptz) { $0.timestamp }
    }

    /// A `text`; one that is not UTF-8, which only a server with another encoding sends, is
    /// refused: a repaired one might be written back.
    package mutating func text() throws(PostgresError) -> String { try read(.text) { $0.text } }

    /// A `text` or NULL.
    package mutating func optionalText() throws(PostgresError) -> String? {
        try readOptional(.text) { $0.text }
    }

    /// A `text` that is often `likely`, which then is returned and nothing is allocated.
    package mutating func text(likely: String) throws(PostgresError) -> String {
        try read(.text) { $0.isText(likely) ? likely : $0.text }
    }

    /// The octets of a `bytea`.
    package mutating func bytea() throws(PostgresError) -> [UInt8] {
        try read(.bytea) { [UInt8]($0.octets) }
    }

    /// The octets of a `bytea`, or NULL.
    package mutating func optionalBytea() throws(PostgresError) -> [UInt8]? {
        try readOptional(.bytea) { [UInt8]($0.octets) }
    }

    /// The JSON text of a `jsonb`, in UTF-8.
    package mutating func jsonb() throws(PostgresError) -> [UInt8] {
        try read(.jsonb) { $0.jsonb }
    }

    /// The JSON text of a `jsonb`, in UTF-8, or NULL.
    package mutating func optionalJSONB() throws(PostgresError) -> [UInt8]? {
        try readOptional(.jsonb) { $0.jsonb }
    }

    /// A `text[]`. One of several dimensions or with a NULL in it is refused; at which subscript it
    /// begins is not told.
    package mutating func texts() throws(PostgresError) -> [String] {
        try read(.textArray) { $0.array(of: .text) { $0.text } }
    }

    /// A `text[]`, each element made into an `Element`.
    package mutating func texts<Element>(
        _ make: (String) -> Element
    ) throws(PostgresError) -> [Element] {
        try read(.textArray) { $0.array(of: .text) { $0.text.map(make) } }
    }

    /// A `text[]` or NULL.
    package mutating func optionalTexts() throws(PostgresError) -> [String]? {
        try readOptional(.textArray) { $0.array(of: .text) { $0.text } }
    }

    /// A `uuid[]`, under the conditions of ``texts()``.
    package mutating func uuids() throws(PostgresError) -> [UUID] {
        try read(.uuidArray) { $0.array(of: .uuid) { $0.uuid } }
    }

    /// A `uuid[]` or NULL.
    package mutating func optionalUUIDs() throws(PostgresError) -> [UUID]? {
        try readOptional(.uuidArray) { $0.array(of: .uuid) { $0.uuid } }
    }
}
