import HTTPTesting
import PostgresTesting
import Reactor
import Testing

@testable import Postgres

@Suite("Writes that share a commit, on a real server", .timeLimit(.minutes(5)))
struct WriteBatchTests {
    /// Counts in the row with the number that is given; with 13 it fails.
    private static let count = Statement<Int64, Int64>(
        "count_up", .write, countText(of: "$1"),
        batched: countText(
            of: "(SELECT id FROM counters WHERE id = $1 FOR NO KEY UPDATE SKIP LOCKED)"),
        columns: [.int8],
        encode: { value, parameters throws(PostgresError) in try parameters.append(value) },
        decode: { row throws(PostgresError) in try row.int64() })

    private static func countText(of id: String) -> String {
        "UPDATE counters SET value = value + 1 + 0 / ($1 - 13) WHERE id = \(id) RETURNING value"
    }

    /// Runs `body` with a pool that batches writes, and a hundred counters that are 0. The commit
    /// of a change of number 14 fails.
    private func withCounters(
        connections: Int = 4, configure: (inout PoolConfiguration) -> Void = { _ in },
        _ body: (ConnectionPool, TestDatabase) async throws -> Void
    ) async throws {
        try await withPool(connections: connections) {
            $0.batchesWrites = true
            configure(&$0)
        } _: { pool, database in
            try makeCounters(in: database)
            try await body(pool, database)
        }
    }

    private func makeCounters(in database: TestDatabase) throws {
        let administrator = try database.connect()
        for sql in [
            "CREATE TABLE counters (id bigint PRIMARY KEY, value bigint NOT NULL)",
            "INSERT INTO counters SELECT generate_series(1, 100), 0",
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE 'refused' USING ERRCODE = 'UM014'; END $$
            """,
            """
            CREATE CONSTRAINT TRIGGER refuse AFTER UPDATE ON counters
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.id = 14)
            EXECUTE FUNCTION refuse()
            """,
        ] { try administrator.execute(sql) }
    }

    /// Counts in all of these rows, in one turn of the pool's loop.
    private func countTogether(
        _ numbers: [Int64], on pool: ConnectionPool
    ) async -> [Int64: Result<Int64?, PostgresError>] {
        await pool.loop.run { _ in
            let writes = numbers.map { number in
                Task {
                    await outcome { () throws(PostgresError) in
                        try await pool.row(Self.count, number)
                    }
                }
            }
            // All have reached the loop before its turn goes on.
            pool.loop.awaitJobs(numbers.count)
            var results: [Int64: Result<Int64?, PostgresError>] = [:]
            for (number, write) in zip(numbers, writes) { results[number] = await write.value }
            return results
        }
    }

    private func integers(_ sql: String, _ database: TestDatabase) throws -> [Int64] {
        try database.connect().query(sql).compactMap { $0[0].flatMap(Int64.init) }
    }

    @Test(arguments: [true, false])
    func `the writes of a turn are one transaction`(preparesStatements: Bool) async throws {
        try await withCounters {
            $0.preparesStatements = preparesStatements
        } _: { pool, database in
            // Opens the connection and prepares the statement.
            _ = try await pool.row(Self.count, 1)
            let results = await countTogether(Array(21...50), on: pool)
            #expect(results.count == 30 && results.values.allSatisfy { $0 == .success(1) })
            let transactions = try integers(
                "SELECT DISTINCT xmin::text FROM counters WHERE id BETWEEN 21 AND 50",
                database)
            #expect(transactions.count == 1)
            #expect(await pool.statistics.writesAlone == 0)
        }
    }

    @Test func `a batch has an end, and the next one begins beside it`() async throws {
        try await withCounters {
            $0.writeBatchMax = 10
        } _: { pool, database in
            let results = await countTogether(Array(21...50), on: pool)
            #expect(results.values.allSatisfy { $0 == .success(1) })
            let sizes = try integers(
                """
                SELECT count(*) FROM counters WHERE id BETWEEN 21 AND 50
                GROUP BY xmin::text ORDER BY 1
                """, database)
            #expect(sizes == [10, 10, 10])
        }
    }

    @Test func `one row changes as often as it is told to`() async throws {
        try await withCounters { pool, database in
            let values = await withTaskGroup(of: Int64?.self) { group in
                for _ in 0..<200 { group.addTask { try? await pool.row(Self.count, 7) } }
                return await group.reduce(into: []) { $0.append($1 ?? 0) }
            }
            // Each was told a value of its own.
            #expect(values.sorted() == Array(1...200))
            let stored = try integers("SELECT value FROM counters WHERE id = 7", database)
            #expect(stored == [200])
        }
    }

    @Test(arguments: [true, false])
    func `an error is its caller's, and nobody else's write is lost or doubled`(
        preparesStatements: Bool
    ) async throws {
        try await withCounters {
            $0.preparesStatements = preparesStatements
        } _: { pool, database in
            let results = await countTogether(Array(1...30), on: pool)
            for (number, result) in results {
                switch number {
                case 13: #expect(result.error?.sqlState == "22012")
                case 14: #expect(result.error?.sqlState == "UM014")
                default: #expect(result == .success(1), "\(number)")
                }
            }
            let values = try integers(
                "SELECT value FROM counters WHERE id <= 30 ORDER BY id", database)
            #expect(values == (1...30).map { $0 == 13 || $0 == 14 ? 0 : 1 })
            #expect(await pool.statistics.writesAlone >= 30)
            #expect(await pool.statistics.discards == [:])
        }
    }

    @Test(arguments: [true, false])
    func `a commit that fails is its cause's, and nobody else's`(
        preparesStatements: Bool
    ) async throws {
        try await withCounters {
            $0.preparesStatements = preparesStatements
        } _: { pool, database in
            let results = await countTogether([14, 15, 16], on: pool)
            #expect(results[14]?.error?.sqlState == "UM014")
            #expect(results[15] == .success(1) && results[16] == .success(1))
            let values = try integers(
                "SELECT value FROM counters WHERE id IN (14, 15, 16) ORDER BY id",
                database)
            #expect(values == [0, 1, 1])
        }
    }

    @Test func `a row that is missing is nobody's error`() async throws {
        try await withCounters { pool, _ in
            let results = await countTogether([20, 101], on: pool)
            #expect(results[20] == .success(1))
            #expect(results[101] == .success(nil))
            #expect(await pool.statistics.writesAlone == 1)
        }
    }

    @Test func `who waits for a lock holds up nobody else`() async throws {
        try await withCounters { pool, database in
            let administrator = try database.connect()
            try administrator.execute("BEGIN")
            try administrator.execute("UPDATE counters SET value = 40 WHERE id = 2")
            let waiting = Task { await countTogether([2, 3, 4], on: pool) }
            // Those beside it are committed, and so is whatever comes after them.
            #expect(
                await eventually {
                    (try? integers("SELECT sum(value) FROM counters", database)) == [2]
                })
            let others = await countTogether([3, 4, 5], on: pool)
            #expect(others[3] == .success(2) && others[5] == .success(1))
            try administrator.execute("COMMIT")
            let results = await waiting.value
            #expect(results[2] == .success(41))
            #expect(results[3] == .success(1) && results[4] == .success(1))
        }
    }

    @Test func `batches with the same rows never deadlock`() async throws {
        try await withCounters(connections: 6) { pool, database in
            await withTaskGroup { group in
                for _ in 0..<20 {
                    group.addTask { _ = await countTogether(Array(21...40), on: pool) }
                    group.addTask { _ = await countTogether(Array((21...40).reversed()), on: pool) }
                }
            }
            let values = try integers(
                "SELECT DISTINCT value FROM counters WHERE id BETWEEN 21 AND 40", database)
            #expect(values == [40])
            // What a session counts is told when it ends, if not before.
            await pool.close()
            #expect(
                await eventually {
                    (try? integers(
                        """
                        SELECT count(*) FROM pg_stat_activity
                        WHERE datname = current_database() AND pid <> pg_backend_pid()
                        """, database)) == [0]
                })
            let deadlocks = try integers(
                "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()",
                database)
            #expect(deadlocks == [0])
        }
    }

    @Test(arguments: [true, false])
    func `what was acknowledged is there once, although sessions end under load`(
        preparesStatements: Bool
    ) async throws {
        try await withCounters(connections: 6) {
            $0.preparesStatements = preparesStatements
        } _: { pool, database in
            let outcomes = await withTaskGroup(of: [PostgresError?].self) { group in
                for caller in 0..<16 as Range<Int64> {
                    group.addTask { await countUp(60, in: 21 + caller % 3, on: pool) }
                }
                for _ in 0..<20 {
                    _ = try? database.connect().query(EndedSessionTests.terminateOthers)
                    await Task.yield()
                }
                return await group.reduce(into: []) { $0 += $1 }
            }
            let unexpected = outcomes.filter {
                ![nil, .connectionLost, .outcomeUnknown].contains($0)
            }
            #expect(unexpected == [])
            let acknowledged = Int64(outcomes.count { $0 == nil })
            let unknown = Int64(outcomes.count { $0 == .outcomeUnknown })
            let stored = try integers("SELECT sum(value) FROM counters", database)
            #expect((acknowledged...acknowledged + unknown).contains(stored[0]))
            #expect(acknowledged > 0)
        }
    }

    /// Counts in one row again and again.
    private func countUp(
        _ count: Int, in number: Int64, on pool: ConnectionPool
    ) async -> [PostgresError?] {
        var outcomes: [PostgresError?] = []
        for _ in 0..<count {
            let result = await outcome { () throws(PostgresError) in
                try await pool.row(Self.count, number)
            }
            outcomes.append(result.error)
        }
        return outcomes
    }

    @Test func `a batch whose answer is lost is unknown to all in it, and never repeated`()
        async throws
    {
        // It would repeat itself without a trace.
        let sql = "INSERT INTO notes (id) VALUES ($1)"
        let insert = Statement<Int64, Never>(
            "insert_note", .write, sql, batched: "\(sql) ON CONFLICT DO NOTHING",
            encode: { value, parameters throws(PostgresError) in try parameters.append(value) })
        try await withProxiedPool {
            $0.batchesWrites = true
        } _: { pool, proxy in
            try await awaitConnection(of: pool)
            #expect(try await pool.execute(insert, 0) == 1)
            let before = await pool.statistics.traffic
            proxy.set(.stall)
            let errors = await pool.loop.run { _ in
                let writes = (1...5 as ClosedRange<Int64>).map { number in
                    Task {
                        await outcome { () throws(PostgresError) in
                            try await pool.execute(insert, number)
                        }
                    }
                }
                pool.loop.awaitJobs(5)
                var errors: [PostgresError?] = []
                for write in writes { errors.append(await write.value.error) }
                return errors
            }
            #expect(errors == Array(repeating: .outcomeUnknown, count: 5))
            let after = await pool.statistics.traffic
            #expect(after.batches - before.batches == 1 && after.queries - before.queries == 5)
            #expect(await pool.statistics.writesAlone == 0)
        }
    }
}
