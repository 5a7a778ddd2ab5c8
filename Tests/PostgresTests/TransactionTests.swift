import Ambient
import HTTPTesting
import PostgresTesting
import Reactor
import Testing

@testable import Postgres

@Suite("Transactions on a real server", .timeLimit(.minutes(5)))
struct TransactionTests {
    private static let insert = ConnectionPoolTests.insert
    private static let count = ConnectionPoolTests.count
    private static let level = Statement<Void, String>(
        "level", .shortRead,
        """
        SELECT current_setting('transaction_isolation') || ' '
            || current_setting('transaction_read_only')
        """, columns: [.text], decode: { row throws(PostgresError) in try row.text() })
    private static let sleep = Statement(
        integer: "transaction_sleep", "SELECT $1::bigint FROM pg_sleep($1::bigint)")

    private static let longCount = Statement(
        integer: "long_count", kind: .longRead(timeout: .seconds(60)), "SELECT count(*) FROM notes")

    /// What a body gives up for.
    private enum Refusal: Error, Equatable, DatabaseFailure {
        case ours
        case database(PostgresError)

        init(_ error: PostgresError) { self = .database(error) }
    }

    @Test func `what a transaction wrote is there when it returns, all of it`() async throws {
        try await withPool { pool, database in
            let seen = try await pool.withTransaction { transaction throws(PostgresError) in
                for id in 1...3 as ClosedRange<Int64> {
                    _ = try await transaction.execute(Self.insert, id)
                }
                return try await transaction.integer(Self.count)
            }
            #expect(seen == 3)
            let stored = try database.connect().query("SELECT count(*) FROM notes")
            #expect(stored == [["3"]])
            #expect(await pool.statistics.discards == [:])
        }
    }

    @Test(arguments: [
        (IsolationLevel.readCommitted, AccessMode.readWrite, "read committed off"),
        (.repeatableRead, .readOnly, "repeatable read on"),
        (.serializable, .readWrite, "serializable off"),
    ])
    func `a transaction has the isolation and the access that it asks for`(
        isolation: IsolationLevel, access: AccessMode, expected: String
    ) async throws {
        try await withPool { pool, _ in
            let actual = try await pool.withTransaction(isolation: isolation, access: access) {
                transaction throws(PostgresError) in
                try await transaction.row(Self.level, ())
            }
            #expect(actual == expected)
        }
    }

    @Test func `a transaction that throws is rolled back, and its connection used again`()
        async throws
    {
        try await withPool(connections: 2) { pool, _ in
            for _ in 0..<3 {
                let refusal = await #expect(throws: Refusal.self) {
                    try await pool.withTransaction { transaction throws(Refusal) in
                        do throws(PostgresError) {
                            _ = try await transaction.execute(Self.insert, 1)
                        } catch {
                            throw Refusal(error)
                        }
                        throw .ours
                    }
                }
                #expect(refusal == .ours)
            }
            let answer = try await pool.integer(Self.count)
            #expect(answer == 0)
            let statistics = await pool.statistics
            #expect(statistics.discards == [:] && statistics.reconnects == 0)
        }
    }

    @Test func `an error that a body swallows is thrown at the end, and nothing is kept`()
        async throws
    {
        try await withPool { pool, _ in
            let result = await outcome { () throws(PostgresError) in
                try await pool.withTransaction { transaction throws(PostgresError) in
                    _ = try await transaction.execute(Self.insert, 1)
                    _ = try? await transaction.execute(Self.insert, 1)
                    _ = try? await transaction.execute(Self.insert, 2)
                }
            }
            #expect(result.error?.sqlState == "23505")
            let answer = try await pool.integer(Self.count)
            #expect(answer == 0)
            #expect(await pool.statistics.discards == [:])
        }
    }

    @Test func `transactions and long reads need no prepared statements`() async throws {
        try await withPool {
            $0.preparesStatements = false
        } _: { pool, _ in
            for round in 1...3 as ClosedRange<Int64> {
                let failed = await outcome { () throws(PostgresError) in
                    try await pool.withTransaction { transaction throws(PostgresError) in
                        _ = try await transaction.execute(Self.insert, -round)
                        _ = try await transaction.integer(ConnectionPoolTests.malformed)
                    }
                }
                #expect(failed.error?.sqlState == "42601")
                try await pool.withTransaction { transaction throws(PostgresError) in
                    _ = try await transaction.execute(Self.insert, round)
                }
                let answer = try await pool.integer(Self.longCount)
                #expect(answer == round)
            }
            #expect(await pool.statistics.discards == [:])
        }
    }

    @Test func `a transaction that asks nothing sends nothing`() async throws {
        try await withPool { pool, _ in
            let before = await pool.statistics.traffic
            let value = await outcome { () throws(PostgresError) in
                try await pool.withTransaction {
                    (_: borrowing Transaction) throws(PostgresError) in 7
                }
            }
            #expect(value == .success(7))
            #expect(await pool.statistics.traffic == before)
        }
    }

    @Test func `the beginning costs no round trip of its own`() async throws {
        try await withPool { pool, _ in
            let before = await pool.statistics.traffic.batches
            try await pool.withTransaction { transaction throws(PostgresError) in
                _ = try await transaction.execute(Self.insert, 1)
                _ = try await transaction.execute(Self.insert, 2)
            }
            #expect(await pool.statistics.traffic.batches == before + 3)
        }
    }

    @Test func `a body that is cancelled is rolled back`() async throws {
        try await withPool { pool, database in
            let administrator = try database.connect()
            let running = Task {
                await outcome { () throws(PostgresError) in
                    try await pool.withTransaction { transaction throws(PostgresError) in
                        _ = try await transaction.execute(Self.insert, 1)
                        _ = try await transaction.integer(Self.sleep, 60)
                    }
                }
            }
            #expect(await eventually { administrator.sleeperCount == 1 })
            running.cancel()
            #expect(await running.value.error == .cancelled)
            let answer = try await pool.integer(Self.count)
            #expect(answer == 0)
            #expect(await pool.statistics.discards == [:])
        }
    }

    @Test func `a body that returns although it was cancelled is rolled back`() async throws {
        try await withPool { pool, _ in
            let hasWritten = Occurrences()
            let running = Task {
                await outcome { () throws(PostgresError) in
                    try await pool.withTransaction { transaction throws(PostgresError) in
                        _ = try await transaction.execute(Self.insert, 1)
                        hasWritten.happened()
                        while !Task.isCancelled { await Task.yield() }
                    }
                }
            }
            await hasWritten.wait()
            running.cancel()
            #expect(await running.value.error == .cancelled)
            let answer = try await pool.integer(Self.count)
            #expect(answer == 0)
        }
    }

    @Test func `a body's statement that is malformed fails at its beginning`() async throws {
        try await withPool { pool, _ in
            let result = await outcome { () throws(PostgresError) in
                try await pool.withTransaction { transaction throws(PostgresError) in
                    _ = try await transaction.integer(ConnectionPoolTests.malformed)
                }
            }
            #expect(result.error?.sqlState == "42601")
            let answer = try await pool.integer(ConnectionPoolTests.number, 3)
            #expect(answer == 3)
        }
    }
}
