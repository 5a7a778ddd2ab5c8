package import Ambient
package import Users

/// A repository of which everything fails with the same error.
package struct FailingRepository: UserRepository {
    private let error: UserError

    /// Makes a repository that fails with `error`.
    package init(_ error: UserError) { self.error = error }

    package func insert(_ user: User, passwordHash: String?) async throws(UserError) -> User {
        throw error
    }

    package func reserve(
        _ reservation: RegistrationAttempt.Reservation
    ) async throws(UserError) -> RegistrationAttempt.Known? {
        throw error
    }

    package func insert(
        _ user: User, passwordHash: String?,
        completing reservation: RegistrationAttempt.Reservation
    ) async throws(UserError) -> User? {
        throw error
    }

    package func release(_ reservation: RegistrationAttempt.Reservation) async throws(UserError) {
        throw error
    }

    package func user(withID id: UserID) async throws(UserError) -> User? { throw error }

    package func userOrDeleted(withID id: UserID) async throws(UserError) -> User? {
        throw error
    }

    package func page(
        of selection: UserSelection, after cursor: UserCursor?, limit: PageLimit
    ) async throws(UserError) -> UserPage {
        throw error
    }

    package func count(
        of selection: UserSelection, isExact: Bool
    ) async throws(UserError) -> Int64? {
        throw error
    }

    package func update(
        _ id: UserID, _ changes: UserChanges, expecting version: Int64?, at time: Timestamp
    ) async throws(UserError) -> User? {
        throw error
    }

    package func markDeleted(
        _ id: UserID, expecting version: Int64?, at time: Timestamp
    ) async throws(UserError) -> Bool {
        throw error
    }

    package func restore(
        _ id: UserID, expecting version: Int64?, at time: Timestamp
    ) async throws(UserError) -> User? {
        throw error
    }

    package func remove(_ id: UserID, expecting version: Int64?) async throws(UserError) -> Bool {
        throw error
    }
}
