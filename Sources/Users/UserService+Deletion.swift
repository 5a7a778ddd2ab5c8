import Ambient

extension UserService {
    /// Deletes a user so that it can be restored.
    /// - Throws: ``UserError/notFound``, ``UserError/versionMismatch``.
    package func delete(
        _ id: UserID, expecting precondition: VersionPrecondition = .any, as caller: Caller
    ) async throws(UserError) {
        try caller.require(.delete, with: id)
        let condition = WriteCondition(
            version: try await expectedVersion(of: id, precondition), limit: caller.limit(with: id))
        guard try await repository.markDeleted(id, if: condition, at: clock.now()) else {
            throw try await reasonForNoMatch(id, if: condition)
        }
        events.happened(.userDeleted(id))
        await access.accessChanged(of: id)
    }

    /// Removes a user, deleted or not, for good.
    /// - Throws: ``UserError/notFound``, ``UserError/versionMismatch``.
    package func deleteForGood(
        _ id: UserID, expecting precondition: VersionPrecondition = .any, as caller: Caller
    ) async throws(UserError) {
        try caller.require(.deleteForGood)
        let condition = WriteCondition(
            version: try await expectedVersion(of: id, precondition, includingDeleted: true),
            limit: caller.limit(with: id))
        guard try await repository.remove(id, if: condition, at: clock.now()) else {
            throw try await reasonForNoMatch(id, if: condition, includingDeleted: true)
        }
        events.happened(.userRemoved(id))
        await access.accessChanged(of: id)
    }

    /// Brings a deleted user back and returns it as stored; a user who is not deleted stays as it
    /// is, so that a client may ask again who has not heard the answer.
    /// - Throws: ``UserError/notFound``, ``UserError/versionMismatch``, ``UserError/emailTaken``,
    ///   ``UserError/externalIDTaken``.
    package func restore(
        _ id: UserID, expecting precondition: VersionPrecondition = .any, as caller: Caller
    ) async throws(UserError) -> User {
        try caller.require(.restore)
        let condition = WriteCondition(
            version: try await expectedVersion(of: id, precondition, includingDeleted: true),
            limit: caller.limit(with: id))
        let restored = try await repository.restore(id, if: condition, at: clock.now())
        if let restored {
            events.happened(.userRestored(id))
            await access.accessChanged(of: id)
            return restored
        }
        let user = try await requireUser(id, in: precondition, includingDeleted: true)
        guard user.deletedAt != nil else { return user }
        guard try await areRoles(user.roles.names, within: condition.limit) else {
            throw .outranked
        }
        // Somebody has changed it in between.
        throw precondition == .any ? .unavailable(.contended, cause: nil) : .versionMismatch
    }
}
