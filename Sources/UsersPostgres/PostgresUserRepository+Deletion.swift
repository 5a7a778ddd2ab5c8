package import Ambient
import Postgres
package import Users

extension PostgresUserRepository {
    private static let deletion = Statement<UserVersion, Never>(
        "users_mark_deleted", .write, deletionText(where: UserRow.expected),
        batched: deletionText(where: UserRow.expectedUnlocked),
        encode: { input, parameters throws(PostgresError) in
            try parameters.append(input)
            try parameters.append(input.time)
        })

    private static func deletionText(where condition: String) -> String {
        """
        UPDATE users SET deleted_at = $3, updated_at = $3, version = version + 1
        WHERE \(condition)
        """
    }

    /// Sets `deleted_at` if the user is there in the expected version.
    package func markDeleted(
        _ id: UserID, expecting version: Int64?, at time: Timestamp
    ) async throws(UserError) -> Bool {
        do {
            return try await pool.execute(Self.deletion, UserVersion(id, version, at: time)) == 1
        } catch {
            throw UserError(error)
        }
    }

    private static let restoration = Statement<UserVersion, User>(
        "users_restore", .write,
        """
        UPDATE users SET deleted_at = NULL, updated_at = $3, version = version + 1
        WHERE id = $1 AND deleted_at IS NOT NULL AND ($2::bigint IS NULL OR version = $2)
        RETURNING \(UserRow.record)
        """, columns: UserRow.columns,
        encode: { input, parameters throws(PostgresError) in
            try parameters.append(input)
            try parameters.append(input.time)
        }, decode: UserRow.user(in:))

    /// Clears `deleted_at` if the user is there in the expected version and deleted; the
    /// constraints tell whether something of it is taken by now.
    package func restore(
        _ id: UserID, expecting version: Int64?, at time: Timestamp
    ) async throws(UserError) -> User? {
        do {
            return try await pool.row(Self.restoration, UserVersion(id, version, at: time))
        } catch {
            throw UserError(error)
        }
    }

    private static let removal = Statement<UserVersion, Never>(
        "users_remove", .write,
        "DELETE FROM users WHERE id = $1 AND ($2::bigint IS NULL OR version = $2)",
        encode: { input, parameters throws(PostgresError) in try parameters.append(input) })

    /// Deletes the user's row if it is there in the expected version.
    package func remove(_ id: UserID, expecting version: Int64?) async throws(UserError) -> Bool {
        do {
            return try await pool.execute(Self.removal, UserVersion(id, version)) == 1
        } catch {
            throw UserError(error)
        }
    }
}

/// Which user is meant, in which version if not in any, and when it happens.
private struct UserVersion {
    let id: UserID
    let version: Int64?
    let time: Timestamp?

    init(_ id: UserID, _ version: Int64?, at time: Timestamp? = nil) {
        self.id = id
        self.version = version
        self.time = time
    }
}

extension Parameters {
    /// Appends a user's id and version.
    fileprivate mutating func append(_ user: UserVersion) throws(PostgresError) {
        try append(user.id.uuid)
        try append(user.version)
    }
}
