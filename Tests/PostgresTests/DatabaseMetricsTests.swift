import HTTPTesting
import MetricsTesting
import PostgresTesting
import PrometheusMetrics
import Reactor
import Testing

@testable import Postgres

@Suite("What a pool counts")
struct DatabaseMetricsTests {
    private let registry = MetricsRegistry(loopCount: 1)

    /// Waits until the turn is over in which somebody was answered. The first wait may begin before
    /// the timers of its turn have fired, and then ends in that turn; the second one does not.
    private func endTurn(of pool: ConnectionPool) async {
        for _ in 1...2 { await pool.loop.run { _ in await pool.loop.yield() } }
    }

    @Test func `a statement counts by its name, answered or refused`() async throws {
        try await withPool(countingIn: registry) { pool, _ in
            for value in [1, 2, 0] as [Int64] {
                _ = await outcome { () throws(PostgresError) in
                    try await pool.integer(ConnectionPoolTests.quotient, value)
                }
            }
            _ = try await pool.integer(ConnectionPoolTests.number, 1)
            #expect(
                registry.value(of: #"database_query_seconds_count{statement="quotient"}"#) == "3")
            #expect(registry.value(of: #"database_query_seconds_count{statement="number"}"#) == "1")
            #expect(registry.value(of: #"database_query_errors_total{kind="server"}"#) == "1")
        }
    }

    @Test func `a statement takes from the turn in which it is sent to that of its answer`()
        async throws
    {
        let clock = ManualClock()
        try await withPool(countingIn: registry, clock: clock) { pool, _ in
            _ = try await pool.integer(ConnectionPoolTests.quotient, 1)
            try await pool.loop.run { _ in
                clock.advance(by: .milliseconds(7))
                _ = try await pool.integer(ConnectionPoolTests.number, 1)
            }
            #expect(
                registry.value(of: #"database_query_seconds_sum{statement="number"}"#) == "0.007")
        }
    }

    @Test func `a transaction counts each of its statements, and its commit`() async throws {
        try await withPool(countingIn: registry) { pool, _ in
            try await pool.withTransaction { transaction throws(PostgresError) in
                _ = try await transaction.integer(ConnectionPoolTests.number, 1)
                _ = try await transaction.execute(ConnectionPoolTests.insert, 1)
            }
            #expect(registry.value(of: #"database_query_seconds_count{statement="number"}"#) == "1")
            #expect(registry.value(of: #"database_query_seconds_count{statement="insert"}"#) == "1")
            #expect(registry.value(of: #"database_query_seconds_count{statement="commit"}"#) == "1")
        }
    }

    @Test func `what violates a constraint is told from other refusals`() async throws {
        try await withPool(countingIn: registry) { pool, _ in
            _ = try await pool.execute(ConnectionPoolTests.insert, 1)
            let again = await outcome { () throws(PostgresError) in
                try await pool.execute(ConnectionPoolTests.insert, 1)
            }
            #expect(again.error?.sqlState == "23505")
            #expect(
                registry.value(of: #"database_query_errors_total{kind="constraint_violation"}"#)
                    == "1")
            #expect(registry.value(of: #"database_query_errors_total{kind="server"}"#) == "0")
        }
    }

    @Test func `statements that share a round trip are one batch`() async throws {
        try await withPool(countingIn: registry) { pool, _ in
            _ = try await pool.integer(ConnectionPoolTests.number, 0)
            #expect(registry.value(of: #"database_batch_statements_bucket{le="1.0"}"#) == "1")
            let asking = await pool.loop.run { _ in
                let asking = (1...3 as ClosedRange<Int64>).map { value in
                    Task { try await pool.integer(ConnectionPoolTests.number, value) }
                }
                pool.loop.awaitJobs(3)
                return asking
            }
            for asking in asking { _ = try await asking.value }
            #expect(registry.value(of: "database_batch_statements_count") == "2")
            #expect(registry.value(of: "database_batch_statements_sum") == "4")
        }
    }

    @Test func `connections count by what they do`() async throws {
        try await withPool(connections: 4, countingIn: registry) { pool, _ in
            #expect(registry.value(of: "database_connections_max") == "4")
            try await pool.withConnection { connection throws(PostgresError) in
                _ = try await connection.integer(ConnectionPoolTests.number, 1)
                // The pool opens the second one by itself.
                repeat {
                    await endTurn(of: pool)
                } while registry.value(of: "database_connections_opened_total") != "2"
                #expect(registry.value(of: #"database_connections{state="in_use"}"#) == "1")
                #expect(registry.value(of: #"database_connections{state="idle"}"#) == "1")
            }
            await endTurn(of: pool)
            #expect(registry.value(of: #"database_connections{state="in_use"}"#) == "0")
            #expect(registry.value(of: #"database_connections{state="idle"}"#) == "2")
            #expect(registry.value(of: #"database_connections{state="connecting"}"#) == "0")
            #expect(registry.value(of: "database_connections_opened_total") == "2")
            #expect(registry.value(of: "database_reconnects_total") == "0")
        }
    }

    @Test func `who waits for a connection is seen waiting, and counted when he is done`()
        async throws
    {
        // Whoever waits does so until there is a connection, however slow everything is.
        try await withPool(
            connections: 1, countingIn: registry, configure: { $0.acquireTimeout = .seconds(3600) }
        ) { pool, _ in
            try await awaitConnection(of: pool)
            let before = try #require(
                registry.value(of: "database_pool_wait_seconds_count").flatMap { Int($0) })
            try await withThrowingTaskGroup { group in
                try await pool.withConnection { _ throws(PostgresError) in
                    group.addTask { _ = try await pool.integer(ConnectionPoolTests.number, 1) }
                    while await pool.statistics.waiters == 0 { await Task.yield() }
                    await endTurn(of: pool)
                    #expect(registry.value(of: "database_pool_waiters") == "1")
                    #expect(registry.value(of: "database_pool_wait_seconds_count") == "\(before)")
                }
                try await group.waitForAll()
            }
            await endTurn(of: pool)
            #expect(registry.value(of: "database_pool_waiters") == "0")
            #expect(registry.value(of: "database_pool_wait_seconds_count") == "\(before + 1)")
        }
    }

    @Test func `a caller who is refused counts as such and as a failure`() async throws {
        try await withPool(
            connections: 1, countingIn: registry, configure: { $0.waitersMax = 1 }
        ) { pool, _ in
            try await awaitConnection(of: pool)
            try await withThrowingTaskGroup { group in
                try await pool.withConnection { _ throws(PostgresError) in
                    group.addTask { _ = try await pool.integer(ConnectionPoolTests.number, 1) }
                    while await pool.statistics.waiters == 0 { await Task.yield() }
                    let refused = await outcome { () throws(PostgresError) in
                        try await pool.integer(ConnectionPoolTests.number, 2)
                    }
                    #expect(refused.error == .overloaded)
                }
                try await group.waitForAll()
            }
            await endTurn(of: pool)
            #expect(registry.value(of: #"database_pool_refusals_total{reason="full"}"#) == "1")
            #expect(registry.value(of: #"database_query_errors_total{kind="overloaded"}"#) == "1")
        }
    }

    @Test func `a connection that the server ends is counted, and so is the next one`()
        async throws
    {
        try await withPool(connections: 1, countingIn: registry) { pool, database in
            try await awaitConnection(of: pool)
            _ = try database.connect().execute(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE pid <> pg_backend_pid() AND datname = current_database()
                """)
            while await pool.statistics.reconnects == 0 { await Task.yield() }
            await endTurn(of: pool)
            #expect(
                registry.value(of: #"database_connections_discarded_total{reason="lost"}"#) == "1")
            #expect(registry.value(of: "database_reconnects_total") == "1")
            #expect(registry.value(of: "database_connections_opened_total") == "2")
        }
    }
}
