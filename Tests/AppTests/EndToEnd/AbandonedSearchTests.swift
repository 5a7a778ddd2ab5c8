import Ambient
import HTTP
import HTTPServer
import HTTPTesting
import HTTPTypes
import Logging
import Postgres
import PostgresTesting
import PrometheusMetrics
import Reactor
import Testing

@Suite("Searches whose client goes", .timeLimit(.minutes(10)))
struct AbandonedSearchTests {
    @Test(arguments: [true, false])
    func `the database stops working for a client that has hung up`(isReset: Bool) async throws {
        try await withEmptyDatabase { database in
            try await withServer(on: database) { port in
                let administrator = try database.connect()
                let client = try RawHTTPClient(port: port)
                try await client.send("GET /search HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(await eventually { administrator.searchCount == 1 })
                if isReset { try await client.reset() } else { try await client.finishSending() }
                #expect(await eventually { administrator.searchCount == 0 })
                // Whoever has only finished sending is told what became of it.
                if !isReset { #expect(try await client.response().text == "cancelled") }
                let other = try RawHTTPClient(port: port)
                let answer = try await other.exchange("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(answer.text == "found")
            }
        }
    }

    /// Runs `body` with a server whose only answer is that of a search in the database.
    private func withServer(
        on database: TestDatabase, _ body: (Int) async throws -> Void
    ) async throws {
        let loops = try EventLoopGroup(count: 1)
        defer { loops.stop() }
        let connecting = try OffloadPool(name: "connecting", threads: 2, queueMax: 16)
        defer { connecting.stop() }
        let pool = ConnectionPool(
            loop: loops.loops[0], keywords: database.url.keywords, connecting: connecting,
            configuration: PoolConfiguration(connectionsMax: 2),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        await pool.open()
        let responder = SearchResponder(pool: pool)
        let configuration = HTTPServerConfiguration()
        let metrics = MetricsRegistry(loopCount: 1)
        let server = HTTPServer(
            listener: try Listener(host: "127.0.0.1", port: 0, backlog: 16), loops: loops,
            configuration: configuration, metrics: ServerMetrics(in: metrics),
            shard: { metrics.shard(ofLoop: $0.index) }, onShedding: { _ in },
            responder: { _ in responder })
        try await server.start()
        let result: Result<Void, any Error>
        do { result = .success(try await body(server.port)) } catch { result = .failure(error) }
        await server.drain(grace: .seconds(10))
        await pool.close()
        try result.get()
    }
}

/// Searches for a minute if asked for `/search`, else for no time.
private struct SearchResponder: Responder {
    private static let search = Statement<Int64, Int64>(
        "search", .longRead(timeout: .seconds(60)),
        "SELECT $1::bigint FROM pg_sleep($1::bigint)", columns: [.int8],
        encode: { seconds, parameters throws(PostgresError) in try parameters.append(seconds) },
        decode: { row throws(PostgresError) in try row.int64() })

    let pool: ConnectionPool

    func respond(to request: Request) async -> Response {
        let seconds: Int64 = request.head.target.path == "/search" ? 60 : 0
        let text: String
        do throws(PostgresError) {
            _ = try await pool.row(Self.search, seconds)
            text = "found"
        } catch {
            text = error == .cancelled ? "cancelled" : "\(error)"
        }
        return Response(status: .ok, contentType: "text/plain", body: Array(text.utf8))
    }

    func respond(
        toUnreadable problem: Problem, from client: ClientAddress, receivedAt: MonotonicTime
    ) -> Response {
        problem.response(instance: "", requestID: "")
    }
}

extension DirectConnection {
    /// How many searches run in this database now.
    fileprivate var searchCount: Int? {
        let rows = try? query(
            """
            SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
            AND state = 'active' AND query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()
            """)
        return rows?.first?[0].flatMap { Int($0) }
    }
}
