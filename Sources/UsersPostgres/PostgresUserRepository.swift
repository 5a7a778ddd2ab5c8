import Ambient
package import Postgres
package import Users

/// Users in PostgreSQL, in the table `users` of `migrations/`.
///
/// It belongs to one loop, as its pool does.
package struct PostgresUserRepository: UserRepository {
    let pool: ConnectionPool
    private let reads: UserReads
    let searches: SearchStatements
    let bound: SearchBound
    let cache: (any UserCache)?
    let onSessionsEnded: @Sendable (Int) -> Void

    /// Makes a repository that runs its statements on `pool`.
    /// - Parameters:
    ///   - cache: What is between it and those who look at a user; nil for nothing.
    ///   - onSessionsEnded: Hears how many sessions a user's end has ended, once that is committed;
    ///     the database ends them.
    package init(
        pool: ConnectionPool, limits: SearchLimits = SearchLimits(),
        cache: (any UserCache)? = nil,
        onSessionsEnded: @escaping @Sendable (_ count: Int) -> Void = { _ in }
    ) {
        self.pool = pool
        reads = UserReads(pool: pool)
        self.cache = cache
        self.onSessionsEnded = onSessionsEnded
        searches = SearchStatements(limits)
        bound = SearchBound(limits.searchesMax)
    }

    /// Looks a user up by the primary key, in one statement with others.
    package func user(withID id: UserID) async throws(UserError) -> User? {
        do {
            return try await reads.user(withID: id)
        } catch {
            throw UserError(error)
        }
    }

    /// Asks the cache, if there is one, before the table.
    package func userToShow(withID id: UserID) async throws(UserError) -> User? {
        guard let cache else { return try await user(withID: id) }
        return try await cache.user(withID: id) { () async throws(UserError) -> User? in
            try await user(withID: id)
        }
    }

    private static let byIDOrDeleted = Statement<UserID, User>(
        "users_by_id_or_deleted", .shortRead, "SELECT \(UserRow.record) FROM users WHERE id = $1",
        columns: UserRow.columns,
        encode: { id, parameters throws(PostgresError) in
            try parameters.append(id.uuid)
        }, decode: UserRow.user(in:))

    /// Looks a user up by the primary key, deleted or not.
    package func userOrDeleted(withID id: UserID) async throws(UserError) -> User? {
        do {
            return try await pool.row(Self.byIDOrDeleted, id)
        } catch {
            throw UserError(error)
        }
    }

    static let insertion = Statement<Insertion, User>(
        "users_insert", .write,
        """
        INSERT INTO users (\(UserRow.insertedColumnList))
        VALUES (\(UserRow.insertedValueList))
        RETURNING \(UserRow.record)
        """, columns: UserRow.columns, octetCount: 768,
        encode: { input, parameters throws(PostgresError) in
            try parameters.append(
                input.user, passwordHash: input.passwordHash, within: input.limit)
        }, decode: UserRow.user(in:))

    /// Inserts a user; the constraints, not a look-up before, tell whether something is taken.
    package func insert(
        _ user: User, passwordHash: String?, within limit: PermissionSet?
    ) async throws(UserError) -> User {
        let insertion = Insertion(user: user, passwordHash: passwordHash, limit: limit)
        do {
            if let stored = try await pool.row(Self.insertion, insertion) { return stored }
        } catch {
            throw UserError(error)
        }
        throw .corrupt("An insertion returned no row.")
    }
}

/// A user to be made, and what its roles may allow at most.
struct Insertion {
    let user: User
    let passwordHash: String?
    let limit: PermissionSet?
}
