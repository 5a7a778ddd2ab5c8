import Ambient
package import Authentication
import Postgres
package import Users

extension PostgresAuthenticationRepository {
    /// Rows that have run out and that one login, or attempt, removes at most, of sessions and of
    /// attempts: more than the rows that it adds, so that the tables shrink again after a flood.
    static let removedMax = 8

    /// The number that the tokens of a user have to tell.
    static let epoch = """
        greatest(
            account.access_epoch,
            (SELECT max(access_epoch) FROM roles WHERE name = ANY (account.roles))
        )
        """

    /// The user is locked against changes until the session is there, or else whoever disables the
    /// user would not see it.
    ///
    /// What has run out is removed once the rows of the attempt are locked, as
    /// ``cleaning(after:)`` has it.
    private static let beginning = Statement<NewSession, SessionGrant>(
        "sessions_begin", .write,
        """
        WITH account AS (
            SELECT id, roles, access_epoch FROM users
            WHERE id = $5 AND password_hash = $6 AND status = 'active' AND deleted_at IS NULL
            FOR SHARE
        ), remembered AS (
            INSERT INTO login_attempts (
                address_code, network_code, failure_count, blocked_until, counted_until, expires_at
            )
            SELECT $1, $2, 0, 'epoch', $3, $11 FROM account WHERE $4 IS NOT NULL
            ON CONFLICT (address_code, network_code) DO UPDATE SET
                failure_count = 0, blocked_until = EXCLUDED.blocked_until,
                counted_until = EXCLUDED.counted_until, expires_at = EXCLUDED.expires_at
            RETURNING 1
        ), forgotten AS (
            DELETE FROM login_attempts USING account
            WHERE address_code = $1 AND network_code = '' AND NOT $4
            RETURNING 1
        ), own AS (
            SELECT (SELECT count(*) FROM remembered) + (SELECT count(*) FROM forgotten) AS count
        ), cleaned_attempts AS (\(cleaning(after: "SELECT count FROM own"))),
        cleaned_sessions AS (
            DELETE FROM sessions WHERE ctid = ANY (ARRAY(
                SELECT ctid FROM sessions
                WHERE expires_at <= $3 AND (SELECT count FROM own) >= 0
                ORDER BY expires_at LIMIT \(removedMax) FOR UPDATE SKIP LOCKED
            ))
        ), crowded_out AS (
            DELETE FROM sessions WHERE id IN (
                SELECT sessions.id FROM sessions JOIN account ON account.id = user_id
                WHERE expires_at > $3 ORDER BY created_at DESC
                OFFSET \(Session.listedMax - 1)
            )
        ), begun AS (
            INSERT INTO sessions (
                id, user_id, created_at, refreshed_at, expires_at, refresh_counter, address,
                user_agent
            )
            SELECT $7, id, $3, $3, $8, 1, $9, $10 FROM account
        )
        SELECT id, roles, \(epoch) FROM account
        """, columns: [.uuid, .textArray, .int8], octetCount: 768,
        encode: { new, parameters throws(PostgresError) in
            try parameters.append(new.attempt)
            try parameters.append(new.isOwnNetwork)
            try parameters.append(new.account.id.uuid)
            try parameters.append(new.account.passwordHash)
            try parameters.append(new.session.id.uuid)
            try parameters.append(new.session.expiresAt)
            try parameters.append(new.session.client.address)
            try parameters.append(new.session.client.userAgent)
            try parameters.append(
                new.attempt.time.advanced(bySeconds: LoginThrottle.networkSeconds))
        },
        decode: { row throws(PostgresError) in
            // The session is put in by the caller, who knows it.
            let user = UserID(try row.uuid())
            let roles = RoleSet(trusted: try row.texts(RoleName.init(trusted:)))
            return SessionGrant(
                session: SessionID(UUID(high: 0, low: 0)), user: user, roles: roles,
                epoch: try row.int64(), counter: 1, expiresAt: Timestamp(microsecondsSince1970: 0))
        })

    /// Makes the session in one statement, which is a transaction.
    package func begin(
        _ session: Session, of account: Account, after attempt: LoginAttempt,
        _ admission: LoginAdmission?
    ) async throws(UserError) -> SessionGrant? {
        let new = NewSession(
            session: session, account: account, attempt: attempt,
            isOwnNetwork: admission?.isOwnNetwork)
        let grant = try await telling { () throws(PostgresError) in
            try await pool.row(Self.beginning, new)
        }
        guard let grant else { return nil }
        return SessionGrant(
            session: session.id, user: grant.user, roles: grant.roles, epoch: grant.epoch,
            counter: grant.counter, expiresAt: session.expiresAt)
    }
}

private struct NewSession {
    let session: Session
    let account: Account
    let attempt: LoginAttempt
    /// Nil if attempts are not counted.
    let isOwnNetwork: Bool?
}
