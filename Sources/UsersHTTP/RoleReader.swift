import Ambient
import JSON
import Users

/// Reads what requests say of a role.
enum RoleReader {
    /// The members of a role that clients write.
    private enum Name {
        static let name = "name"
        static let permissions = "permissions"
    }

    /// Reads what a `POST /roles` asks for.
    /// - Throws: ``UserError/invalid(_:)`` with every fault.
    static func newRole(
        _ value: JSONValue
    ) throws(UserError) -> (name: RoleName, permissions: PermissionSet) {
        var reader = try MemberReader(value)
        for name in ["built_in", "created_at", "updated_at"] where reader[name] != nil {
            reader.noteReadOnly(name)
        }
        let name = reader.roleName(Name.name)
        if reader[Name.permissions] == nil {
            reader.note(
                pointer: "/" + Name.permissions,
                InvalidValue(.required, "The member is required."))
        }
        let permissions = reader.permissions(Name.permissions)
        try reader.finish()
        guard let name, let permissions else {
            preconditionFailure("A required member is missing without a fault.")
        }
        return (name, permissions)
    }

    /// Reads what a `PATCH /roles/{name}` asks for: the permissions, or nil if they stay.
    ///
    /// The other members may be sent back as they are: `current` fetches the role when the patch
    /// has one.
    /// - Throws: ``UserError/invalid(_:)`` with every fault; whatever `current` throws.
    static func patch(
        _ value: JSONValue, current: () async throws(UserError) -> Role
    ) async throws(UserError) -> PermissionSet? {
        var reader = try MemberReader(value)
        let fixedNames = [Name.name, "built_in", "created_at", "updated_at"]
        if fixedNames.contains(where: { reader[$0] != nil }) {
            let role = try await current()
            for name in fixedNames {
                if let sent = reader[name], sent != role.fixedMember(name) {
                    reader.noteReadOnly(name)
                }
            }
        }
        let permissions = reader.permissions(Name.permissions)
        try reader.finish()
        return permissions
    }
}

extension MemberReader {
    fileprivate mutating func roleName(_ name: String) -> RoleName? {
        do throws(InvalidValue) {
            switch self[name] {
            case nil: throw InvalidValue(.required, "The member is required.")
            case .string(let text): return try RoleName(parsing: text)
            default: throw InvalidValue(.wrongType, "The member is a string.")
            }
        } catch {
            note(pointer: "/" + name, error)
            return nil
        }
    }

    /// A set of permissions; nil if it is absent.
    fileprivate mutating func permissions(_ name: String) -> PermissionSet? {
        guard let value = self[name] else { return nil }
        let permissions: [Permission]? = elements(
            of: value, at: "/" + name, eachCalled: "permission", tooMany: .wrongType)
        return permissions.map { $0.reduce(into: PermissionSet()) { $0.insert(PermissionSet($1)) } }
    }
}

extension Role {
    /// A member that clients cannot change, as JSON.
    fileprivate func fixedMember(_ name: String) -> JSONValue {
        switch name {
        case "name": .string(self.name.rawValue)
        case "built_in": .bool(self.name.isBuiltIn)
        case "created_at": .string(createdAt.rfc3339)
        case "updated_at": .string(updatedAt.rfc3339)
        default: .null
        }
    }
}
