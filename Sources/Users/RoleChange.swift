/// What becomes of the roles of a user.
package enum RoleChange: Hashable, Sendable {
    /// They are these from now on.
    case replace(RoleSet)
    /// This one is added.
    case grant(RoleName)
    /// This one is taken away.
    case revoke(RoleName)

    /// The roles that a user is to hold afterwards whether or not held before.
    package var granted: [RoleName] {
        switch self {
        case .replace(let roles): roles.names
        case .grant(let role): [role]
        case .revoke: []
        }
    }

    /// Whether somebody who holds `roles` stays as it is.
    package func keeps(_ roles: RoleSet) -> Bool {
        switch self {
        case .replace(let wanted): wanted == roles
        case .grant(let role): roles.names.contains(role)
        case .revoke(let role): !roles.names.contains(role)
        }
    }
}
