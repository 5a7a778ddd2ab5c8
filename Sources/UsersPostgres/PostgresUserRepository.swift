package import Ambient
package import Postgres
package import Users

/// Users in PostgreSQL, in the table `users` of `migrations/`.
///
/// It belongs to one loop, as its pool does.
package struct PostgresUserRepository: UserRepository {
    private let pool: ConnectionPool

    /// Makes a repository that runs its statements on `pool`.
    package init(pool: ConnectionPool) { self.pool = pool }

    private static let byID = Statement(
        "users_by_id", .shortRead,
        "SELECT \(UserRow.columnList) FROM users WHERE id = $1 AND deleted_at IS NULL",
        columns: UserRow.columns)

    /// Looks a user up by the primary key.
    package func user(withID id: UserID) async throws(UserError) -> User? {
        var parameters = Parameters()
        parameters.append(id.uuid)
        return try await users(Self.byID, parameters).first
    }

    private static let firstPage = Statement(
        "users_first_page", .shortRead,
        """
        SELECT \(UserRow.columnList) FROM users WHERE deleted_at IS NULL
        ORDER BY created_at DESC, id DESC LIMIT $1
        """, columns: UserRow.columns)

    private static let pageAfter = Statement(
        "users_page_after", .shortRead,
        """
        SELECT \(UserRow.columnList) FROM users
        WHERE deleted_at IS NULL AND (created_at, id) < ($2, $3)
        ORDER BY created_at DESC, id DESC LIMIT $1
        """, columns: UserRow.columns)

    /// Reads a page from the index on `(created_at, id)`.
    package func page(
        after cursor: UserCursor?, limit: Int
    ) async throws(UserError) -> [User] {
        var parameters = Parameters()
        parameters.append(Int64(limit))
        guard let cursor else { return try await users(Self.firstPage, parameters) }
        parameters.append(cursor.createdAt)
        parameters.append(cursor.id.uuid)
        return try await users(Self.pageAfter, parameters)
    }

    private static let insertion = Statement(
        "users_insert", .write,
        """
        INSERT INTO users (
            id, external_id, email, email_key, email_verified, display_name, locale, time_zone,
            status, roles, metadata, admin_metadata, password_hash, created_at, updated_at,
            password_changed_at, version
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        RETURNING \(UserRow.columnList)
        """, columns: UserRow.columns)

    /// Inserts a user; the constraints, not a look-up before, tell whether something is taken.
    package func insert(_ user: User, passwordHash: String?) async throws(UserError) -> User {
        var parameters = Parameters(capacity: 512)
        parameters.append(user.id.uuid)
        parameters.append(user.externalID?.rawValue)
        parameters.append(user.email.rawValue)
        parameters.append(user.email.key)
        parameters.append(user.isEmailVerified)
        parameters.append(user.displayName.rawValue)
        parameters.append(user.locale?.rawValue)
        parameters.append(user.timeZone?.rawValue)
        parameters.append(user.status.rawValue)
        parameters.append(user.roles.names.map(\.rawValue))
        parameters.append(jsonb: user.metadata.text)
        parameters.append(jsonb: user.adminMetadata.text)
        parameters.append(passwordHash)
        parameters.append(user.createdAt)
        parameters.append(user.updatedAt)
        parameters.append(user.passwordChangedAt)
        parameters.append(user.version)
        guard let stored = try await users(Self.insertion, parameters).first else {
            throw .corrupt("An insertion returned no row.")
        }
        return stored
    }

    private static let deletion = Statement(
        "users_mark_deleted", .write,
        """
        UPDATE users SET deleted_at = $3, updated_at = $3, version = version + 1
        WHERE id = $1 AND deleted_at IS NULL AND ($2::bigint IS NULL OR version = $2)
        """)

    /// Sets `deleted_at` if the user is there in the expected version.
    package func markDeleted(
        _ id: UserID, expecting version: Int64?, at time: Timestamp
    ) async throws(UserError) -> Bool {
        var parameters = Parameters()
        parameters.append(id.uuid)
        parameters.append(version)
        parameters.append(time)
        return try await run(Self.deletion, parameters).affectedCount == 1
    }

    /// Runs a statement that returns whole users.
    func users(_ statement: Statement, _ parameters: Parameters) async throws(UserError) -> [User] {
        let result = try await run(statement, parameters)
        var users: [User] = []
        users.reserveCapacity(result.rowCount)
        do {
            for index in 0..<result.rowCount { users.append(try UserRow.user(in: result[index])) }
        } catch {
            throw UserError(error)
        }
        return users
    }

    private func run(
        _ statement: Statement, _ parameters: Parameters
    ) async throws(UserError) -> ResultSet {
        do {
            return try await pool.run(statement, parameters)
        } catch {
            throw UserError(error)
        }
    }
}
