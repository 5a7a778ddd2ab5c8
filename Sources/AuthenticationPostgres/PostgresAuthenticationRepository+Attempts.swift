package import Authentication
import Postgres
package import Users

/// Attempts are counted in the row of their address, or of their address and network if somebody
/// has logged in from there: such a row is only made by a login.
extension PostgresAuthenticationRepository {
    /// What is known of an attempt's budget: `$1` and `$2` are its codes, `$3` its time.
    private static let budget = """
        FROM login_attempts
        WHERE address_code = $1
            AND (network_code = '' OR network_code = $2 AND expires_at > $3)
        ORDER BY network_code DESC LIMIT 1
        """

    private static let admissionTypes: [PostgresType] = [.bool, .int8, .timestamptz, .timestamptz]

    /// How often the attempt has failed then, if it fails.
    private static let failureCount = """
        CASE WHEN known.counted_until <= $3 THEN 1 ELSE known.failure_count + 1 END
        """

    /// Until when nobody may try after that many failures; long ago if anybody may. The moment of
    /// the attempt would not do: one that began earlier may be counted later, or by a process with
    /// another clock.
    private static func blockedUntil(after failureCount: String) -> String {
        let waits = LoginThrottle.waits.map(String.init).joined(separator: ",")
        let index = "least(\(failureCount) - $4 + 1, \(LoginThrottle.waits.count))"
        return """
            coalesce(
                $3::timestamptz + interval '1 second' * ('{\(waits)}'::bigint[])[\(index)], 'epoch'
            )
            """
    }

    private static func countedUntil(after failureCount: String) -> String {
        "greatest(\(blockedUntil(after: failureCount)), $3) + interval '1 second' * $5"
    }

    /// A statement that deletes attempts that have run out, other than those with `$1`, at `$3`: a
    /// few, and none that somebody else works on.
    /// - Parameter own: What counts the rows that the attempt itself has locked. Only then may
    ///   others be: two attempts that removed each other's rows first, and then wanted their own,
    ///   would wait for each other. From then on nothing waits.
    static func cleaning(after own: String) -> String {
        """
        DELETE FROM login_attempts WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM login_attempts
            WHERE expires_at <= $3 AND address_code <> $1 AND (\(own)) >= 0
            ORDER BY expires_at LIMIT \(removedMax) FOR UPDATE SKIP LOCKED
        ))
        """
    }

    private static let counting = Statement<CountedAttempt, LoginAdmission>(
        "login_attempts_count", .write,
        """
        WITH counted AS (
            INSERT INTO login_attempts AS known (
                address_code, network_code, failure_count, blocked_until, counted_until, expires_at
            )
            SELECT $1, coalesce((SELECT network_code \(budget)), ''), 1,
                \(blockedUntil(after: "1")), \(countedUntil(after: "1")),
                \(countedUntil(after: "1"))
            ON CONFLICT (address_code, network_code) DO UPDATE SET
                failure_count = \(failureCount),
                blocked_until = \(blockedUntil(after: failureCount)),
                counted_until = \(countedUntil(after: failureCount)),
                expires_at = greatest(known.expires_at, \(countedUntil(after: failureCount)))
            WHERE known.blocked_until <= $3
            RETURNING network_code <> '' AS is_own, failure_count, blocked_until, counted_until
        ), cleaned AS (\(cleaning(after: "SELECT count(*) FROM counted")))
        SELECT is_own, failure_count, blocked_until, counted_until FROM counted
        """, columns: admissionTypes, octetCount: 160,
        encode: { counted, parameters throws(PostgresError) in
            try parameters.append(counted.attempt)
            try parameters.append(counted.throttle.failureCountMax)
            try parameters.append(Double(counted.throttle.windowSeconds))
        },
        decode: { row throws(PostgresError) in try admission(in: &row, isAdmitted: true) })

    private static let blocking = Statement<LoginAttempt, LoginAdmission>(
        "login_attempts_block", .shortRead,
        "SELECT network_code <> '', failure_count, blocked_until, counted_until \(budget)",
        columns: admissionTypes, octetCount: 128,
        encode: { attempt, parameters throws(PostgresError) in try parameters.append(attempt) },
        decode: { row throws(PostgresError) in try admission(in: &row, isAdmitted: false) })

    private static func admission(
        in row: inout Row, isAdmitted: Bool
    ) throws(PostgresError) -> LoginAdmission {
        let isOwnNetwork = try row.bool()
        let failureCount = try row.int64()
        let blockedUntil = try row.timestamp()
        return LoginAdmission(
            isOwnNetwork: isOwnNetwork, failureCount: failureCount, blockedUntil: blockedUntil,
            countedUntil: try row.timestamp(), isAdmitted: isAdmitted)
    }

    /// Counts the attempt unless its budget is blocked, in one statement, so that of many attempts
    /// at once no more are let through than one after the other.
    package func admit(
        _ attempt: LoginAttempt, by throttle: LoginThrottle
    ) async throws(UserError) -> LoginAdmission {
        let counted = CountedAttempt(attempt: attempt, throttle: throttle)
        let admission = try await telling { () async throws(PostgresError) -> LoginAdmission? in
            if let admission = try await pool.row(Self.counting, counted) { return admission }
            return try await pool.row(Self.blocking, attempt)
        }
        // It was forgotten in between.
        guard let admission else { throw .unavailable(.contended, cause: nil) }
        return admission
    }

    private static let withdrawal = Statement<OwnAttempt, Never>(
        "login_attempts_withdraw", .write,
        """
        UPDATE login_attempts SET failure_count = failure_count - 1,
            blocked_until = CASE
                WHEN counted_until = $5 THEN 'epoch' ELSE blocked_until
            END
        WHERE address_code = $1 AND network_code = CASE WHEN $4 THEN $2 ELSE '' END
            AND failure_count > 0
        """, octetCount: 128,
        encode: { own, parameters throws(PostgresError) in
            try parameters.append(own.attempt)
            try parameters.append(own.admission.isOwnNetwork)
            try parameters.append(own.admission.countedUntil)
        })

    /// Counts the failures down again. A wait that a later failure has brought stays.
    package func withdraw(
        _ attempt: LoginAttempt, _ admission: LoginAdmission
    ) async throws(UserError) {
        let own = OwnAttempt(attempt: attempt, admission: admission)
        _ = try await telling { () throws(PostgresError) in
            try await pool.execute(Self.withdrawal, own)
        }
    }

    private static let forgetting = Statement<[UInt8], Never>(
        "login_attempts_forget", .write,
        """
        WITH locked AS (
            SELECT address_code, network_code FROM login_attempts
            WHERE address_code = $1 ORDER BY network_code DESC FOR UPDATE
        )
        UPDATE login_attempts AS known
        SET failure_count = 0, blocked_until = 'epoch', counted_until = 'epoch'
        FROM locked
        WHERE known.address_code = locked.address_code AND known.network_code = locked.network_code
        """,
        encode: { code, parameters throws(PostgresError) in try parameters.append(bytea: code) })

    /// Sets the failures of all networks to none. It locks the row of the address last, as a login
    /// does, so that neither waits for the other while it holds what that one needs.
    package func forgetFailures(ofAddress code: [UInt8]) async throws(UserError) {
        _ = try await telling { () throws(PostgresError) in
            try await pool.execute(Self.forgetting, code)
        }
    }
}

private struct CountedAttempt {
    let attempt: LoginAttempt
    let throttle: LoginThrottle
}

private struct OwnAttempt {
    let attempt: LoginAttempt
    let admission: LoginAdmission
}

extension Parameters {
    /// Appends an attempt's codes and its time.
    mutating func append(_ attempt: LoginAttempt) throws(PostgresError) {
        try append(bytea: attempt.address)
        try append(bytea: attempt.network)
        try append(attempt.time)
    }
}
