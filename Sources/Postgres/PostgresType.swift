/// The types that go over the wire in binary, by the object identifiers of `pg_type`.
package enum PostgresType: UInt32, Sendable {
    /// `boolean`.
    case bool = 16
    /// `bytea`.
    case bytea = 17
    /// `bigint`.
    case int8 = 20
    /// `smallint`.
    case int2 = 21
    /// `integer`.
    case int4 = 23
    /// `text`.
    case text = 25
    /// `double precision`.
    case float8 = 701
    /// `text[]`.
    case textArray = 1009
    /// `timestamp with time zone`.
    case timestamptz = 1184
    /// `uuid`.
    case uuid = 2950
    /// `uuid[]`.
    case uuidArray = 2951
    /// `jsonb`.
    case jsonb = 3802
}
