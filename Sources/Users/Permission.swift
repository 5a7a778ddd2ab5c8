/// What a role can allow its holders (docs/api.md).
package enum Permission: String, CaseIterable, Sendable {
    /// Reading and listing users.
    case usersRead = "users:read"
    /// Creating, changing and deleting users.
    case usersWrite = "users:write"
    /// Granting, revoking and defining roles.
    case rolesWrite = "roles:write"
}

extension Permission: ParsableFromText {
    /// Parses the name of a permission, such as `users:read`.
    package init(parsing text: String) throws(InvalidValue) {
        guard let permission = Self(rawValue: text) else {
            throw InvalidValue(
                .invalidPermission,
                "A permission is one of \(Self.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        self = permission
    }
}

/// Some permissions, a bit for each.
package struct PermissionSet: OptionSet, Hashable, Sendable {
    /// The bits; they mean the same only within one process, and are not stored.
    package let rawValue: UInt8

    /// Takes bits.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// One permission.
    package init(_ permission: Permission) {
        switch permission {
        case .usersRead: self.init(rawValue: 1)
        case .usersWrite: self.init(rawValue: 2)
        case .rolesWrite: self.init(rawValue: 4)
        }
    }

    /// Only ``Permission/usersRead``.
    package static let usersRead = PermissionSet(.usersRead)
    /// Only ``Permission/usersWrite``.
    package static let usersWrite = PermissionSet(.usersWrite)
    /// Only ``Permission/rolesWrite``.
    package static let rolesWrite = PermissionSet(.rolesWrite)
    /// Every permission that there is.
    package static let all = PermissionSet(Permission.allCases.map(PermissionSet.init))

    /// The permissions in the set, in the order of their declaration.
    package var permissions: [Permission] {
        Permission.allCases.filter { contains(PermissionSet($0)) }
    }
}
