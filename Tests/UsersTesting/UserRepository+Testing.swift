package import Ambient
package import Users

/// Writes that any caller may do, whatever the user may.
extension UserRepository {
    /// Keeps a new user with any roles.
    package func insert(_ user: User, passwordHash: String?) async throws(UserError) -> User {
        try await insert(user, passwordHash: passwordHash, within: nil)
    }

    /// Keeps a new user with any roles and remembers the attempt.
    package func insert(
        _ user: User, passwordHash: String?,
        completing reservation: RegistrationAttempt.Reservation
    ) async throws(UserError) -> User? {
        try await insert(
            user, passwordHash: passwordHash, within: nil, completing: reservation)
    }

    /// Writes changes of a user in a version.
    package func update(
        _ id: UserID, _ changes: UserChanges, expecting version: Int64?, at time: Timestamp
    ) async throws(UserError) -> User? {
        try await update(id, changes, if: WriteCondition(version: version), at: time)
    }

    /// Marks a user in a version as deleted.
    package func markDeleted(
        _ id: UserID, expecting version: Int64?, at time: Timestamp
    ) async throws(UserError) -> Bool {
        try await markDeleted(id, if: WriteCondition(version: version), at: time)
    }

    /// Brings a user in a version back.
    package func restore(
        _ id: UserID, expecting version: Int64?, at time: Timestamp
    ) async throws(UserError) -> User? {
        try await restore(id, if: WriteCondition(version: version), at: time)
    }

    /// Removes a user in a version.
    package func remove(
        _ id: UserID, expecting version: Int64?, at time: Timestamp
    ) async throws(UserError) -> Bool {
        try await remove(id, if: WriteCondition(version: version), at: time)
    }
}
