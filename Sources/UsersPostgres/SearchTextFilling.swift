import Ambient
package import Postgres
import Users

/// Makes the search texts of users whom SQL has written, past the service.
///
/// It blocks its thread. Users are done in small parts, each a transaction by itself, so nobody
/// waits long for one of them, and whoever stops it loses nothing.
package struct SearchTextFilling: ~Copyable {
    private static let partCount = 1_000

    private static let columnSQL = """
        SELECT FROM pg_attribute WHERE attrelid = to_regclass('users') AND attname = 'search_text'
        """
    /// Each kind of users has an index on search text and id.
    private static let unfilledSQL = ["IS NULL", "IS NOT NULL"].map { condition in
        """
        SELECT id, display_name, email, email_key FROM users
        WHERE deleted_at \(condition) AND search_text = '' AND id > $1
        ORDER BY id LIMIT \(partCount)
        """
    }
    /// Only for those who are still as they were when their texts were made.
    private static let fillSQL = """
        UPDATE users SET search_text = part.search_text
        FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[])
            AS part (id, display_name, email, search_text)
        WHERE users.id = part.id AND users.display_name = part.display_name
            AND users.email = part.email AND users.search_text = ''
        RETURNING users.id
        """

    private let connection: DirectConnection

    /// Takes over a connection.
    package init(_ connection: consuming DirectConnection) { self.connection = connection }

    /// Fills what is empty; in a database that has no such column, nothing.
    /// - Returns: how many users it was.
    package func run() throws(PostgresError) -> Int {
        guard try !connection.query(Self.columnSQL).isEmpty else { return 0 }
        var count = 0
        while true {
            // Who has changed in between is left to the next pass.
            let filled = try pass()
            guard filled > 0 else { return count }
            count += filled
        }
    }

    /// Goes through all that is empty once, and returns how many users it has filled.
    private func pass() throws(PostgresError) -> Int {
        var count = 0
        for sql in Self.unfilledSQL {
            var last = "00000000-0000-0000-0000-000000000000"
            while true {
                let part = try connection.query(sql, [last]).map { $0.compactMap(\.self) }
                guard let end = part.last else { break }
                count += try fill(part)
                last = end[0]
            }
        }
        return count
    }

    /// Fills the search texts of users given by id, name, address and the address's key.
    private func fill(_ users: [[String]]) throws(PostgresError) -> Int {
        let texts = users.map { user in
            SearchText(
                displayName: DisplayName(trusted: user[1]),
                email: EmailAddress(trusted: user[2], key: user[3])
            ).rawValue
        }
        let columns = [users.map { $0[0] }, users.map { $0[1] }, users.map { $0[2] }, texts]
        return try connection.query(Self.fillSQL, columns.map(Self.array)).count
    }

    /// An array in the server's text form (PostgreSQL documentation, section 8.15.2).
    private static func array(_ elements: [String]) -> String {
        let quoted = elements.map { element in
            "\"" + element.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
        }
        return "{" + quoted.joined(separator: ",") + "}"
    }
}
