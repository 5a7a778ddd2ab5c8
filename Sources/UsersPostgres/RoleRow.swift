import Postgres
import Users

/// The columns of a role, in the order in which every statement here returns them.
enum RoleRow {
    /// What a statement selects.
    static let columnList = "name, permissions, created_at, updated_at"

    /// The columns' types.
    static let columns: [PostgresType] = [.text, .textArray, .timestamptz, .timestamptz]

    /// Reads a role.
    static func role(in row: inout Row) throws(PostgresError) -> Role {
        Role(
            name: RoleName(trusted: try row.text()), permissions: try permissions(in: &row),
            createdAt: try row.timestamp(), updatedAt: try row.timestamp())
    }

    /// Reads permissions.
    static func permissions(in row: inout Row) throws(PostgresError) -> PermissionSet {
        var permissions = PermissionSet()
        for text in try row.texts() {
            guard let permission = Permission(rawValue: text) else {
                throw .unexpectedResult("a permission that there is not")
            }
            permissions.insert(PermissionSet(permission))
        }
        return permissions
    }
}
