import Glibc
import Logging
import Postgres
import PostgresTesting
import Reactor
import Users
import UsersPostgres

/// A repository on a migrated database of its own, and the way past it.
struct TestRepository {
    let users: PostgresUserRepository
    let roles: PostgresRoleRepository
    let pool: ConnectionPool
    let database: TestDatabase

    /// The first row of a query that goes past the repository, in the server's text form.
    func row(_ sql: String, _ parameters: [String?] = []) throws -> [String?] {
        try database.connect().query(sql, parameters).first ?? []
    }
}

extension TestDatabase {
    /// Adds roles that are not there yet.
    func addRoles(_ names: [String], _ permissions: [Permission] = []) throws {
        let connection = try connect()
        let list = permissions.map(\.rawValue).joined(separator: ",")
        for name in names {
            _ = try connection.query(
                """
                INSERT INTO roles (created_at, updated_at, access_epoch, name, permissions)
                VALUES (now(), now(), 0, $1, $2::text[]) ON CONFLICT DO NOTHING
                """, [name, "{\(list)}"])
        }
    }
}

/// Runs `body` with an empty repository, once with writes that are each a transaction by themselves
/// and once with writes that may share one: it is all the same to callers.
/// - Parameters:
///   - settings: What its sessions run with, such as `statement_timeout=50`.
///   - tracer: Traces its statements.
func withRepository(
    settings: [String] = [], tracer: DatabaseTracer? = nil,
    _ body: (TestRepository) async throws -> Void
) async throws {
    for batchesWrites in [false, true] {
        try await withTestDatabase { database in
            try await withRepository(
                on: database, settings: settings, batchesWrites: batchesWrites, tracer: tracer,
                body)
        }
    }
}

/// Runs `body` with a repository on `database`, through a pool of its own.
func withRepository(
    on database: TestDatabase, settings: [String] = [], batchesWrites: Bool = false,
    tracer: DatabaseTracer? = nil,
    limits: SearchLimits = SearchLimits(pageTimeout: .seconds(60), countTimeout: .seconds(60)),
    _ body: (TestRepository) async throws -> Void
) async throws {
    let loop = try EventLoop()
    try loop.start()
    defer { loop.stop() }
    let connecting = try OffloadPool(name: "connecting", threads: 2, queueMax: 16)
    defer { connecting.stop() }
    let options = settings.map { "-c \($0)" }.joined(separator: " ")
    var configuration = PoolConfiguration(connectionsMax: 6)
    configuration.batchesWrites = batchesWrites
    configuration.tracer = tracer
    // How long things take is no matter of these tests, and a busy machine is slow.
    configuration.acquireTimeout = .seconds(60)
    configuration.answerTimeout = .seconds(60)
    let pool = ConnectionPool(
        loop: loop, keywords: database.url.keywords(overriding: [("options", options)]),
        connecting: connecting, configuration: configuration,
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    await pool.open()
    // What the samples hold.
    try database.addRoles(["editor", "new", "x-1_2"])
    let repository = TestRepository(
        users: PostgresUserRepository(pool: pool, limits: limits),
        roles: PostgresRoleRepository(pool: pool), pool: pool, database: database)
    let result: Result<Void, any Error>
    do { result = .success(try await body(repository)) } catch { result = .failure(error) }
    await pool.close()
    try result.get()
}

/// The error of `work`; nil if it throws none.
func failure(of work: () async throws(UserError) -> Void) async -> UserError? {
    do {
        try await work()
        return nil
    } catch {
        return error
    }
}

extension UserError {
    /// The case by its name, without causes: what a table can expect.
    var kind: String {
        switch self {
        case .notFound: "notFound"
        case .emailTaken: "emailTaken"
        case .externalIDTaken: "externalIDTaken"
        case .idTaken: "idTaken"
        case .versionMismatch: "versionMismatch"
        case .attemptRunning: "attemptRunning"
        case .attemptDiffers: "attemptDiffers"
        case .lastAdministrator: "lastAdministrator"
        case .unknownRole: "unknownRole"
        case .roleNotFound: "roleNotFound"
        case .roleExists: "roleExists"
        case .roleInUse: "roleInUse"
        case .roleBuiltIn: "roleBuiltIn"
        case .tooManyRoles: "tooManyRoles"
        case .throttled: "throttled"
        case .wrongCurrentPassword: "wrongCurrentPassword"
        case .outranked: "outranked"
        case .notPermitted: "notPermitted"
        case .invalid: "invalid"
        case .unavailable(let reason, _): "unavailable(\(reason))"
        case .outcomeUnknown: "outcomeUnknown"
        case .corrupt: "corrupt"
        case .storage: "storage"
        }
    }
}

extension TestRepository {
    /// Waits until as many sessions of this database wait for a lock.
    /// - Returns: The servers' processes.
    @discardableResult
    func waitForBlockedSessions(_ count: Int = 1) async throws -> [pid_t] {
        let watcher = try database.connect()
        while true {
            let rows = try watcher.query(
                """
                SELECT pid FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event_type = 'Lock'
                    AND backend_type = 'client backend'
                """)
            if rows.count >= count { return rows.compactMap { $0[0].flatMap { pid_t($0) } } }
            await Task.yield()
        }
    }
}
