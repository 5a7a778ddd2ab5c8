package import Ambient
import Postgres
package import Users

extension PostgresUserRepository {
    private static let deletion = UserChange<Target, Int64>(
        "users_mark_deleted", deletionText(where: "\(UserRow.expected) AND \(isWithin)"),
        // An administrator may be the last one.
        batched: deletionText(
            where: UserRow.expectedUnlocked("\(isWithin) AND NOT roles @> '{admin}'")),
        columns: [.int8], user: \.id,
        encode: { input, parameters throws(PostgresError) in try parameters.append(input) },
        decode: { row throws(PostgresError) in try row.int64() })

    private static let isWithin = UserRow.areRoles(within: "$3")

    private static func deletionText(where condition: String) -> String {
        """
        UPDATE users SET deleted_at = $4, updated_at = $4, version = version + 1
        WHERE \(condition)
        RETURNING \(UserRow.sessionCount(at: "$4"))
        """
    }

    /// Sets `deleted_at` if the user is there and meets the condition.
    package func markDeleted(
        _ id: UserID, if condition: WriteCondition, at time: Timestamp
    ) async throws(UserError) -> Bool {
        try await ended(by: Self.deletion, Target(id, condition, at: time))
    }

    private static let restoration = UserChange<Target, User>(
        "users_restore",
        """
        UPDATE users SET deleted_at = NULL, updated_at = $4, version = version + 1
        WHERE id = $1 AND deleted_at IS NOT NULL AND ($2::bigint IS NULL OR version = $2)
            AND \(isWithin)
        RETURNING \(UserRow.record)
        """, columns: UserRow.columns, user: \.id,
        encode: { input, parameters throws(PostgresError) in try parameters.append(input) },
        decode: UserRow.user(in:))

    /// Clears `deleted_at` if the user is there, deleted, and meets the condition; the constraints
    /// tell whether something of it is taken by now.
    package func restore(
        _ id: UserID, if condition: WriteCondition, at time: Timestamp
    ) async throws(UserError) -> User? {
        do {
            return try await pool.row(
                Self.restoration, Target(id, condition, at: time), forgettingIn: cache)
        } catch {
            throw UserError(error)
        }
    }

    private static let removal = UserChange<Target, Int64>(
        "users_remove",
        """
        DELETE FROM users WHERE id = $1 AND ($2::bigint IS NULL OR version = $2) AND \(isWithin)
        RETURNING \(UserRow.sessionCount(at: "$4"))
        """, columns: [.int8], user: \.id,
        encode: { input, parameters throws(PostgresError) in try parameters.append(input) },
        decode: { row throws(PostgresError) in try row.int64() })

    /// Deletes the user's row if it is there and meets the condition.
    package func remove(
        _ id: UserID, if condition: WriteCondition, at time: Timestamp
    ) async throws(UserError) -> Bool {
        try await ended(by: Self.removal, Target(id, condition, at: time))
    }

    /// Whether a change has ended a user, which returns how many sessions went with it.
    private func ended(
        by change: UserChange<Target, Int64>, _ target: Target
    ) async throws(UserError) -> Bool {
        do {
            let sessions = try await pool.row(change, target, forgettingIn: cache)
            guard let sessions else { return false }
            onSessionsEnded(Int(sessions))
            return true
        } catch {
            throw UserError(error)
        }
    }
}

/// Which user is meant, what must be so of it, and when it happens.
private struct Target {
    let id: UserID
    let condition: WriteCondition
    let time: Timestamp

    init(_ id: UserID, _ condition: WriteCondition, at time: Timestamp) {
        self.id = id
        self.condition = condition
        self.time = time
    }
}

extension Parameters {
    /// Appends a user's id, what must be so of it, and when it happens.
    fileprivate mutating func append(_ target: Target) throws(PostgresError) {
        try append(target.id.uuid)
        try append(target.condition.version)
        try append(target.condition.limit)
        try append(target.time)
    }
}
