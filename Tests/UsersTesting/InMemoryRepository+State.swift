import Ambient
import Users

extension InMemoryRepository.State {
    func isHeld(_ reservation: RegistrationAttempt.Reservation) -> Bool {
        guard let known = attempts[reservation.attempt.name] else { return false }
        return known.user == nil && known.end == reservation.end
    }

    mutating func insert(
        _ user: User, _ passwordHash: String?, within limit: PermissionSet?
    ) throws(UserError) {
        if !insertionErrors.isEmpty { throw insertionErrors.removeFirst() }
        guard areRoles(user.roles.names, within: limit) else { throw .outranked }
        try requireRoles(of: user)
        guard users[user.id] == nil else { throw .idTaken }
        try checkUniqueness(of: user)
        users[user.id] = user
        passwordHashes[user.id] = passwordHash
    }

    func match(_ id: UserID, _ condition: WriteCondition) -> User? {
        guard let user = users[id], user.deletedAt == nil else { return nil }
        return meets(user, condition) ? user : nil
    }

    func meets(_ user: User, _ condition: WriteCondition) -> Bool {
        (condition.version == nil || condition.version == user.version)
            && areRoles(user.roles.names, within: condition.limit)
    }

    func permissions(of names: [RoleName]) -> PermissionSet {
        names.reduce(into: []) { $0.formUnion(roles[$1]?.permissions ?? []) }
    }

    private func areRoles(_ names: [RoleName], within limit: PermissionSet?) -> Bool {
        limit?.isSuperset(of: permissions(of: names)) ?? true
    }

    private func requireRoles(of user: User) throws(UserError) {
        guard user.roles.names.allSatisfy({ roles[$0] != nil }) else { throw .unknownRole }
    }

    func requireOtherAdministrator(than user: User) throws(UserError) {
        guard user.isActiveAdministrator else { return }
        let others = users.values.filter { $0.id != user.id && $0.isActiveAdministrator }
        guard !others.isEmpty else { throw .lastAdministrator }
    }

    func checkUniqueness(of user: User) throws(UserError) {
        for other in users.values where other.id != user.id && other.deletedAt == nil {
            if other.email.key == user.email.key { throw .emailTaken }
            if let id = user.externalID, id == other.externalID { throw .externalIDTaken }
        }
    }

    mutating func update(
        _ id: UserID, _ changes: UserChanges, if condition: WriteCondition, at time: Timestamp
    ) throws(UserError) -> User? {
        let granted = changes.roles.value?.names ?? []
        guard var user = match(id, condition), areRoles(granted, within: condition.limit) else {
            return nil
        }
        let before = user
        if case .set(let value) = changes.externalID { user.externalID = value }
        if case .set(let value) = changes.email {
            user.isEmailVerified = user.isEmailVerified && user.email.rawValue == value.rawValue
            user.email = value
        }
        if case .set(let value) = changes.displayName { user.displayName = value }
        if case .set(let value) = changes.locale { user.locale = value }
        if case .set(let value) = changes.timeZone { user.timeZone = value }
        if case .set(let value) = changes.status { user.status = value }
        if case .set(let value) = changes.roles { user.roles = value }
        if case .set(let value) = changes.metadata { user.metadata = value }
        if case .set(let value) = changes.adminMetadata { user.adminMetadata = value }
        if user.roles != before.roles { try requireRoles(of: user) }
        if !user.isActiveAdministrator { try requireOtherAdministrator(than: before) }
        try checkUniqueness(of: user)
        user.updatedAt = time
        user.version += 1
        users[id] = user
        return user
    }
}

extension [RoleName: Role] {
    /// The roles that there are always.
    static var builtIn: Self {
        let time = Timestamp(microsecondsSince1970: 0)
        return [
            .admin: Role(name: .admin, permissions: .all, createdAt: time, updatedAt: time),
            .member: Role(name: .member, permissions: [], createdAt: time, updatedAt: time),
        ]
    }
}

extension User {
    fileprivate var isActiveAdministrator: Bool {
        roles.names.contains(.admin) && status == .active && deletedAt == nil
    }
}

extension RoleChange {
    /// The roles of somebody who held `roles` and is changed by this.
    func outcome(from roles: RoleSet) throws(UserError) -> RoleSet {
        switch self {
        case .replace(let wanted): return wanted
        case .revoke(let role): return RoleSet(trusted: roles.names.filter { $0 != role })
        case .grant(let role):
            do {
                return try RoleSet(roles.names + [role])
            } catch {
                throw .invalid([UserFault(.roles, error)])
            }
        }
    }
}
