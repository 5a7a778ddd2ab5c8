package import Ambient

/// What can be done with users. It keeps the rules; where users are kept and how passwords are
/// hashed is the business of the two that it is given.
///
/// Every function may throw ``UserError/notPermitted(_:)`` and whatever the repository throws.
package struct UserService<Repository: UserRepository, Hasher: PasswordHasher>: Sendable {
    /// How often a merge is tried when other writers change the same user in between.
    package static var mergeAttemptCountMax: Int { 5 }

    let repository: Repository
    let hasher: Hasher
    let clock: WallClock
    let ids: UUIDv7Generator

    /// Makes a service; `ids` makes the ids of new users.
    package init(repository: Repository, hasher: Hasher, clock: WallClock, ids: UUIDv7Generator) {
        self.repository = repository
        self.hasher = hasher
        self.clock = clock
        self.ids = ids
    }

    /// The user with this id.
    /// - Parameter includingDeleted: Whether a deleted user is found, too.
    /// - Throws: ``UserError/notFound``.
    package func user(
        withID id: UserID, includingDeleted: Bool = false, as caller: Caller
    ) async throws(UserError) -> User {
        try caller.require(.read)
        if includingDeleted { try caller.require(.readDeleted) }
        return try await requireUser(id, includingDeleted: includingDeleted)
    }

    /// Whether there is a user with this id who is not deleted.
    package func isThere(_ id: UserID, as caller: Caller) async throws(UserError) -> Bool {
        try caller.require(.replace)
        return try await repository.user(withID: id) != nil
    }

    /// The users selected, after a place or from the beginning.
    /// - Parameter total: Whether and how exactly all of them are counted.
    package func page(
        of selection: UserSelection = .all, after cursor: UserCursor? = nil,
        limit: PageLimit = .standard, total: TotalKind = .none, as caller: Caller
    ) async throws(UserError) -> UserPage {
        try caller.require(.list)
        if selection.includesDeleted { try caller.require(.readDeleted) }
        var page = try await repository.page(of: selection, after: cursor, limit: limit)
        if total != .none {
            page.total = try await repository.count(of: selection, isExact: total == .exact)
        }
        return page
    }

    /// Changes a user and returns it as stored; a patch that asks for nothing returns the user as
    /// it is, in the version that it has.
    /// - Throws: ``UserError/notFound``, ``UserError/versionMismatch``, ``UserError/emailTaken``,
    ///   ``UserError/externalIDTaken``, ``UserError/invalid(_:)`` for merged metadata.
    package func change(
        _ id: UserID, by patch: UserPatch, expecting precondition: VersionPrecondition = .any,
        as caller: Caller
    ) async throws(UserError) -> User {
        let patch = try await permitted(patch, of: id, to: caller)
        if patch.isEmpty {
            try caller.require(.read)
            return try await requireUser(id, in: precondition)
        }
        if patch.needsCurrentUser { return try await merge(patch, into: id, precondition) }
        let version = try await expectedVersion(of: id, precondition)
        let changed = try await repository.update(
            id, patch.changes, expecting: version, at: clock.now())
        guard let changed else { throw try await reasonForNoMatch(id, expecting: version) }
        return changed
    }

    /// Gives a user's members the values of `changes`, all of them but perhaps the roles, and
    /// returns it as stored.
    /// - Throws: ``UserError/notFound``, ``UserError/versionMismatch``, ``UserError/emailTaken``,
    ///   ``UserError/externalIDTaken``.
    package func replace(
        _ id: UserID, by changes: UserChanges, expecting precondition: VersionPrecondition = .any,
        as caller: Caller
    ) async throws(UserError) -> User {
        try caller.require(.replace)
        var patch = UserPatch()
        patch.changes = changes
        return try await change(id, by: patch, expecting: precondition, as: caller)
    }
}

extension UserService {
    /// The patch without the members that the caller may not write and that are as they were: a
    /// client may send back what it has read.
    private func permitted(
        _ patch: UserPatch, of id: UserID, to caller: Caller
    ) async throws(UserError) -> UserPatch {
        let isPermitted = patch.members.allSatisfy { caller.may(.write($0)) }
        guard !isPermitted else { return patch }
        var patch = patch
        patch.changes.dropUnchanged(comparedWith: try await requireUser(id))
        for member in patch.members { try caller.require(.write(member)) }
        return patch
    }

    /// The user with this id, who must be there in one of the versions that are expected.
    func requireUser(
        _ id: UserID, in precondition: VersionPrecondition = .any, includingDeleted: Bool = false
    ) async throws(UserError) -> User {
        guard let user = try await user(withID: id, includingDeleted: includingDeleted) else {
            throw .notFound
        }
        guard precondition.allows(user.version) else { throw .versionMismatch }
        return user
    }

    private func user(
        withID id: UserID, includingDeleted: Bool
    ) async throws(UserError) -> User? {
        includingDeleted
            ? try await repository.userOrDeleted(withID: id)
            : try await repository.user(withID: id)
    }

    /// The one version that a write is to find; nil for any. Several are narrowed down to the one
    /// that the user has.
    func expectedVersion(
        of id: UserID, _ precondition: VersionPrecondition, includingDeleted: Bool = false
    ) async throws(UserError) -> Int64? {
        switch precondition {
        case .any: nil
        case .oneOf(let versions):
            if versions.count == 1, let version = versions.first {
                version
            } else {
                try await requireUser(
                    id, in: precondition, includingDeleted: includingDeleted
                ).version
            }
        }
    }

    /// Why a write found no user with this id and version.
    func reasonForNoMatch(
        _ id: UserID, expecting version: Int64?, includingDeleted: Bool = false
    ) async throws(UserError) -> UserError {
        guard version != nil else { return .notFound }
        let user = try await user(withID: id, includingDeleted: includingDeleted)
        return user == nil ? .notFound : .versionMismatch
    }

    /// Reads, merges, and writes if the user is still the same; else once more.
    private func merge(
        _ patch: UserPatch, into id: UserID, _ precondition: VersionPrecondition
    ) async throws(UserError) -> User {
        for _ in 0..<Self.mergeAttemptCountMax {
            let user = try await requireUser(id, in: precondition)
            let changed = try await repository.update(
                id, patch.changes(to: user), expecting: user.version, at: clock.now())
            if let changed { return changed }
        }
        throw .unavailable(.contended, cause: nil)
    }
}
