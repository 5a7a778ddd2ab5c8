import Ambient
import Postgres
package import Users

/// Attempts are kept in the table `registration_attempts`: a row without a user is a reservation,
/// and one with a user remembers what the attempt has made.
extension PostgresUserRepository {
    /// Rows that have run out and that one reservation removes at most: more than the one row that
    /// it adds, so that the table shrinks again after a flood.
    private static let removedMax = 8

    private static let cleaning = Statement<Timestamp, Never>(
        "registration_attempts_clean", .write,
        // Rows that somebody has locked are somebody else's to remove, so that nobody waits.
        """
        DELETE FROM registration_attempts WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM registration_attempts WHERE expires_at <= $1
            ORDER BY expires_at LIMIT \(removedMax) FOR UPDATE SKIP LOCKED
        ))
        """,
        encode: { time, parameters throws(PostgresError) in try parameters.append(time) })

    private static let reserving = Statement<RegistrationAttempt.Reservation, Never>(
        "registration_attempts_reserve", .write,
        """
        INSERT INTO registration_attempts AS known (name, content, expires_at) VALUES ($1, $2, $3)
        ON CONFLICT (name) DO UPDATE
        SET content = EXCLUDED.content, expires_at = EXCLUDED.expires_at,
            user_id = NULL, user_as_made = NULL
        WHERE known.expires_at <= $4
        """, octetCount: 128,
        encode: { reservation, parameters throws(PostgresError) in
            try parameters.append(bytea: reservation.attempt.name)
            try parameters.append(bytea: reservation.attempt.content)
            try parameters.append(reservation.end)
            try parameters.append(reservation.start)
        })

    private static let recalling = Statement<[UInt8], (content: [UInt8], isComplete: Bool)>(
        "registration_attempts_by_name", .shortRead,
        "SELECT content, user_as_made IS NOT NULL FROM registration_attempts WHERE name = $1",
        columns: [.bytea, .bool],
        encode: { name, parameters throws(PostgresError) in try parameters.append(bytea: name) },
        decode: { row throws(PostgresError) in (try row.bytea(), try row.bool()) })

    private static let userAsMade = Statement<[UInt8], User>(
        "registration_attempts_user", .shortRead,
        """
        SELECT \(UserRow.record) FROM registration_attempts
        CROSS JOIN LATERAL jsonb_populate_record(NULL::users, user_as_made)
        WHERE name = $1 AND user_as_made IS NOT NULL
        """, columns: UserRow.columns,
        encode: { name, parameters throws(PostgresError) in try parameters.append(bytea: name) },
        decode: UserRow.user(in:))

    /// Inserts the reservation, or takes over one that has run out; else reads what is there.
    ///
    /// To clean is a transaction by itself: in one with the insertion, two of them could wait for
    /// each other.
    package func reserve(
        _ reservation: RegistrationAttempt.Reservation
    ) async throws(UserError) -> RegistrationAttempt.Known? {
        let name = reservation.attempt.name
        do {
            _ = try await pool.execute(Self.cleaning, reservation.start)
            guard try await pool.execute(Self.reserving, reservation) == 0 else { return nil }
            if let known = try await pool.row(Self.recalling, name) {
                guard known.isComplete else { return .init(content: known.content, user: nil) }
                if let user = try await pool.row(Self.userAsMade, name) {
                    return .init(content: known.content, user: user)
                }
            }
        } catch .outcomeUnknown {
            // A reservation at most: it runs out, and no user has been made.
            throw .unavailable(.storageAway, cause: PostgresError.outcomeUnknown)
        } catch {
            throw UserError(error)
        }
        // It was removed in between.
        throw .unavailable(.contended, cause: nil)
    }

    /// The reservation is locked before the user is made, so that nobody takes it over meanwhile;
    /// if somebody has, there is no row to make a user of.
    private static let completion = Statement<Completion, User>(
        "users_insert_once", .write,
        """
        WITH held AS (
            SELECT name FROM registration_attempts
            WHERE name = $\(UserRow.insertedCount + 1)
                AND expires_at = $\(UserRow.insertedCount + 2) AND user_id IS NULL
            FOR UPDATE
        ), made AS (
            INSERT INTO users (\(UserRow.insertedColumnList))
            SELECT \(UserRow.insertedValueList) FROM held
            RETURNING \(UserRow.columnList)
        ), remembered AS (
            UPDATE registration_attempts
            SET user_id = made.id, user_as_made = to_jsonb(made),
                expires_at = $\(UserRow.insertedCount + 3)
            FROM made WHERE name = $\(UserRow.insertedCount + 1)
        )
        SELECT \(UserRow.record) FROM made
        """, columns: UserRow.columns, octetCount: 768,
        encode: { completion, parameters throws(PostgresError) in
            try parameters.append(
                completion.user, passwordHash: completion.passwordHash, within: completion.limit)
            try parameters.append(bytea: completion.reservation.attempt.name)
            try parameters.append(completion.reservation.end)
            try parameters.append(completion.reservation.memoryEnd)
        }, decode: UserRow.user(in:))

    /// Inserts a user and remembers it in one statement, which is a transaction.
    package func insert(
        _ user: User, passwordHash: String?, within limit: PermissionSet?,
        completing reservation: RegistrationAttempt.Reservation
    ) async throws(UserError) -> User? {
        let completion = Completion(
            user: user, passwordHash: passwordHash, limit: limit, reservation: reservation)
        do {
            return try await pool.row(Self.completion, completion)
        } catch {
            throw UserError(error)
        }
    }

    private static let releasing = Statement<RegistrationAttempt.Reservation, Never>(
        "registration_attempts_release", .write,
        """
        DELETE FROM registration_attempts
        WHERE name = $1 AND expires_at = $2 AND user_id IS NULL
        """,
        encode: { reservation, parameters throws(PostgresError) in
            try parameters.append(bytea: reservation.attempt.name)
            try parameters.append(reservation.end)
        })

    /// Deletes the reservation if nobody has taken it over.
    package func release(_ reservation: RegistrationAttempt.Reservation) async throws(UserError) {
        do {
            _ = try await pool.execute(Self.releasing, reservation)
        } catch {
            throw UserError(error)
        }
    }
}

/// A user to be made, and the reservation under which it is.
private struct Completion {
    let user: User
    let passwordHash: String?
    let limit: PermissionSet?
    let reservation: RegistrationAttempt.Reservation
}
