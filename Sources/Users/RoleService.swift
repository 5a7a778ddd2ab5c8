package import Ambient

/// What can be done with roles. Nobody gives a role a permission that the caller lacks, nor changes
/// or deletes a role that has one.
///
/// Every function may throw ``UserError/notPermitted(_:)`` and whatever the repository throws.
package struct RoleService<Repository: RoleRepository>: Sendable {
    private let repository: Repository
    private let access: any AccessObserver
    private let events: any UserEvents
    private let clock: WallClock

    /// Makes a service.
    package init(
        repository: Repository, access: any AccessObserver, events: any UserEvents,
        clock: WallClock
    ) {
        self.repository = repository
        self.access = access
        self.events = events
        self.clock = clock
    }

    /// All roles, by name.
    package func roles(as caller: Caller) async throws(UserError) -> [Role] {
        try caller.require(.manageRoles)
        return try await repository.roles()
    }

    /// The role of this name.
    /// - Throws: ``UserError/roleNotFound``.
    package func role(named name: RoleName, as caller: Caller) async throws(UserError) -> Role {
        try caller.require(.manageRoles)
        guard let role = try await repository.role(named: name) else { throw .roleNotFound }
        return role
    }

    /// Makes a role and returns it as stored.
    /// - Throws: ``UserError/outranked``, ``UserError/roleExists``, ``UserError/tooManyRoles``.
    package func create(
        _ name: RoleName, _ permissions: PermissionSet, as caller: Caller
    ) async throws(UserError) -> Role {
        try caller.require(.manageRoles)
        guard caller.permissions.isSuperset(of: permissions) else { throw .outranked }
        let now = clock.now()
        let role = Role(name: name, permissions: permissions, createdAt: now, updatedAt: now)
        guard try await repository.insert(role) else { throw .tooManyRoles }
        events.happened(.roleCreated(name))
        return role
    }

    /// Gives a role these permissions and no others, and returns it as stored. A built-in role
    /// takes those that it has.
    /// - Throws: ``UserError/roleNotFound``, ``UserError/outranked``, ``UserError/roleBuiltIn``.
    package func change(
        _ name: RoleName, to permissions: PermissionSet, as caller: Caller
    ) async throws(UserError) -> Role {
        try caller.require(.manageRoles)
        if name.isBuiltIn {
            let role = try await role(named: name, as: caller)
            guard role.permissions == permissions else { throw .roleBuiltIn }
            return role
        }
        guard caller.permissions.isSuperset(of: permissions) else { throw .outranked }
        let changed = try await repository.update(
            name, permissions, within: caller.limit, at: clock.now())
        guard let changed else { throw try await reasonForNoMatch(name) }
        events.happened(.roleChanged(name))
        await access.accessChanged(ofHoldersOf: name)
        return changed
    }

    /// Removes a role that nobody holds.
    /// - Throws: ``UserError/roleNotFound``, ``UserError/outranked``, ``UserError/roleBuiltIn``,
    ///   ``UserError/roleInUse``.
    package func delete(_ name: RoleName, as caller: Caller) async throws(UserError) {
        try caller.require(.manageRoles)
        guard !name.isBuiltIn else { throw .roleBuiltIn }
        guard try await repository.remove(name, within: caller.limit) else {
            throw try await reasonForNoMatch(name)
        }
        events.happened(.roleDeleted(name))
    }

    /// Why a write found no role of this name within what the caller is allowed.
    private func reasonForNoMatch(_ name: RoleName) async throws(UserError) -> UserError {
        try await repository.role(named: name) == nil ? .roleNotFound : .outranked
    }
}
