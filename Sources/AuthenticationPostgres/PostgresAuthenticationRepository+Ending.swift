package import Ambient
package import Authentication
import Postgres
package import Users
import UsersPostgres

extension PostgresAuthenticationRepository {
    private static let listing = Statement<(user: UserID, time: Timestamp), Session>(
        "sessions_of_user", .shortRead,
        """
        SELECT id, created_at, refreshed_at, expires_at, address, user_agent FROM sessions
        WHERE user_id = $1 AND expires_at > $2
        ORDER BY created_at DESC LIMIT \(Session.listedMax)
        """,
        columns: [.uuid, .timestamptz, .timestamptz, .timestamptz, .text, .text],
        encode: { input, parameters throws(PostgresError) in
            try parameters.append(input.user.uuid)
            try parameters.append(input.time)
        },
        decode: { row throws(PostgresError) in
            let id = SessionID(try row.uuid())
            let createdAt = try row.timestamp()
            let refreshedAt = try row.timestamp()
            let expiresAt = try row.timestamp()
            let address = try row.optionalText()
            return Session(
                id: id, createdAt: createdAt, refreshedAt: refreshedAt, expiresAt: expiresAt,
                client: ClientDetails(address: address, userAgent: try row.optionalText()))
        })

    /// Reads from the index on `(user_id, created_at)`.
    package func sessions(
        of user: UserID, at time: Timestamp
    ) async throws(UserError) -> [Session] {
        try await telling { () throws(PostgresError) in
            try await pool.rows(Self.listing, (user, time))
        }
    }

    private static let ending = Statement<
        (session: SessionID, user: UserID?, time: Timestamp), UserID
    >(
        "sessions_end", .write,
        """
        DELETE FROM sessions
        WHERE id = $1 AND ($2::uuid IS NULL OR user_id = $2) AND expires_at > $3
        RETURNING user_id
        """, columns: [.uuid],
        encode: { input, parameters throws(PostgresError) in
            try parameters.append(input.session.uuid)
            try parameters.append(input.user?.uuid)
            try parameters.append(input.time)
        }, decode: { row throws(PostgresError) in UserID(try row.uuid()) })

    /// Deletes the row; a trigger tells everybody.
    package func end(
        _ session: SessionID, of user: UserID?, at time: Timestamp
    ) async throws(UserError) -> UserID? {
        try await telling { () throws(PostgresError) in
            try await pool.row(Self.ending, (session, user, time))
        }
    }

    private static let endingAll = Statement<
        (user: UserID, kept: SessionID?, time: Timestamp), Int64
    >(
        "sessions_end_of_user", .write,
        """
        WITH ended AS (
            DELETE FROM sessions WHERE user_id = $1 AND id IS DISTINCT FROM $2
            RETURNING expires_at
        )
        SELECT count(*) FROM ended WHERE expires_at > $3
        """, columns: [.int8],
        encode: { input, parameters throws(PostgresError) in
            try parameters.append(input.user.uuid)
            try parameters.append(input.kept?.uuid)
            try parameters.append(input.time)
        }, decode: { row throws(PostgresError) in try row.int64() })

    /// Deletes the rows, also of sessions that have run out; a trigger tells everybody.
    package func endSessions(
        of user: UserID, but session: SessionID?, at time: Timestamp
    ) async throws(UserError) -> Int {
        let count = try await telling { () throws(PostgresError) in
            try await pool.row(Self.endingAll, (user, session, time))
        }
        return count.map(Int.init) ?? 0
    }

    private static let settingPassword = UserChange<NewPassword, Int64>(
        "users_set_password",
        """
        UPDATE users SET password_hash = $2, password_changed_at = $3, updated_at = $3,
            version = version + 1
        WHERE id = $1 AND deleted_at IS NULL
            AND ($5::text[] IS NULL OR roles_within(roles, $5))
            AND ($6::text IS NULL OR password_hash = $6)
        RETURNING sessions_end(id, $4), (
            SELECT count(*) FROM sessions
            WHERE user_id = users.id AND id IS DISTINCT FROM $4 AND expires_at > $3
        )
        """, columns: [.uuid, .int8], octetCount: 256, user: \.user,
        encode: { new, parameters throws(PostgresError) in
            try parameters.append(new.user.uuid)
            try parameters.append(new.hash)
            try parameters.append(new.time)
            try parameters.append(new.kept?.uuid)
            try parameters.append(new.permissions?.permissions.map(\.rawValue))
            try parameters.append(new.old)
        },
        decode: { row throws(PostgresError) in
            _ = try row.uuid()
            return try row.int64()
        })

    /// Sets the hash and ends the sessions in one statement, which is a transaction. Both functions
    /// see what is there once the user is locked, such as a session that has just begun, which is
    /// not among those that are counted.
    package func setPassword(
        hash: String, of user: UserID, keeping session: SessionID?,
        ifHoldingOnly permissions: PermissionSet?, replacing old: String?, at time: Timestamp
    ) async throws(UserError) -> Int? {
        let new = NewPassword(
            user: user, hash: hash, kept: session, permissions: permissions, old: old, time: time)
        return try await telling { () throws(PostgresError) in
            try await pool.row(Self.settingPassword, new, forgettingIn: cache)
        }.map(Int.init)
    }

    private static let replacingHash = Statement<(user: UserID, old: String, new: String), Never>(
        "users_replace_hash", .write,
        "UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2",
        octetCount: 256,
        encode: { input, parameters throws(PostgresError) in
            try parameters.append(input.user.uuid)
            try parameters.append(input.old)
            try parameters.append(input.new)
        })

    /// Replaces the hash if nobody has set another password since.
    package func replaceHash(
        of user: UserID, _ old: String, with new: String
    ) async throws(UserError) {
        _ = try await telling { () throws(PostgresError) in
            try await pool.execute(Self.replacingHash, (user, old, new))
        }
    }
}

private struct NewPassword {
    let user: UserID
    let hash: String
    let kept: SessionID?
    let permissions: PermissionSet?
    let old: String?
    let time: Timestamp
}
