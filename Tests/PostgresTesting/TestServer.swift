import Glibc
import Postgres

/// The server on which tests make and drop databases.
struct TestServer: Sendable {
    /// The server that `TEST_DATABASE_URL` names; its user may create databases.
    static let fromEnvironment = Result {
        guard let text = getenv("TEST_DATABASE_URL") else { throw MissingTestServer() }
        return TestServer(url: try DatabaseURL(parsing: String(cString: text)))
    }

    /// The address of a database that always exists, to which the variable leads.
    let url: DatabaseURL

    /// Opens a blocking connection to that database.
    func connect() throws(PostgresError) -> DirectConnection {
        try DirectConnection(url, connectTimeout: connectTimeout)
    }

    /// The address of another database of this server, as a `key=value` string.
    func connectionString(toDatabase name: String) -> String {
        let quoted = url.keywords(overriding: [("dbname", name)]).map { keyword in
            let value = keyword.value.map { "'\\".contains($0) ? "\\\($0)" : "\($0)" }.joined()
            return "\(keyword.name)='\(value)'"
        }
        return quoted.joined(separator: " ")
    }
}

/// How long a test waits for a connection: a machine that is busy with other things is slow.
let connectTimeout: Duration = .seconds(60)

/// There is no server for the tests: they fail, since a test that is skipped proves nothing.
package struct MissingTestServer: Error, CustomStringConvertible {
    /// What to do about it.
    package let description =
        "TEST_DATABASE_URL is not set: run `make test`, which starts a PostgreSQL of its own"
}
