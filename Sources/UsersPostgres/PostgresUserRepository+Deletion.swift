package import Ambient
import Postgres
package import Users

extension PostgresUserRepository {
    private static let deletion = Statement<Target, Never>(
        "users_mark_deleted", .write, deletionText(where: "\(UserRow.expected) AND \(isWithin)"),
        // An administrator may be the last one.
        batched: deletionText(
            where: UserRow.expectedUnlocked("\(isWithin) AND NOT roles @> '{admin}'")),
        encode: { input, parameters throws(PostgresError) in
            try parameters.append(input)
            try parameters.append(input.time)
        })

    private static let isWithin = UserRow.areRoles(within: "$3")

    private static func deletionText(where condition: String) -> String {
        """
        UPDATE users SET deleted_at = $4, updated_at = $4, version = version + 1
        WHERE \(condition)
        """
    }

    /// Sets `deleted_at` if the user is there and meets the condition.
    package func markDeleted(
        _ id: UserID, if condition: WriteCondition, at time: Timestamp
    ) async throws(UserError) -> Bool {
        do {
            return try await pool.execute(Self.deletion, Target(id, condition, at: time)) == 1
        } catch {
            throw UserError(error)
        }
    }

    private static let restoration = Statement<Target, User>(
        "users_restore", .write,
        """
        UPDATE users SET deleted_at = NULL, updated_at = $4, version = version + 1
        WHERE id = $1 AND deleted_at IS NOT NULL AND ($2::bigint IS NULL OR version = $2)
            AND \(isWithin)
        RETURNING \(UserRow.record)
        """, columns: UserRow.columns,
        encode: { input, parameters throws(PostgresError) in
            try parameters.append(input)
            try parameters.append(input.time)
        }, decode: UserRow.user(in:))

    /// Clears `deleted_at` if the user is there, deleted, and meets the condition; the constraints
    /// tell whether something of it is taken by now.
    package func restore(
        _ id: UserID, if condition: WriteCondition, at time: Timestamp
    ) async throws(UserError) -> User? {
        do {
            return try await pool.row(Self.restoration, Target(id, condition, at: time))
        } catch {
            throw UserError(error)
        }
    }

    private static let removal = Statement<Target, Never>(
        "users_remove", .write,
        """
        DELETE FROM users WHERE id = $1 AND ($2::bigint IS NULL OR version = $2) AND \(isWithin)
        """,
        encode: { input, parameters throws(PostgresError) in try parameters.append(input) })

    /// Deletes the user's row if it is there and meets the condition.
    package func remove(
        _ id: UserID, if condition: WriteCondition
    ) async throws(UserError) -> Bool {
        do {
            return try await pool.execute(Self.removal, Target(id, condition)) == 1
        } catch {
            throw UserError(error)
        }
    }
}

/// Which user is meant, what must be so of it, and when it happens.
private struct Target {
    let id: UserID
    let condition: WriteCondition
    let time: Timestamp?

    init(_ id: UserID, _ condition: WriteCondition, at time: Timestamp? = nil) {
        self.id = id
        self.condition = condition
        self.time = time
    }
}

extension Parameters {
    /// Appends a user's id and what must be so of it.
    fileprivate mutating func append(_ target: Target) throws(PostgresError) {
        try append(target.id.uuid)
        try append(target.condition.version)
        try append(target.condition.limit)
    }
}
