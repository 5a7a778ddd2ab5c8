import Ambient

extension UserService {
    /// The user with this id, for its roles.
    /// - Throws: ``UserError/notFound``.
    package func userForRoles(
        _ id: UserID, as caller: Caller
    ) async throws(UserError) -> User {
        try caller.require(.readRoles, with: id)
        return try await requireUser(id)
    }

    /// Changes a user's roles and returns the user as stored; a user who holds them as they are to
    /// be stays in the version that it has.
    /// - Throws: ``UserError/notFound``, ``UserError/versionMismatch``, ``UserError/roleNotFound``
    ///   for one role to be granted, ``UserError/unknownRole`` for one of many,
    ///   ``UserError/invalid(_:)`` for too many.
    package func changeRoles(
        of id: UserID, by change: RoleChange, expecting precondition: VersionPrecondition = .any,
        as caller: Caller
    ) async throws(UserError) -> User {
        try caller.require(.write(.roles), with: id)
        let condition = WriteCondition(
            version: try await expectedVersion(of: id, precondition), limit: caller.limit)
        if let changed = try await write(change, to: id, if: condition) {
            events.happened(change.event(of: id))
            await access.accessChanged(of: id)
            return changed
        }
        let user = try await requireUser(id, in: precondition)
        let roles = user.roles.names + change.granted
        guard try await areRoles(roles, within: condition.limit) else { throw .outranked }
        guard change.keeps(user.roles) else { throw .unavailable(.contended, cause: nil) }
        return user
    }

    private func write(
        _ change: RoleChange, to id: UserID, if condition: WriteCondition
    ) async throws(UserError) -> User? {
        do {
            return try await repository.changeRoles(
                of: id, by: change, if: condition, at: clock.now())
        } catch .unknownRole {
            guard case .grant = change else { throw .unknownRole }
            throw .roleNotFound
        }
    }
}

extension RoleChange {
    /// What has happened when a user was changed by this.
    fileprivate func event(of id: UserID) -> UserEvent {
        switch self {
        case .replace: .userRolesSet(id)
        case .grant(let role): .roleGranted(id, role)
        case .revoke(let role): .roleRevoked(id, role)
        }
    }
}
