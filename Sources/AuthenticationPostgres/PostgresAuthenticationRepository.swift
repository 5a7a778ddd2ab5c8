package import Authentication
package import Postgres
package import Users
import UsersPostgres

/// Sessions in the table `sessions`, failed logins in `login_attempts`, and what logins need of
/// `users` and `roles`, by way of the connections of one loop.
package struct PostgresAuthenticationRepository: AuthenticationRepository {
    let pool: ConnectionPool
    let cache: (any UserCache)?

    /// Makes a repository on a pool of connections.
    /// - Parameter cache: What has to forget a user whom this changes; nil for nothing.
    package init(pool: ConnectionPool, cache: (any UserCache)? = nil) {
        self.pool = pool
        self.cache = cache
    }

    private static let accountColumns = "id, email, email_key, display_name, status, password_hash"
    private static let accountTypes: [PostgresType] = [.uuid, .text, .text, .text, .text, .text]

    private static let accountByEmail = Statement<String, Account>(
        "accounts_by_email", .shortRead,
        "SELECT \(accountColumns) FROM users WHERE email_key = $1 AND deleted_at IS NULL",
        columns: accountTypes,
        encode: { key, parameters throws(PostgresError) in try parameters.append(key) },
        decode: account(in:))

    private static let accountByID = Statement<UserID, Account>(
        "accounts_by_id", .shortRead,
        "SELECT \(accountColumns) FROM users WHERE id = $1 AND deleted_at IS NULL",
        columns: accountTypes,
        encode: { id, parameters throws(PostgresError) in try parameters.append(id.uuid) },
        decode: account(in:))

    private static func account(in row: inout Row) throws(PostgresError) -> Account {
        let id = UserID(try row.uuid())
        let email = EmailAddress(trusted: try row.text(), key: try row.text())
        let displayName = DisplayName(trusted: try row.text())
        guard let status = UserStatus(rawValue: try row.text()) else {
            throw .unexpectedResult("a status that is neither active nor disabled")
        }
        return Account(
            id: id, email: email, displayName: displayName, status: status,
            passwordHash: try row.optionalText())
    }

    /// Looks the key of the address up in its unique index.
    package func account(withEmail email: EmailAddress) async throws(UserError) -> Account? {
        try await telling { () throws(PostgresError) in
            try await pool.row(Self.accountByEmail, email.key)
        }
    }

    /// Looks the id up.
    package func account(withID id: UserID) async throws(UserError) -> Account? {
        try await telling { () throws(PostgresError) in
            try await pool.row(Self.accountByID, id)
        }
    }
}

/// Runs what may fail with an error of the database, as a repository may: with one of the domain.
func telling<Value>(
    _ body: () async throws(PostgresError) -> Value
) async throws(UserError) -> Value {
    do {
        return try await body()
    } catch {
        throw UserError(error)
    }
}
