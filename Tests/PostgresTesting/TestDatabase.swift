package import Postgres
import Reactor

/// A database of its own for one test, on the server that `TEST_DATABASE_URL` names.
package struct TestDatabase: Sendable {
    /// The database's name; no other test uses it.
    package let name: String
    /// The database's address as a `key=value` string, in the form of `DATABASE_URL`.
    package let connectionString: String
    /// The database's address.
    package let url: DatabaseURL

    init(named name: String, on server: TestServer) throws {
        self.name = name
        connectionString = server.connectionString(toDatabase: name)
        url = try DatabaseURL(parsing: connectionString)
    }

    /// Opens a blocking connection, for what a test prepares or looks up by itself.
    package func connect() throws(PostgresError) -> DirectConnection {
        try DirectConnection(url, connectTimeout: connectTimeout)
    }
}

/// Runs `body` with a database that has every migration of `migrations/`, and drops it afterwards
/// together with all connections to it.
/// - Throws: What `body` throws, ``MissingTestServer``, and what the server refuses.
package func withTestDatabase<Value>(
    _ body: (TestDatabase) async throws -> Value
) async throws -> Value {
    try await turnstile.pass { try await withDatabase(template: TestTemplate.name.get(), body) }
}

/// Runs `body` with a database that has seen no migration, and drops it afterwards together with
/// all connections to it.
/// - Throws: What `body` throws, ``MissingTestServer``, and what the server refuses.
package func withEmptyDatabase<Value>(
    _ body: (TestDatabase) async throws -> Value
) async throws -> Value {
    try await turnstile.pass { try await withDatabase(template: "template0", body) }
}

/// Databases of tests at a time.
private let turnstile = Turnstile(count: 8)

private func withDatabase<Value>(
    template: String, _ body: (TestDatabase) async throws -> Value
) async throws -> Value {
    let server = try TestServer.fromEnvironment.get()
    let suffix = String(UInt64.random(in: .min ... .max), radix: 16)
    let database = try TestDatabase(named: "user_management_test_\(suffix)", on: server)
    try await administer(server, "CREATE DATABASE \(database.name) TEMPLATE \(template)")
    let drop = "DROP DATABASE IF EXISTS \(database.name) WITH (FORCE)"
    let value: Value
    do { value = try await body(database) } catch {
        // The test's own error is the one to tell.
        try? await administer(server, drop)
        throw error
    }
    do {
        try await administer(server, drop)
    } catch PostgresError.server(let error) where error.sqlState == "55006" {
        // The server waits five seconds for its sessions to end, which take longer if it is busy.
        try await administer(server, drop)
    }
    return value
}

/// Threads that wait for the server: it drops a database only when no session of any database is
/// in the middle of a COPY that waits for its client, whose test may need the thread that would
/// wait here.
private let administrators = Result {
    try OffloadPool(name: "test-databases", threads: 8, queueMax: 1024)
}

private func administer(_ server: TestServer, _ sql: String) async throws {
    let result = try await administrators.get().run {
        Result { () throws(PostgresError) in try server.connect().execute(sql) }
    }
    try result.get()
}
