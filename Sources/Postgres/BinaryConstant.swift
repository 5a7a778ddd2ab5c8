/// A value as PostgreSQL sends it in binary, to be recognised in a row without decoding it.
package struct BinaryConstant: Sendable {
    let type: PostgresType
    let octets: [UInt8]

    /// A `jsonb` with this text, as PostgreSQL spells it, in UTF-8.
    package init(jsonb text: [UInt8]) {
        type = .jsonb
        octets = [1] + text
    }

    /// A `text[]` with these elements.
    package init(texts: [String]) {
        type = .textArray
        octets = Parameters.octets(of: texts)
    }
}
