import Ambient
import Logging
import PostgresTesting
import PrometheusMetrics
import Reactor
import Synchronization
import Testing

@testable import Postgres

/// A clock that stands still until it is moved.
final class ManualClock: Sendable {
    private let time = Mutex(MonotonicTime.now)

    var now: MonotonicTime { time.withLock { $0 } }

    func advance(by duration: Duration) { time.withLock { $0 += duration } }
}

extension ConnectionPool {
    /// The `bigint` that a statement returns.
    func integer(_ statement: Statement<Int64?, Int64>, _ value: Int64? = nil)
        async throws(PostgresError) -> Int64
    {
        guard let answer = try await row(statement, value) else {
            throw .unexpectedResult("no row")
        }
        return answer
    }
}

extension StatementRunner where Self: ~Copyable {
    /// The `bigint` that a statement returns.
    func integer(_ statement: Statement<Int64?, Int64>, _ value: Int64? = nil)
        async throws(PostgresError) -> Int64
    {
        guard let answer = try await row(statement, value) else {
            throw .unexpectedResult("no row")
        }
        return answer
    }
}

extension Statement where Input == Int64?, Output == Int64 {
    /// A statement that returns a `bigint`, and takes one unless it is given none.
    init(integer name: StaticString, kind: StatementKind = .shortRead, _ sql: String) {
        self.init(
            name, kind, sql, columns: [.int8],
            encode: { value, parameters throws(PostgresError) in
                if let value { try parameters.append(value) }
            },
            decode: { row throws(PostgresError) in try row.int64() })
    }
}

extension Statement where Input == Int64, Output == Never {
    /// A write that takes a `bigint`.
    init(write name: StaticString, _ sql: String) {
        self.init(
            name, .write, sql,
            encode: { value, parameters throws(PostgresError) in try parameters.append(value) })
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

/// Waits until `pool` answers: a busy machine may take longer to connect than a short limit allows.
func awaitConnection(of pool: ConnectionPool) async throws {
    let answer = try await eventually { () throws(PostgresError) in
        try await pool.integer(ConnectionPoolTests.number, 1)
    }
    #expect(answer == 1)
}

/// Runs `body` with a pool on a database of its own; its limits are those of a patient operator.
/// - Parameters:
///   - registry: Where the pool counts; nil for nowhere.
///   - clock: The time of the pool's loop; nil for the real one.
func withPool(
    connections: Int = 4, countingIn registry: MetricsRegistry? = nil, clock: ManualClock? = nil,
    configure: (inout PoolConfiguration) -> Void = { _ in },
    _ body: (ConnectionPool, TestDatabase) async throws -> Void
) async throws {
    try await withEmptyDatabase { database in
        try database.connect().execute("CREATE TABLE notes (id bigint PRIMARY KEY)")
        try await withPool(
            database, host: nil, connections: connections, limit: .seconds(30),
            countingIn: registry, clock: clock, configure: configure
        ) { try await body($0, database) }
    }
}

/// Runs `body` with a pool that gives up soon, and the proxy that it goes through.
func withProxiedPool(
    connections: Int = 4, configure: (inout PoolConfiguration) -> Void = { _ in },
    _ body: (ConnectionPool, FaultProxy) async throws -> Void
) async throws {
    try await withEmptyDatabase { database in
        try database.connect().execute("CREATE TABLE notes (id bigint PRIMARY KEY)")
        let host = database.url.keywords.first { $0.name == "host" }?.value
        let proxy = try FaultProxy(serverFolder: try #require(host))
        defer { proxy.close() }
        try await withPool(
            database, host: proxy.folder, connections: connections, limit: .milliseconds(500),
            configure: configure
        ) { try await body($0, proxy) }
    }
}

private func withPool(
    _ database: TestDatabase, host: String?, connections: Int, limit: Duration,
    countingIn registry: MetricsRegistry? = nil, clock: ManualClock? = nil,
    configure: (inout PoolConfiguration) -> Void = { _ in },
    _ body: (ConnectionPool) async throws -> Void
) async throws {
    let loop = try EventLoop { clock?.now ?? .now }
    try loop.start()
    defer { loop.stop() }
    let connecting = try OffloadPool(name: "connecting", threads: 2, queueMax: 16)
    defer { connecting.stop() }
    var configuration = PoolConfiguration(connectionsMax: connections)
    configuration.acquireTimeout = limit
    configuration.answerTimeout = limit
    configuration.backoffMin = .milliseconds(10)
    configuration.backoffMax = .milliseconds(100)
    configure(&configuration)
    let overrides = host.map { [("host", $0)] } ?? []
    let pool = ConnectionPool(
        loop: loop, keywords: database.url.keywords(overriding: overrides),
        connecting: connecting, configuration: configuration,
        logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
        metrics: registry.map { DatabaseMetrics(in: $0) })
    await pool.open()
    let result: Result<Void, any Error>
    do { result = .success(try await body(pool)) } catch { result = .failure(error) }
    await pool.close()
    try result.get()
}
