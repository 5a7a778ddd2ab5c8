import Ambient

extension UserService {
    /// Deletes a user so that it can be restored.
    /// - Throws: ``UserError/notFound``, ``UserError/versionMismatch``.
    package func delete(
        _ id: UserID, expecting precondition: VersionPrecondition = .any, as caller: Caller
    ) async throws(UserError) {
        try caller.require(.delete)
        let version = try await expectedVersion(of: id, precondition)
        let isDeleted = try await repository.markDeleted(id, expecting: version, at: clock.now())
        guard isDeleted else { throw try await reasonForNoMatch(id, expecting: version) }
    }

    /// Removes a user, deleted or not, for good.
    /// - Throws: ``UserError/notFound``, ``UserError/versionMismatch``.
    package func deleteForGood(
        _ id: UserID, expecting precondition: VersionPrecondition = .any, as caller: Caller
    ) async throws(UserError) {
        try caller.require(.deleteForGood)
        let version = try await expectedVersion(of: id, precondition, includingDeleted: true)
        guard try await repository.remove(id, expecting: version) else {
            throw try await reasonForNoMatch(id, expecting: version, includingDeleted: true)
        }
    }

    /// Brings a deleted user back and returns it as stored; a user who is not deleted stays as it
    /// is, so that a client may ask again who has not heard the answer.
    /// - Throws: ``UserError/notFound``, ``UserError/versionMismatch``, ``UserError/emailTaken``,
    ///   ``UserError/externalIDTaken``.
    package func restore(
        _ id: UserID, expecting precondition: VersionPrecondition = .any, as caller: Caller
    ) async throws(UserError) -> User {
        try caller.require(.restore)
        let version = try await expectedVersion(of: id, precondition, includingDeleted: true)
        let restored = try await repository.restore(id, expecting: version, at: clock.now())
        if let restored { return restored }
        let user = try await requireUser(id, in: precondition, includingDeleted: true)
        guard user.deletedAt != nil else { return user }
        // Somebody has changed it in between.
        throw precondition == .any ? .unavailable(.contended, cause: nil) : .versionMismatch
    }
}
