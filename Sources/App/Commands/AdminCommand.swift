import Ambient
import Logging
import PasswordHashing
import Postgres
import Reactor
import Users
import UsersPostgres

/// `user-management admin create`: makes an administrator, whoever there is already. To run it is
/// to have the database, so nobody has to log in.
package enum AdminCommand {
    /// Why nobody was made, in one line.
    package struct Failure: Error, CustomStringConvertible {
        /// The reason, without the password or anything else of somebody.
        package let description: String
    }

    /// Makes an administrator and returns the id.
    /// - Parameter displayName: nil for the usual one.
    /// - Throws: ``StartFailure`` for a malformed variable, ``Failure`` if nobody was made.
    package static func create(
        _ environment: Environment, email: String, displayName: String?, password: String
    ) async throws -> String {
        let configuration = try ServiceConfiguration.forCommand(environment)
        let administrator: FirstAdministrator
        do throws(InvalidValue) {
            administrator = try FirstAdministrator(
                email: EmailAddress(parsing: email),
                displayName: try displayName.map { text throws(InvalidValue) in
                    try DisplayName(parsing: text)
                }, password: password, policy: configuration.accounts.passwordPolicy)
        } catch {
            throw Failure(description: error.detail)
        }
        let hash = try Argon2id().saltedHash(of: administrator.password.revealed)
        let id = UserID(UUIDv7Generator(clock: .system, entropy: .system).next())
        let user = administrator.user(id: id, at: WallClock.system.now())
        try await withRepository(configuration.database) { repository throws(UserError) in
            _ = try await repository.insert(user, passwordHash: hash, within: nil)
        }
        return id.uuid.description
    }

    /// Runs `body` with a repository on one connection of its own.
    private static func withRepository(
        _ settings: DatabaseSettings,
        _ body: @escaping @Sendable (PostgresUserRepository) async throws(UserError) -> Void
    ) async throws {
        let address = try DatabaseAddress(settings) { _ in }
        let loops = try EventLoopGroup(count: 1)
        defer { loops.stop() }
        let connecting = try OffloadPool(name: "connecting", threads: 1, queueMax: 1)
        let logger = Logger(label: "admin") { _ in SwiftLogNoOpLogHandler() }
        let pool = ConnectionPool(
            loop: loops.loops[0], keywords: address.directKeywords, connecting: connecting,
            cancelling: try OffloadPool(name: "cancelling", threads: 1, queueMax: 1),
            configuration: PoolConfiguration(connectionsMax: 1), logger: logger,
            outages: OutageLog(logger: logger))
        await pool.open()
        let result = await loops.loops[0].run { _ in
            await outcome { () throws(UserError) in
                try await body(PostgresUserRepository(pool: pool))
            }
        }
        await pool.close()
        if case .failure(let error) = result { throw Failure(description: error.sentence) }
    }

    private static func outcome<Value>(
        of body: () async throws(UserError) -> Value
    ) async -> Result<Value, UserError> {
        do {
            return .success(try await body())
        } catch {
            return .failure(error)
        }
    }
}

extension UserError {
    /// What an operator is told.
    fileprivate var sentence: String {
        switch self {
        case .emailTaken: "A user has this address already."
        case .unavailable(_, let cause?), .outcomeUnknown(let cause?), .storage(let cause):
            "The database does not do it: \(cause)"
        case .unavailable(_, nil): "The database does not answer."
        default: "The user could not be made: \(self)"
        }
    }
}
