package import Ambient
package import Authentication
import Postgres
package import Users

extension PostgresAuthenticationRepository {
    private static let grantTypes: [PostgresType] = [
        .uuid, .uuid, .textArray, .int8, .int8, .timestamptz, .timestamptz,
    ]

    /// What a session grants its user, who is joined to it as `account`.
    private static let grantColumns = """
        session.id, account.id, account.roles, \(epoch), session.refresh_counter,
        session.expires_at, session.refreshed_at
        """

    private static let liveAccount = """
        JOIN users AS account ON account.id = session.user_id AND account.status = 'active'
            AND account.deleted_at IS NULL
        """

    private static let advancing = Statement<TimedTicket, RefreshedSession>(
        "sessions_advance", .write,
        """
        WITH session AS (
            UPDATE sessions SET refresh_counter = refresh_counter + 1, refreshed_at = $3,
                expires_at = least($4, created_at + interval '\(SessionLifetimes.absolute) s')
            WHERE id = $1 AND refresh_counter = $2 AND expires_at > $3
            RETURNING id, user_id, refresh_counter, expires_at, refreshed_at
        )
        SELECT \(grantColumns) FROM session \(liveAccount)
        """, columns: grantTypes,
        encode: { timed, parameters throws(PostgresError) in
            try parameters.append(timed.ticket.session.uuid)
            try parameters.append(timed.ticket.counter)
            try parameters.append(timed.time)
            try parameters.append(timed.time.advanced(bySeconds: SessionLifetimes.idle))
        },
        decode: { row throws(PostgresError) in try refreshed(in: &row, isAdvanced: true) })

    private static let looking = Statement<TimedTicket, RefreshedSession>(
        "sessions_grant", .shortRead,
        """
        SELECT \(grantColumns) FROM sessions AS session \(liveAccount)
        WHERE session.id = $1 AND session.expires_at > $2
        """, columns: grantTypes,
        encode: { timed, parameters throws(PostgresError) in
            try parameters.append(timed.ticket.session.uuid)
            try parameters.append(timed.time)
        },
        decode: { row throws(PostgresError) in try refreshed(in: &row, isAdvanced: false) })

    private static func refreshed(
        in row: inout Row, isAdvanced: Bool
    ) throws(PostgresError) -> RefreshedSession {
        let session = SessionID(try row.uuid())
        let user = UserID(try row.uuid())
        let roles = RoleSet(trusted: try row.texts(RoleName.init(trusted:)))
        let epoch = try row.int64()
        let counter = try row.int64()
        let grant = SessionGrant(
            session: session, user: user, roles: roles, epoch: epoch, counter: counter,
            expiresAt: try row.timestamp())
        return RefreshedSession(
            grant: grant, isAdvanced: isAdvanced, refreshedAt: try row.timestamp())
    }

    /// Counts up in one statement: of many at once one does, and the others see what it did.
    package func refresh(
        _ ticket: RefreshTicket, at time: Timestamp
    ) async throws(UserError) -> RefreshedSession? {
        let timed = TimedTicket(ticket: ticket, time: time)
        return try await telling { () async throws(PostgresError) -> RefreshedSession? in
            if let session = try await pool.row(Self.advancing, timed) { return session }
            return try await pool.row(Self.looking, timed)
        }
    }

    private static let allowing = Statement<TimedSession, Access>(
        "sessions_access", .shortRead,
        """
        SELECT ARRAY(
                SELECT DISTINCT unnest(permissions) FROM roles WHERE name = ANY (account.roles)
            ), \(epoch)
        FROM sessions AS session \(liveAccount)
        WHERE session.id = $1 AND session.user_id = $2 AND session.expires_at > $3
        """, columns: [.textArray, .int8],
        encode: { timed, parameters throws(PostgresError) in
            try parameters.append(timed.session.uuid)
            try parameters.append(timed.user.uuid)
            try parameters.append(timed.time)
        },
        decode: { row throws(PostgresError) in
            let names = try row.texts()
            let permissions = names.compactMap(Permission.init(rawValue:))
            return Access(
                permissions: PermissionSet(permissions.map(PermissionSet.init)),
                epoch: try row.int64())
        })

    /// Reads the permissions of all roles that the session's user holds.
    package func access(
        of session: SessionID, user: UserID, at time: Timestamp
    ) async throws(UserError) -> Access? {
        try await telling { () throws(PostgresError) in
            try await pool.row(
                Self.allowing, TimedSession(session: session, user: user, time: time))
        }
    }
}

private struct TimedTicket {
    let ticket: RefreshTicket
    let time: Timestamp
}

private struct TimedSession {
    let session: SessionID
    let user: UserID
    let time: Timestamp
}
