import HTTPTesting
import PostgresTesting
import Reactor
import Testing

@testable import Postgres

/// A database, its loop and threads, and the proxy through which a session may be led.
struct SessionHarness: Sendable {
    let loop: EventLoop
    let connecting: OffloadPool
    let database: TestDatabase
    /// Nil if connections go straight to the server.
    let proxy: FaultProxy?

    /// What leads to the database.
    var keywords: [(name: String, value: String)] {
        database.url.keywords(overriding: proxy.map { [("host", $0.folder)] } ?? [])
    }

    func open(
        _ configure: (inout SessionConfiguration) -> Void = { _ in }
    ) async throws(PostgresError) -> SessionConnection {
        var configuration = SessionConfiguration()
        configuration.connectTimeout = .seconds(30)
        configuration.answerTimeout = .seconds(30)
        configure(&configuration)
        return try await SessionConnection.open(
            on: loop, keywords: keywords, connecting: connecting, configuration: configuration)
    }

    /// The number that a query returns, asked on another connection, straight from the server.
    func number(_ sql: String) throws(PostgresError) -> Int? {
        try database.connect().query(sql).first?.first?.flatMap { Int($0) }
    }

    /// How many other sessions have something to do.
    func busyCount() throws(PostgresError) -> Int? {
        try number(
            """
            SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
            AND pid <> pg_backend_pid() AND state = 'active'
            """)
    }

    /// Waits until another session is active and waits for `event`, as `pg_stat_activity` has it.
    func awaitEvent(_ event: String) async -> Bool {
        await eventually {
            let sql = """
                SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
                AND state = 'active' AND wait_event = '\(event)'
                """
            return (try? number(sql)) == 1
        }
    }

    /// Waits until no other session has anything to do.
    func awaitIdle() async -> Bool { await eventually { (try? busyCount()) == 0 } }
}

/// Runs `body` with a database of its own, in which there is a table `notes`.
func withSessionHarness(
    isProxied: Bool = false, _ body: (SessionHarness) async throws -> Void
) async throws {
    try await withEmptyDatabase { database in
        try database.connect().execute("CREATE TABLE notes (id bigint PRIMARY KEY, text text)")
        let host = database.url.keywords.first { $0.name == "host" }?.value
        let proxy = isProxied ? try FaultProxy(serverFolder: try #require(host)) : nil
        let loop = try EventLoop()
        try loop.start()
        defer { loop.stop() }
        let connecting = try OffloadPool(name: "connecting", threads: 2, queueMax: 16)
        defer {
            // What still waits for the proxy has its end.
            proxy?.set(.pass)
            proxy?.close()
            connecting.stop()
        }
        try await body(
            SessionHarness(loop: loop, connecting: connecting, database: database, proxy: proxy))
    }
}

/// Runs `body` with a session.
func withSession(
    isProxied: Bool = false, _ configure: (inout SessionConfiguration) -> Void = { _ in },
    _ body: (SessionConnection, SessionHarness) async throws -> Void
) async throws {
    try await withSessionHarness(isProxied: isProxied) { harness in
        let session = try await harness.open(configure)
        let result: Result<Void, any Error>
        do { result = .success(try await body(session, harness)) } catch {
            result = .failure(error)
        }
        await session.close()
        try result.get()
    }
}

/// What a consumer of a stream gives up with.
struct GivenUp: Error, Equatable {}
