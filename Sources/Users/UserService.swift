package import Ambient

/// What can be done with users. It keeps the rules; where users are kept and how passwords are
/// hashed and verified is the business of those that it is given.
///
/// Nobody changes or deletes a user who holds a permission that the caller lacks, nor grants one:
/// that is ``UserError/outranked``, and the last administrator stays one
/// (``UserError/lastAdministrator``). Every function may throw ``UserError/notPermitted(_:)`` and
/// whatever the repository throws.
package struct UserService<Repository: UserRepository, Hasher: PasswordHasher>: Sendable {
    /// How often a merge is tried when other writers change the same user in between.
    package static var mergeAttemptCountMax: Int { 5 }

    let repository: Repository
    let hasher: Hasher
    let passwords: any PasswordVerifier
    let access: any AccessObserver
    let events: any UserEvents
    let clock: WallClock
    let ids: UUIDv7Generator

    /// Makes a service; `ids` makes the ids of new users.
    package init(
        repository: Repository, hasher: Hasher, passwords: any PasswordVerifier,
        access: any AccessObserver, events: any UserEvents, clock: WallClock, ids: UUIDv7Generator
    ) {
        self.repository = repository
        self.hasher = hasher
        self.passwords = passwords
        self.access = access
        self.events = events
        self.clock = clock
        self.ids = ids
    }

    /// The user with this id.
    /// - Parameter includingDeleted: Whether a deleted user is found, too.
    /// - Throws: ``UserError/notFound``.
    package func user(
        withID id: UserID, includingDeleted: Bool = false, as caller: Caller
    ) async throws(UserError) -> User {
        try caller.require(.read, with: id)
        if includingDeleted {
            try caller.require(.readDeleted)
            return try await requireUser(id, includingDeleted: true)
        }
        guard let user = try await repository.userToShow(withID: id) else { throw .notFound }
        return user
    }

    /// The user with this id, for somebody who changes the user and may compare before. The answer
    /// to a change shows all of it, so who may make any sees nothing more.
    /// - Throws: ``UserError/notFound``.
    package func user(withID id: UserID, changedBy caller: Caller) async throws(UserError) -> User {
        if !caller.may(.replace) { try caller.require(.read, with: id) }
        return try await requireUser(id)
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
    ///   ``UserError/externalIDTaken``, ``UserError/unknownRole``, ``UserError/invalid(_:)`` for
    ///   merged metadata and without the current password where it is needed,
    ///   ``UserError/wrongCurrentPassword``.
    package func change(
        _ id: UserID, by patch: UserPatch, expecting precondition: VersionPrecondition = .any,
        as caller: Caller
    ) async throws(UserError) -> User {
        let patch = try await permitted(patch, of: id, to: caller)
        if patch.isEmpty {
            if !caller.may(.replace) { try caller.require(.read, with: id) }
            return try await requireUser(id, in: precondition)
        }
        // What somebody does with itself is no matter, but for the roles that it would get.
        let limit = patch.changes.roles.isKept ? caller.limit(with: id) : caller.limit
        let changed =
            patch.needsCurrentUser
            ? try await merge(patch, into: id, precondition, within: limit)
            : try await write(patch.changes, to: id, precondition, within: limit)
        await tell(of: patch.changes, to: id)
        return changed
    }

    /// Gives a user's members the values of `changes`, all of them but perhaps the roles, and
    /// returns it as stored.
    /// - Throws: ``UserError/notFound``, ``UserError/versionMismatch``, ``UserError/emailTaken``,
    ///   ``UserError/externalIDTaken``, ``UserError/unknownRole``.
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
        let isPermitted = patch.members.allSatisfy { caller.may(.write($0), with: id) }
        guard !isPermitted else { return patch }
        var patch = patch
        patch.changes.dropUnchanged(comparedWith: try await requireUser(id))
        for member in patch.members where !caller.may(.write(member), with: id) {
            guard caller.mayWithPassword(.write(member), with: id) else {
                throw .notPermitted(.write(member))
            }
            try await check(patch.currentPassword, of: id)
        }
        return patch
    }

    private func check(_ currentPassword: String?, of id: UserID) async throws(UserError) {
        guard let currentPassword else {
            let missing = InvalidValue(
                .required, "The current password is needed to change the address.")
            throw .invalid([UserFault(pointer: "/current_password", missing)])
        }
        guard currentPassword.utf8.count <= PasswordPolicy.octetsMax,
            try await passwords.isPassword(currentPassword, of: id)
        else { throw .wrongCurrentPassword }
    }

    /// Tells of what may end or change what the user's tokens allow.
    private func tell(of changes: UserChanges, to id: UserID) async {
        if let status = changes.status.value { events.happened(.userStatusSet(id, status)) }
        if !changes.roles.isKept { events.happened(.userRolesSet(id)) }
        guard !changes.status.isKept || !changes.roles.isKept else { return }
        await access.accessChanged(of: id)
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

    /// Why a write found no user with this id who meets the condition.
    /// - Parameter roles: Those that the write would have given.
    func reasonForNoMatch(
        _ id: UserID, if condition: WriteCondition, granting roles: [RoleName] = [],
        includingDeleted: Bool = false
    ) async throws(UserError) -> UserError {
        guard condition != WriteCondition() else { return .notFound }
        guard let user = try await user(withID: id, includingDeleted: includingDeleted) else {
            return .notFound
        }
        guard condition.version == nil || condition.version == user.version else {
            return .versionMismatch
        }
        guard try await areRoles(user.roles.names + roles, within: condition.limit) else {
            return .outranked
        }
        // Somebody has changed it in between.
        return condition.version == nil ? .unavailable(.contended, cause: nil) : .versionMismatch
    }

    /// Whether roles allow nothing beyond a limit, if there is one.
    func areRoles(
        _ roles: [RoleName], within limit: PermissionSet?
    ) async throws(UserError) -> Bool {
        guard let limit else { return true }
        return try await limit.isSuperset(of: repository.permissions(of: roles))
    }

    private func write(
        _ changes: UserChanges, to id: UserID, _ precondition: VersionPrecondition,
        within limit: PermissionSet?
    ) async throws(UserError) -> User {
        let condition = WriteCondition(
            version: try await expectedVersion(of: id, precondition), limit: limit)
        let changed = try await repository.update(id, changes, if: condition, at: clock.now())
        if let changed { return changed }
        throw try await reasonForNoMatch(
            id, if: condition, granting: changes.roles.value?.names ?? [])
    }

    /// Reads, merges, and writes if the user is still the same; else once more.
    private func merge(
        _ patch: UserPatch, into id: UserID, _ precondition: VersionPrecondition,
        within limit: PermissionSet?
    ) async throws(UserError) -> User {
        let granted = patch.changes.roles.value?.names ?? []
        for _ in 0..<Self.mergeAttemptCountMax {
            let user = try await requireUser(id, in: precondition)
            let changed = try await repository.update(
                id, patch.changes(to: user),
                if: WriteCondition(version: user.version, limit: limit), at: clock.now())
            if let changed { return changed }
            guard try await areRoles(user.roles.names + granted, within: limit) else {
                throw .outranked
            }
        }
        throw .unavailable(.contended, cause: nil)
    }
}
