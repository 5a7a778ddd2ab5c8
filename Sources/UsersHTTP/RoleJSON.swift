import Ambient
import JSON
import Users

/// Roles as JSON texts.
enum RoleJSON {
    /// One role.
    static func text(of role: Role) -> [UInt8] {
        JSONWriter.object(capacity: 256) { $0.members(of: role) }
    }

    /// All roles.
    static func text(of roles: [Role]) -> [UInt8] {
        JSONWriter.object(capacity: 64 + 256 * roles.count) { body in
            body.array("items") { items in
                for role in roles { items.object { $0.members(of: role) } }
            }
        }
    }

    /// The roles of one user.
    static func text(of roles: RoleSet) -> [UInt8] {
        JSONWriter.object(capacity: 64) { body in
            body.array("roles") { names in
                for role in roles.names { names.element(role.rawValue) }
            }
        }
    }

    /// The permissions of a set, by name.
    static func names(of permissions: PermissionSet) -> [String] {
        permissions.permissions.map(\.rawValue).sorted()
    }
}

extension JSONObjectWriter {
    /// Writes the members of a role in the order of docs/api.md.
    fileprivate mutating func members(of role: Role) {
        member("name", role.name.rawValue)
        array("permissions") { permissions in
            for name in RoleJSON.names(of: role.permissions) { permissions.element(name) }
        }
        member("built_in", role.name.isBuiltIn)
        member("created_at", role.createdAt)
        member("updated_at", role.updatedAt)
    }
}
