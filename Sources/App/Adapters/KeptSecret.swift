import Postgres
import Users
import UsersPostgres

/// A secret that the database keeps because nobody has configured one: a row of `secret_keys`.
enum KeptSecret: String {
    /// What keys are derived from.
    case secretKey = "SECRET_KEY"
    /// What access tokens are signed with.
    case signingKeys = "JWT_SIGNING_KEYS"

    private static let reading = Statement<String, [UInt8]>(
        "secret_keys_read", .shortRead, "SELECT octets FROM secret_keys WHERE name = $1",
        columns: [.bytea],
        encode: { name, parameters throws(PostgresError) in try parameters.append(name) },
        decode: { row throws(PostgresError) in try row.bytea() })

    private static let keeping = Statement<(name: String, octets: [UInt8]), Never>(
        "secret_keys_keep", .write,
        """
        INSERT INTO secret_keys (name, octets) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING
        """,
        encode: { secret, parameters throws(PostgresError) in
            try parameters.append(secret.name)
            try parameters.append(bytea: secret.octets)
        })

    /// The secret. If there is none yet, a new one is offered, and of those that are offered, by
    /// whatever process, the first stays.
    /// - Parameter make: Makes a new one.
    func octets(
        in pool: ConnectionPool, make: () -> [UInt8]
    ) async throws(UserError) -> [UInt8] {
        do throws(PostgresError) {
            if let octets = try await pool.row(Self.reading, rawValue) { return octets }
            _ = try await pool.execute(Self.keeping, (rawValue, make()))
            guard let octets = try await pool.row(Self.reading, rawValue) else {
                throw .unexpectedResult("a secret that is gone again")
            }
            return octets
        } catch .outcomeUnknown {
            // It is kept or not; whoever asks next will see.
            throw .unavailable(.storageAway, cause: PostgresError.outcomeUnknown)
        } catch {
            throw UserError(error)
        }
    }
}
