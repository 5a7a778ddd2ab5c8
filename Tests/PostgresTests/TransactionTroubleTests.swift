import HTTPTesting
import PostgresTesting
import Testing

@testable import Postgres

@Suite("Transactions that others or the network disturb", .timeLimit(.minutes(5)))
struct TransactionTroubleTests {
    private static let insert = ConnectionPoolTests.insert
    private static let count = ConnectionPoolTests.count
    private static let sum = Statement(
        integer: "sum", "SELECT coalesce(sum(id), 0)::bigint FROM notes")
    private static let lock = Statement(
        integer: "lock", "SELECT id FROM notes WHERE id = $1 FOR UPDATE")

    /// Each transaction takes one row and then the other, in opposite orders.
    @Test func `deadlocks are run again until all have their turn`() async throws {
        try await withPool(connections: 5) { pool, database in
            let administrator = try database.connect()
            try administrator.execute("INSERT INTO notes VALUES (1), (2)")
            let firsts = Occurrences()
            let results = await withTaskGroup(of: Result<Int64, PostgresError>.self) { group in
                for order in [[1, 2], [2, 1]] as [[Int64]] {
                    group.addTask {
                        await outcome { () throws(PostgresError) in
                            try await pool.withTransaction { transaction throws(PostgresError) in
                                _ = try await transaction.integer(Self.lock, order[0])
                                firsts.happened()
                                // Both have their first row before they ask for the second.
                                await firsts.wait(for: 2)
                                return try await transaction.integer(Self.lock, order[1])
                            }
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.allSatisfy { $0.error == nil }, "\(results)")
            // On a busy machine both may find the deadlock at the same time and give way.
            #expect(firsts.count >= 3, "one was run again")
        }
    }

    /// Each reads the sum and writes one more than it: only one after the other gives all of them.
    @Test func `serialization failures are run again, so that the result is as if in turns`()
        async throws
    {
        try await withPool(connections: 4) {
            $0.transactionAttemptsMax = 200
            $0.conflictPause = .milliseconds(1)
        } _: { pool, _ in
            try await withThrowingTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask {
                        _ = try await pool.withTransaction(isolation: .serializable) {
                            transaction throws(PostgresError) in
                            let sum = try await transaction.integer(Self.sum)
                            _ = try await transaction.execute(Self.insert, sum + 1)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let answer = try await pool.integer(Self.sum)
            #expect(answer == 255)
        }
    }

    @Test func `conflicts without end are told after the last attempt`() async throws {
        try await withPool { pool, _ in
            let attempts = Occurrences()
            let result = await outcome { () throws(PostgresError) in
                try await pool.withTransaction(isolation: .serializable) {
                    transaction throws(PostgresError) in
                    attempts.happened()
                    let sum = try await transaction.integer(Self.sum)
                    // Another one always comes first.
                    try await pool.withTransaction(isolation: .serializable) {
                        other throws(PostgresError) in
                        let sum = try await other.integer(Self.sum)
                        _ = try await other.execute(Self.insert, sum + 1)
                    }
                    _ = try await transaction.execute(Self.insert, sum + 100_000)
                }
            }
            #expect(result.error?.sqlState == "40001")
            #expect(attempts.count == 4)
        }
    }

    /// Each transaction writes a number and its negative.
    @Test func `of transactions whose sessions the server ends, none is half done`() async throws {
        try await withPool(connections: 6) { pool, database in
            let acknowledged = try await withThrowingTaskGroup(of: [Int64].self) { group in
                for writer in 1...6 as ClosedRange<Int64> {
                    group.addTask {
                        var acknowledged: [Int64] = []
                        for number in (writer * 1000)..<(writer * 1000 + 50) {
                            let result = await outcome { () throws(PostgresError) in
                                try await pool.withTransaction {
                                    transaction throws(PostgresError) in
                                    _ = try await transaction.execute(Self.insert, number)
                                    _ = try await transaction.execute(Self.insert, -number)
                                }
                            }
                            switch result.error {
                            case nil: acknowledged.append(number)
                            case .connectionLost, .outcomeUnknown: break
                            case let error: Issue.record("\(String(describing: error))")
                            }
                        }
                        return acknowledged
                    }
                }
                group.addTask {
                    let administrator = try database.connect()
                    for _ in 0..<20 {
                        _ = try administrator.query(EndedSessionTests.terminateOthers)
                        await Task.yield()
                    }
                    return []
                }
                return try await group.reduce([], +)
            }
            let rows = try database.connect().query("SELECT id FROM notes")
            let stored = Set(rows.compactMap { $0[0].flatMap(Int64.init) })
            #expect(stored.isSuperset(of: acknowledged))
            #expect(stored.allSatisfy { stored.contains(-$0) })
            #expect(!acknowledged.isEmpty)
        }
    }

    @Test func `a holder who asks nothing for too long loses his transaction`() async throws {
        try await withPool {
            $0.idleInTransactionTimeout = .milliseconds(100)
        } _: { pool, database in
            let administrator = try database.connect()
            let result = await outcome { () throws(PostgresError) in
                try await pool.withTransaction { transaction throws(PostgresError) in
                    _ = try await transaction.execute(Self.insert, 1)
                    #expect(await eventually { administrator.openTransactionCount == 0 })
                    _ = try await transaction.execute(Self.insert, 2)
                }
            }
            #expect(result.error == .timedOut(.transaction))
            #expect(await eventually { await pool.statistics.discards == [.timedOut: 1] })
            let answer = try await pool.integer(Self.count)
            #expect(answer == 0)
        }
    }

    @Test func `a connection that is lost before the end leaves nothing behind`() async throws {
        try await withProxiedPool { pool, proxy in
            try await awaitConnection(of: pool)
            let result = await outcome { () throws(PostgresError) in
                try await pool.withTransaction { transaction throws(PostgresError) in
                    _ = try await transaction.execute(Self.insert, 1)
                    proxy.cut()
                    _ = try await transaction.execute(Self.insert, 2)
                }
            }
            #expect(result.error == .connectionLost)
            let answer = try await eventually { () throws(PostgresError) in
                try await pool.integer(Self.count)
            }
            #expect(answer == 0)
        }
    }

    @Test func `a connection that is lost while it commits leaves the outcome unknown`()
        async throws
    {
        try await withProxiedPool { pool, proxy in
            try await awaitConnection(of: pool)
            let attempts = Occurrences()
            let result = await outcome { () throws(PostgresError) in
                try await pool.withTransaction { transaction throws(PostgresError) in
                    attempts.happened()
                    _ = try await transaction.execute(Self.insert, 1)
                    proxy.set(.stall)
                }
            }
            #expect(result.error == .outcomeUnknown)
            #expect(attempts.count == 1, "it is not run again")
            proxy.set(.pass)
        }
    }
}

extension DirectConnection {
    /// How many other sessions of this database have a transaction open.
    fileprivate var openTransactionCount: Int? {
        let rows = try? query(
            """
            SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
            AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
            """)
        return rows?.first?[0].flatMap { Int($0) }
    }
}
