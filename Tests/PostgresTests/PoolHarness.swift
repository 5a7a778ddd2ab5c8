import Logging
import PostgresTesting
import Reactor
import Testing

@testable import Postgres

extension ConnectionPool {
    /// The `bigint` that a statement returns for another one.
    func integer(
        _ statement: Statement, _ value: Int64? = nil
    ) async throws(PostgresError) -> Int64 {
        var parameters = Parameters()
        if let value { parameters.append(value) }
        return try await run(statement, parameters)[0].int64(0)
    }

    /// Runs a statement with one `bigint`.
    func run(
        _ statement: Statement, _ value: Int64
    ) async throws(PostgresError) -> ResultSet {
        var parameters = Parameters()
        parameters.append(value)
        return try await run(statement, parameters)
    }
}

extension Result where Failure == PostgresError {
    var error: PostgresError? {
        if case .failure(let error) = self { error } else { nil }
    }
}

extension PostgresError {
    var sqlState: String? {
        if case .server(let error) = self { error.sqlState } else { nil }
    }
}

func outcome<Value: Sendable>(
    _ body: () async throws(PostgresError) -> Value
) async -> Result<Value, PostgresError> {
    do throws(PostgresError) {
        return .success(try await body())
    } catch {
        return .failure(error)
    }
}

/// Tries again as long as the database is away; the pool's own limits bound each attempt.
func eventually<Value: Sendable>(
    _ body: () async throws(PostgresError) -> Value
) async throws(PostgresError) -> Value {
    for _ in 0..<50 {
        do { return try await body() } catch {}
        await Task.yield()
    }
    return try await body()
}

func withPool(
    _ body: (ConnectionPool, TestDatabase) async throws -> Void
) async throws {
    try await withEmptyDatabase { database in
        try database.connect().execute("CREATE TABLE notes (id bigint PRIMARY KEY)")
        try await withPool(host: nil, database) { try await body($0, database) }
    }
}

func withProxiedPool(
    _ body: (ConnectionPool, FaultProxy) async throws -> Void
) async throws {
    try await withEmptyDatabase { database in
        try database.connect().execute("CREATE TABLE notes (id bigint PRIMARY KEY)")
        let host = database.url.keywords.first { $0.name == "host" }?.value
        let proxy = try FaultProxy(serverFolder: try #require(host))
        defer { proxy.close() }
        try await withPool(host: proxy.folder, database) { try await body($0, proxy) }
    }
}

func withPool(
    host: String?, _ database: TestDatabase, _ body: (ConnectionPool) async throws -> Void
) async throws {
    let loop = try EventLoop()
    try loop.start()
    defer { loop.stop() }
    let connecting = try OffloadPool(name: "connecting", threads: 2, queueMax: 16)
    defer { connecting.stop() }
    var configuration = PoolConfiguration(connectionsMax: 4)
    configuration.acquireTimeout = .milliseconds(500)
    configuration.answerTimeout = .milliseconds(500)
    configuration.backoffMin = .milliseconds(10)
    configuration.backoffMax = .milliseconds(100)
    let overrides = host.map { [("host", $0)] } ?? []
    let pool = ConnectionPool(
        loop: loop, keywords: database.url.keywords(overriding: overrides),
        connecting: connecting, configuration: configuration,
        logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    await pool.open()
    let result: Result<Void, any Error>
    do { result = .success(try await body(pool)) } catch { result = .failure(error) }
    await pool.close()
    try result.get()
}
