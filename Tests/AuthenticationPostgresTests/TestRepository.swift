import Ambient
import Authentication
import AuthenticationPostgres
import AuthenticationTesting
import Logging
import Postgres
import PostgresTesting
import Reactor
import Users
import UsersPostgres

/// The repositories on a migrated database of its own, and the way past them.
struct TestRepository {
    let logins: PostgresAuthenticationRepository
    let users: PostgresUserRepository
    let roles: PostgresRoleRepository
    let pool: ConnectionPool
    let connecting: OffloadPool
    let database: TestDatabase

    /// The rows of a query that goes past the repositories, in the server's text form.
    @discardableResult
    func query(_ sql: String, _ parameters: [String?] = []) throws -> [[String?]] {
        try database.connect().query(sql, parameters)
    }

    /// Inserts a user who holds these roles, which are made if they are not there.
    @discardableResult
    func add(_ number: Int = 1, roles: [String] = ["member"]) async throws -> Account {
        for role in roles where !["admin", "member"].contains(role) {
            try addRole(role)
        }
        let sample = Account.sample(UInt64(number))
        let user = User(
            id: sample.id, externalID: nil, email: sample.email, isEmailVerified: false,
            displayName: sample.displayName, locale: nil, timeZone: nil, status: .active,
            roles: RoleSet(trusted: roles.map(RoleName.init(trusted:))), metadata: .empty,
            adminMetadata: .empty, createdAt: Sample.time, updatedAt: Sample.time,
            passwordChangedAt: Sample.time, deletedAt: nil, version: 1)
        _ = try await users.insert(user, passwordHash: sample.passwordHash, within: nil)
        return sample
    }

    /// Makes a role if it is not there.
    func addRole(_ name: String, _ permissions: String = "") throws {
        try query(
            """
            INSERT INTO roles (created_at, updated_at, access_epoch, name, permissions)
            VALUES (now(), now(), 0, $1, $2::text[]) ON CONFLICT DO NOTHING
            """, [name, "{\(permissions)}"])
    }

    /// Begins a session of a user.
    func begin(
        _ number: Int = 1, of account: Account = .sample(), at time: Timestamp = Sample.time
    ) async throws(UserError) -> SessionGrant? {
        try await logins.begin(
            Sample.session(number, at: time), of: account,
            after: Sample.attempt(0, 0, at: time), nil)
    }

    /// What a session lets its user do.
    func access(
        _ number: Int = 1, of account: Account = .sample(), at time: Timestamp = Sample.time
    ) async throws(UserError) -> Access? {
        try await logins.access(of: Sample.sessionID(number), user: account.id, at: time)
    }

    /// How many sessions there are.
    func sessionCount() throws -> Int {
        try query("SELECT FROM sessions").count
    }

    /// Waits until so many statements wait for locks of others.
    func waitForLocks(_ count: Int = 1) async throws {
        let connection = try database.connect()
        while true {
            let waiting = try connection.query(
                """
                SELECT FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event_type = 'Lock'
                """)
            if waiting.count >= count { return }
            await Task.yield()
        }
    }
}

/// What is kept.
enum Sample {
    static let time = Timestamp(microsecondsSince1970: 1_795_380_360_123_456)

    static func sessionID(_ number: Int) -> SessionID {
        SessionID(UUID(high: 0x0190_b6c5_5b1e_7cc4, low: 0x8000_0000_0000_0000 | UInt64(number)))
    }

    static func session(_ number: Int, at time: Timestamp = time) -> Session {
        Session(
            id: sessionID(number), createdAt: time, refreshedAt: time,
            expiresAt: time.advanced(bySeconds: SessionLifetimes.idle),
            client: ClientDetails(address: "2001:db8::7", userAgent: "Zoë/1 🦊"))
    }

    static func attempt(
        _ address: Int, _ network: Int, at time: Timestamp = time
    ) -> LoginAttempt {
        LoginAttempt(
            address: FakeMint.code(of: [1, UInt8(address)]),
            network: FakeMint.code(of: [2, UInt8(address), UInt8(network)]), time: time)
    }
}

/// Runs `body` with repositories on an empty database.
func withRepository(_ body: (TestRepository) async throws -> Void) async throws {
    try await withTestDatabase { database in
        let loop = try EventLoop()
        try loop.start()
        defer { loop.stop() }
        let connecting = try OffloadPool(name: "connecting", threads: 4, queueMax: 1024)
        defer { connecting.stop() }
        var configuration = PoolConfiguration(connectionsMax: 8)
        // How long things take is no matter of these tests, and a busy machine is slow.
        configuration.acquireTimeout = .seconds(60)
        configuration.answerTimeout = .seconds(60)
        let pool = ConnectionPool(
            loop: loop, keywords: database.url.keywords, connecting: connecting,
            configuration: configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        await pool.open()
        let repository = TestRepository(
            logins: PostgresAuthenticationRepository(pool: pool),
            users: PostgresUserRepository(
                pool: pool,
                limits: SearchLimits(
                    pageTimeout: .seconds(60), countTimeout: .seconds(60))),
            roles: PostgresRoleRepository(pool: pool), pool: pool, connecting: connecting,
            database: database)
        let result: Result<Void, any Error>
        do { result = .success(try await body(repository)) } catch { result = .failure(error) }
        await pool.close()
        try result.get()
    }
}

/// The error of `work` by its name; `done` if it throws none.
func outcome(of work: () async throws(UserError) -> Void) async -> String {
    do {
        try await work()
        return "done"
    } catch {
        return switch error {
        case .lastAdministrator: "lastAdministrator"
        case .unknownRole: "unknownRole"
        case .roleInUse: "roleInUse"
        case .unavailable(let reason, _): "unavailable \(reason)"
        default: "\(error)"
        }
    }
}
