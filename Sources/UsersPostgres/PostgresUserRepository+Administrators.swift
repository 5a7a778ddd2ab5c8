import Postgres
package import Users

extension PostgresUserRepository {
    /// Nobody else takes an administrator away, or makes the first one, until the transaction ends:
    /// the lock is that of the trigger `users_check_administrators`.
    private static let locking = Statement<Void, Bool>(
        "administrators_lock", .write,
        """
        SELECT pg_advisory_xact_lock(hashtextextended('user-management administrators', 0))
            IS NOT NULL
        """, columns: [.bool], decode: { row throws(PostgresError) in try row.bool() })

    private static let looking = Statement<Void, Bool>(
        "administrators_exist", .shortRead,
        """
        SELECT EXISTS (
            SELECT FROM users
            WHERE roles <> '{member}' AND roles @> '{admin}' AND status = 'active'
                AND deleted_at IS NULL
        )
        """, columns: [.bool], decode: { row throws(PostgresError) in try row.bool() })

    /// Whether there is an administrator who can log in.
    package func hasAdministrator() async throws(UserError) -> Bool {
        do {
            return try await pool.row(Self.looking, ()) ?? false
        } catch {
            throw UserError(error)
        }
    }

    /// Keeps a new user if there is no administrator.
    /// - Returns: whether it has been kept.
    /// - Throws: ``UserError/emailTaken``.
    package func insertFirstAdministrator(
        _ user: User, passwordHash: String
    ) async throws(UserError) -> Bool {
        let insertion = Insertion(user: user, passwordHash: passwordHash, limit: nil)
        do {
            return try await pool.withTransaction { transaction throws(PostgresError) in
                _ = try await transaction.row(Self.locking, ())
                guard try await transaction.row(Self.looking, ()) == false else { return false }
                return try await transaction.row(Self.insertion, insertion) != nil
            }
        } catch {
            throw UserError(error)
        }
    }
}
