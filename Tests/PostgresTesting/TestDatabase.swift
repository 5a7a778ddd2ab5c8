package import Postgres

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
    try server.connect().execute(
        "CREATE DATABASE \(database.name) TEMPLATE \(template)")
    let drop = { () throws(PostgresError) in
        try server.connect().execute("DROP DATABASE IF EXISTS \(database.name) WITH (FORCE)")
    }
    let value: Value
    do { value = try await body(database) } catch {
        // The test's own error is the one to tell.
        try? drop()
        throw error
    }
    try drop()
    return value
}
