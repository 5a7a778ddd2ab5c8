package import Ambient

/// What can be done with users. It keeps the rules; where users are kept and how passwords are
/// hashed is the business of the two that it is given.
///
/// Every function may throw ``UserError/notPermitted(_:)`` and whatever the repository throws.
package struct UserService<Repository: UserRepository, Hasher: PasswordHasher>: Sendable {
    /// How often a merge is tried when other writers change the same user in between.
    package static var mergeAttemptCountMax: Int { 5 }

    private let repository: Repository
    private let hasher: Hasher
    private let clock: WallClock
    private let ids: UUIDv7Generator

    /// Makes a service; `ids` makes the ids of new users.
    package init(repository: Repository, hasher: Hasher, clock: WallClock, ids: UUIDv7Generator) {
        self.repository = repository
        self.hasher = hasher
        self.clock = clock
        self.ids = ids
    }

    /// Makes a user and returns it as stored.
    /// - Throws: ``UserError/invalid(_:)`` for a password that is missing or gives itself away,
    ///   ``UserError/emailTaken``, ``UserError/externalIDTaken``, ``UserError/idTaken``.
    package func register(_ draft: UserDraft, as caller: Caller) async throws(UserError) -> User {
        try caller.require(.register)
        for member in draft.unusualMembers { try caller.require(.write(member)) }
        try checkPassword(of: draft, as: caller)
        let hash: String? =
            if let password = draft.password { try await hasher.hash(password) } else { nil }
        let user = User(draft, id: draft.id ?? UserID(ids.next()), at: clock.now())
        return try await repository.insert(user, passwordHash: hash)
    }

    /// The user with this id.
    /// - Throws: ``UserError/notFound``.
    package func user(withID id: UserID, as caller: Caller) async throws(UserError) -> User {
        try caller.require(.read)
        return try await requireUser(id)
    }

    /// The users after a place, or from the beginning, the newest first.
    package func page(
        after cursor: UserCursor? = nil, limit: PageLimit = .standard, as caller: Caller
    ) async throws(UserError) -> UserPage {
        try caller.require(.list)
        // One more than asked for shows whether there is a next page.
        let users = try await repository.page(after: cursor, limit: limit.count + 1)
        guard users.count > limit.count else { return UserPage(items: users, next: nil) }
        let items = Array(users.prefix(limit.count))
        return UserPage(items: items, next: items.last.map(UserCursor.init(of:)))
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

    private func requireUser(
        _ id: UserID, in precondition: VersionPrecondition = .any
    ) async throws(UserError) -> User {
        guard let user = try await repository.user(withID: id) else { throw .notFound }
        guard precondition.allows(user.version) else { throw .versionMismatch }
        return user
    }

    private func checkPassword(
        of draft: UserDraft, as caller: Caller
    ) throws(UserError) {
        guard let password = draft.password else {
            guard caller.may(.registerWithoutPassword) else {
                let missing = InvalidValue(.required, "A password is required.")
                throw .invalid([UserFault(.password, missing)])
            }
            return
        }
        do {
            try password.check(email: draft.email, displayName: draft.displayName)
        } catch {
            throw .invalid([UserFault(.password, error)])
        }
    }

    /// The one version that a write is to find; nil for any. Several are narrowed down to the one
    /// that the user has.
    private func expectedVersion(
        of id: UserID, _ precondition: VersionPrecondition
    ) async throws(UserError) -> Int64? {
        switch precondition {
        case .any: nil
        case .oneOf(let versions):
            if versions.count == 1, let version = versions.first {
                version
            } else {
                try await requireUser(id, in: precondition).version
            }
        }
    }

    /// Why a write found no user with this id and version.
    private func reasonForNoMatch(
        _ id: UserID, expecting version: Int64?
    ) async throws(UserError) -> UserError {
        guard version != nil else { return .notFound }
        return try await repository.user(withID: id) == nil ? .notFound : .versionMismatch
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
