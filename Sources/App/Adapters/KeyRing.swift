import HTTP
import Postgres
import Synchronization
import Tokens
import UsersHTTP

/// The keys of the service, derived from `SECRET_KEY`, or from a secret in the database, which the
/// first process to need one makes.
///
/// Once they are here, getting them is one atomic load.
final class KeyRing: Sendable {
    /// Every key, by who uses it.
    final class Keys: Sendable {
        let users: UserKeys

        init(from secret: SecretKey) { users = UserKeys(from: secret) }
    }

    private let loaded = AtomicLazyReference<Keys>()

    /// - Parameter secret: `SECRET_KEY`, if it is set.
    init(_ secret: Secret?) {
        if let secret { _ = loaded.storeIfNil(Keys(from: SecretKey(Array(secret.rawValue.utf8)))) }
    }

    /// The keys; the database is asked the first time, if it must be, on the caller's loop.
    /// - Throws: 503 while it does not tell.
    func keys(from pool: ConnectionPool) async throws(Problem) -> Keys {
        if let keys = loaded.load() { return keys }
        do {
            return loaded.storeIfNil(Keys(from: SecretKey(try await Self.secret(in: pool))))
        } catch {
            throw .unavailable(retryAfterSeconds: 1, cause: error)
        }
    }

    private static let name = "SECRET_KEY"

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

    /// The secret that the database keeps. If there is none yet, a new one is offered, and of those
    /// that are offered, by whatever process, the first stays.
    private static func secret(in pool: ConnectionPool) async throws(PostgresError) -> [UInt8] {
        var octets = try await pool.row(reading, name)
        if octets == nil {
            _ = try await pool.execute(keeping, (name, SecretKey.random()))
            octets = try await pool.row(reading, name)
        }
        guard let octets, octets.count >= SecretKey.octetCountMin else {
            throw .unexpectedResult("a secret that is gone again, or too short")
        }
        return octets
    }
}
