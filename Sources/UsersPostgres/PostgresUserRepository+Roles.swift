package import Ambient
import Postgres
package import Users

extension PostgresUserRepository {
    /// Whoever holds the roles as they are to be is no row for it.
    private static let rolesChange = UserChange<RolesUpdate, User>(
        "users_change_roles",
        """
        UPDATE users SET roles = \(wantedRoles), updated_at = $3, version = version + 1
        WHERE \(UserRow.expected) AND roles <> \(wantedRoles)
            AND \(UserRow.areRoles("roles || $4 || $5", within: "$7"))
        RETURNING \(UserRow.record)
        """, columns: UserRow.columns, octetCount: 256, user: \.id,
        encode: { update, parameters throws(PostgresError) in
            let (all, granted, revoked) = update.change.parts
            try parameters.append(update.id.uuid)
            try parameters.append(update.condition.version)
            try parameters.append(update.time)
            try parameters.append(all?.map(\.rawValue))
            try parameters.append(texts: granted, \.rawValue)
            try parameters.append(texts: revoked, \.rawValue)
            try parameters.append(update.condition.limit)
        }, decode: UserRow.user(in:))

    /// All roles of `$4`, or else those that are held; with `$5` and without `$6`; sorted by
    /// octets, as a ``RoleSet`` is.
    private static let wantedRoles = """
        ARRAY(
            SELECT DISTINCT name COLLATE "C" FROM unnest(coalesce($4, roles) || $5) AS name
            WHERE name <> ALL ($6) ORDER BY 1
        )
        """

    /// Changes the roles of a user who meets the condition and does not hold them already.
    package func changeRoles(
        of id: UserID, by change: RoleChange, if condition: WriteCondition, at time: Timestamp
    ) async throws(UserError) -> User? {
        let update = RolesUpdate(id: id, change: change, condition: condition, time: time)
        do {
            return try await pool.row(Self.rolesChange, update, forgettingIn: cache)
        } catch {
            throw UserError(error)
        }
    }

    private static let permissionsOfRoles = Statement<[RoleName], PermissionSet>(
        "roles_permissions", .shortRead,
        """
        SELECT ARRAY(SELECT DISTINCT unnest(permissions) FROM roles WHERE name = ANY ($1))
        """, columns: [.textArray],
        encode: { names, parameters throws(PostgresError) in
            try parameters.append(texts: names, \.rawValue)
        }, decode: RoleRow.permissions(in:))

    /// Reads what roles allow together.
    package func permissions(of roles: [RoleName]) async throws(UserError) -> PermissionSet {
        do {
            return try await pool.row(Self.permissionsOfRoles, roles) ?? []
        } catch {
            throw UserError(error)
        }
    }
}

/// What a change of roles is told.
private struct RolesUpdate {
    let id: UserID
    let change: RoleChange
    let condition: WriteCondition
    let time: Timestamp
}

extension RoleChange {
    /// All roles or nil, those to add, and those to take away.
    fileprivate var parts: (all: [RoleName]?, granted: [RoleName], revoked: [RoleName]) {
        switch self {
        case .replace(let roles): (roles.names, [], [])
        case .grant(let role): (nil, [role], [])
        case .revoke(let role): (nil, [], [role])
        }
    }
}
