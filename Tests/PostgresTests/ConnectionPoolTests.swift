import Logging
import PostgresTesting
import Reactor
import Testing

@testable import Postgres

@Suite("Connection pool on a real server")
struct ConnectionPoolTests {
    static let number = Statement(integer: "number", "SELECT $1::bigint")
    static let quotient = Statement(integer: "quotient", "SELECT 1 / $1::bigint")
    static let insert = Statement(write: "insert", "INSERT INTO notes (id) VALUES ($1)")
    static let insertIfMissing = Statement(
        write: "insert_if_missing", "INSERT INTO notes (id) VALUES ($1) ON CONFLICT DO NOTHING")
    static let count = Statement(integer: "count", "SELECT count(*) FROM notes")
    static let malformed = Statement(integer: "malformed", "SELEKT 1")
    static let killOthers = Statement(
        integer: "kill_others",
        """
        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE pid <> pg_backend_pid() AND datname = current_database()
        """)

    @Test func `many reads at once each get their own answer`() async throws {
        try await withPool { pool, _ in
            try await withThrowingTaskGroup { group in
                for value in 0..<500 as Range<Int64> {
                    group.addTask {
                        try await pool.integer(Self.number, value) == value
                    }
                }
                for try await isRight in group { #expect(isRight) }
            }
        }
    }

    @Test func `an error in a batch reaches one caller only`() async throws {
        try await withPool { pool, _ in
            try await withThrowingTaskGroup { group in
                for value in 0..<60 as Range<Int64> {
                    group.addTask {
                        let outcome = await outcome {
                            () throws(PostgresError) in
                            try await pool.integer(Self.quotient, value % 10)
                        }
                        guard value % 10 == 0 else {
                            return (try? outcome.get()) == 1 / (value % 10)
                        }
                        return outcome.error?.sqlState == "22012"
                    }
                }
                for try await isRight in group { #expect(isRight) }
            }
        }
    }

    @Test func `a statement that the server refuses does not spoil its connection`() async throws {
        try await withPool { pool, _ in
            for _ in 0..<2 {
                let refused = await outcome {
                    () throws(PostgresError) in try await pool.integer(Self.malformed)
                }
                #expect(refused.error?.sqlState == "42601")
            }
            let answer = try await pool.integer(Self.number, 7)
            #expect(answer == 7)
        }
    }

    @Test func `a write is committed when it is answered`() async throws {
        try await withPool { pool, database in
            try await withThrowingTaskGroup { group in
                for value in 0..<40 as Range<Int64> {
                    group.addTask {
                        _ = try await pool.execute(Self.insert, value)
                    }
                }
                try await group.waitForAll()
            }
            let answer = try await pool.integer(Self.count)
            #expect(answer == 40)
            let duplicate = await outcome {
                () throws(PostgresError) in try await pool.execute(Self.insert, 1)
            }
            guard case .server(let error) = duplicate.error else {
                Issue.record("\(duplicate)")
                return
            }
            #expect(error.sqlState == "23505" && error.constraint == "notes_pkey")
        }
    }

    @Test func `a read that comes while a write commits on the only connection is answered`()
        async throws
    {
        try await withPool(connections: 1) { pool, _ in
            for value in 0..<20 as Range<Int64> {
                try await withThrowingTaskGroup { group in
                    group.addTask {
                        _ = try await pool.execute(Self.insert, value)
                    }
                    group.addTask {
                        _ = try await pool.integer(Self.number, value)
                    }
                    try await group.waitForAll()
                }
            }
        }
    }

    @Test func `connections that the server ends are replaced`() async throws {
        try await withPool { pool, _ in
            for value in 0..<20 as Range<Int64> {
                _ = await outcome { () throws(PostgresError) in
                    try await pool.integer(Self.killOthers)
                }
                _ = await outcome { () throws(PostgresError) in
                    try await pool.integer(Self.number, 0)
                }
                let answer = try await eventually { () throws(PostgresError) in
                    try await pool.integer(Self.number, value)
                }
                #expect(answer == value)
            }
        }
    }

    @Test func `a server that does not answer is given up within the limit`() async throws {
        try await withProxiedPool { pool, proxy in
            try await awaitConnection(of: pool)
            proxy.set(.stall)
            let stalled = await outcome {
                () throws(PostgresError) in try await pool.integer(Self.number, 2)
            }
            #expect(stalled.error == .timedOut(.statement))
            proxy.set(.pass)
            let answer = try await eventually { () throws(PostgresError) in
                try await pool.integer(Self.number, 3)
            }
            #expect(answer == 3)
        }
    }

    @Test func `a write whose answer is lost is reported as unknown`() async throws {
        try await withProxiedPool { pool, proxy in
            try await awaitConnection(of: pool)
            // Writes have connections of their own.
            _ = try await eventually { () throws(PostgresError) in
                try await pool.execute(Self.insertIfMissing, 1)
            }
            proxy.set(.stall)
            let lost = await outcome { () throws(PostgresError) in
                try await pool.execute(Self.insert, 2)
            }
            #expect(lost.error == .outcomeUnknown)
            proxy.set(.pass)
        }
    }

    @Test func `callers without a connection wait no longer than the limit`() async throws {
        try await withProxiedPool { pool, proxy in
            proxy.set(.refuse)
            proxy.cut()
            _ = await outcome { () throws(PostgresError) in try await pool.integer(Self.number, 0) }
            let waited = await outcome {
                () throws(PostgresError) in try await pool.integer(Self.number, 1)
            }
            #expect(waited.error == .timedOut(.acquire))
            proxy.set(.pass)
            let answer = try await eventually { () throws(PostgresError) in
                try await pool.integer(Self.number, 2)
            }
            #expect(answer == 2)
        }
    }

    @Test func `a closed pool refuses and leaves no connection behind`() async throws {
        try await withPool { pool, database in
            _ = try await pool.integer(Self.number, 1)
            await pool.close()
            let refused = await outcome {
                () throws(PostgresError) in try await pool.integer(Self.number, 1)
            }
            #expect(refused.error == .closed)
        }
    }
}
