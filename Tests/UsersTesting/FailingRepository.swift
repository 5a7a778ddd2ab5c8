package import Ambient
package import Users

/// A repository of which everything fails with the same error.
package struct FailingRepository: UserRepository {
    private let error: UserError

    /// Makes a repository that fails with `error`.
    package init(_ error: UserError) { self.error = error }

    package func insert(
        _ user: User, passwordHash: String?, within limit: PermissionSet?
    ) async throws(UserError) -> User {
        throw error
    }

    package func reserve(
        _ reservation: RegistrationAttempt.Reservation
    ) async throws(UserError) -> RegistrationAttempt.Known? {
        throw error
    }

    package func insert(
        _ user: User, passwordHash: String?, within limit: PermissionSet?,
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
        _ id: UserID, _ changes: UserChanges, if condition: WriteCondition, at time: Timestamp
    ) async throws(UserError) -> User? {
        throw error
    }

    package func changeRoles(
        of id: UserID, by change: RoleChange, if condition: WriteCondition, at time: Timestamp
    ) async throws(UserError) -> User? {
        throw error
    }

    package func permissions(of roles: [RoleName]) async throws(UserError) -> PermissionSet {
        throw error
    }

    package func markDeleted(
        _ id: UserID, if condition: WriteCondition, at time: Timestamp
    ) async throws(UserError) -> Bool {
        throw error
    }

    package func restore(
        _ id: UserID, if condition: WriteCondition, at time: Timestamp
    ) async throws(UserError) -> User? {
        throw error
    }

    package func remove(
        _ id: UserID, if condition: WriteCondition, at time: Timestamp
    ) async throws(UserError) -> Bool {
        throw error
    }
}

extension FailingRepository: RoleRepository {
    package func roles() async throws(UserError) -> [Role] { throw error }

    package func role(named name: RoleName) async throws(UserError) -> Role? { throw error }

    package func insert(_ role: Role) async throws(UserError) -> Bool { throw error }

    package func update(
        _ name: RoleName, _ permissions: PermissionSet, within limit: PermissionSet?,
        at time: Timestamp
    ) async throws(UserError) -> Role? {
        throw error
    }

    package func remove(
        _ name: RoleName, within limit: PermissionSet?
    ) async throws(UserError) -> Bool {
        throw error
    }
}
