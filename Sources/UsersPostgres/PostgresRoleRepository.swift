package import Ambient
package import Postgres
package import Users

/// Roles in PostgreSQL, in the table `roles` of `migrations/`.
///
/// It belongs to one loop, as its pool does.
package struct PostgresRoleRepository: RoleRepository {
    private let pool: ConnectionPool

    /// Makes a repository that runs its statements on `pool`.
    package init(pool: ConnectionPool) { self.pool = pool }

    private static let all = Statement<Void, Role>(
        "roles_all", .shortRead,
        "SELECT \(RoleRow.columnList) FROM roles ORDER BY name COLLATE \"C\"",
        columns: RoleRow.columns, decode: RoleRow.role(in:))

    /// Reads every role; no more are made than make a short answer.
    package func roles() async throws(UserError) -> [Role] {
        do { return try await pool.rows(Self.all, ()) } catch { throw UserError(error) }
    }

    private static let byName = Statement<RoleName, Role>(
        "roles_by_name", .shortRead, "SELECT \(RoleRow.columnList) FROM roles WHERE name = $1",
        columns: RoleRow.columns,
        encode: { name, parameters throws(PostgresError) in
            try parameters.append(name.rawValue)
        }, decode: RoleRow.role(in:))

    /// Looks a role up by the primary key.
    package func role(named name: RoleName) async throws(UserError) -> Role? {
        do { return try await pool.row(Self.byName, name) } catch { throw UserError(error) }
    }

    private static let insertion = Statement<Role, Never>(
        "roles_insert", .write,
        """
        INSERT INTO roles (\(RoleRow.columnList), access_epoch)
        SELECT $1, $2, $3, $4, 0 WHERE (SELECT count(*) FROM roles) < \(Role.countMax)
        """,
        encode: { role, parameters throws(PostgresError) in
            try parameters.append(role.name.rawValue)
            try parameters.append(role.permissions)
            try parameters.append(role.createdAt)
            try parameters.append(role.updatedAt)
        })

    /// Inserts a role; the primary key tells whether its name is taken.
    package func insert(_ role: Role) async throws(UserError) -> Bool {
        do {
            return try await pool.execute(Self.insertion, role) == 1
        } catch {
            throw UserError(error)
        }
    }

    private static let update = Statement<RoleUpdate, Role>(
        "roles_update", .write,
        """
        UPDATE roles SET permissions = $3, updated_at = $4
        WHERE name = $1 AND ($2::text[] IS NULL OR permissions <@ $2)
        RETURNING \(RoleRow.columnList)
        """, columns: RoleRow.columns,
        encode: { update, parameters throws(PostgresError) in
            try parameters.append(update.name.rawValue)
            try parameters.append(update.limit)
            try parameters.append(update.permissions)
            try parameters.append(update.time)
        }, decode: RoleRow.role(in:))

    /// Updates a role if it is there within the limit.
    package func update(
        _ name: RoleName, _ permissions: PermissionSet, within limit: PermissionSet?,
        at time: Timestamp
    ) async throws(UserError) -> Role? {
        let update = RoleUpdate(name: name, permissions: permissions, limit: limit, time: time)
        do { return try await pool.row(Self.update, update) } catch { throw UserError(error) }
    }

    private static let removal = Statement<(name: RoleName, limit: PermissionSet?), Never>(
        "roles_remove", .write,
        "DELETE FROM roles WHERE name = $1 AND ($2::text[] IS NULL OR permissions <@ $2)",
        encode: { input, parameters throws(PostgresError) in
            try parameters.append(input.name.rawValue)
            try parameters.append(input.limit)
        })

    /// Deletes a role if it is there within the limit; a trigger tells whether somebody holds it.
    package func remove(
        _ name: RoleName, within limit: PermissionSet?
    ) async throws(UserError) -> Bool {
        do {
            return try await pool.execute(Self.removal, (name, limit)) == 1
        } catch {
            let error = UserError(error)
            // The same rule, seen from its other side.
            if case .unknownRole = error { throw .roleInUse }
            throw error
        }
    }
}

/// What an update is told.
private struct RoleUpdate {
    let name: RoleName
    let permissions: PermissionSet
    let limit: PermissionSet?
    let time: Timestamp
}
