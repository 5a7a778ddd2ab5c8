import Ambient
import HTTPTesting
import PostgresTesting
import Reactor
import Synchronization
import Testing

@testable import Postgres

@Suite("Leases on a real server", .timeLimit(.minutes(5)))
struct LeaseTests {
    private static let sleep = Statement(
        integer: "sleep", kind: .longRead(timeout: .seconds(60)),
        "SELECT $1::bigint FROM pg_sleep($1::bigint)")
    private static let sleepTooLong = Statement(
        integer: "sleep_too_long", kind: .longRead(timeout: .milliseconds(200)),
        "SELECT $1::bigint FROM pg_sleep($1::bigint)")
    private static let setting = Statement(
        integer: "statement_timeout", kind: .longRead(timeout: .seconds(2)),
        "SELECT setting::bigint FROM pg_settings WHERE name = 'statement_timeout'")
    private static let usualSetting = Statement(
        integer: "usual_statement_timeout",
        "SELECT setting::bigint FROM pg_settings WHERE name = 'statement_timeout'")
    private static let planned = Statement(
        integer: "planned", kind: .longRead(timeout: .seconds(2)),
        "SELECT (current_setting('plan_cache_mode') = 'force_custom_plan')::int::bigint")
    private static let usuallyPlanned = Statement(
        integer: "usually_planned",
        "SELECT (current_setting('plan_cache_mode') = 'auto')::int::bigint")
    private static let process = Statement(
        integer: "process", "SELECT pg_backend_pid()::bigint")
    private static let quotient = Statement(
        integer: "long_quotient", kind: .longRead(timeout: .seconds(60)), "SELECT 1 / $1::bigint")

    @Test func `a long read has a time limit of its own, which ends with it`() async throws {
        try await withPool(connections: 2) { pool, _ in
            let own = try await pool.integer(Self.setting)
            #expect(own == 1800)
            let usual = try await pool.withConnection { connection throws(PostgresError) in
                try await connection.integer(Self.usualSetting)
            }
            #expect(usual == 0)
        }
    }

    @Test func `a long read is planned for its values, and what follows as usual`() async throws {
        try await withPool(connections: 1) { pool, _ in
            let isPlanned = try await pool.integer(Self.planned)
            #expect(isPlanned == 1)
            let isAsUsual = try await pool.integer(Self.usuallyPlanned)
            #expect(isAsUsual == 1)
        }
    }

    @Test func `a long read that takes too long is ended by the server, and its connection kept`()
        async throws
    {
        try await withPool(connections: 2) { pool, _ in
            let late = await outcome { () throws(PostgresError) in
                try await pool.integer(Self.sleepTooLong, 60)
            }
            #expect(late.error == .timedOut(.statement))
            let answer = try await pool.integer(Self.sleep, 0)
            #expect(answer == 0)
            #expect(await pool.statistics.discards == [:])
        }
    }

    @Test func `an error of a long read is its caller's, and its connection is kept`() async throws
    {
        try await withPool(connections: 2) { pool, _ in
            for _ in 0..<3 {
                let failed = await outcome { () throws(PostgresError) in
                    try await pool.integer(Self.quotient, 0)
                }
                #expect(failed.error?.sqlState == "22012")
            }
            let answer = try await pool.integer(Self.quotient, 1)
            #expect(answer == 1)
            let statistics = await pool.statistics
            #expect(statistics.discards == [:] && statistics.reconnects == 0)
        }
    }

    @Test func `a caller who is cancelled has his long read cancelled, and no other`() async throws
    {
        try await withPool(connections: 4) { pool, database in
            let administrator = try database.connect()
            let neighbour = Task { () throws(PostgresError) in
                try await pool.integer(Self.sleep, 1)
            }
            let reading = Task {
                await outcome { () throws(PostgresError) in
                    try await pool.integer(Self.sleep, 60)
                }
            }
            #expect(await eventually { administrator.sleeperCount == 2 })
            reading.cancel()
            #expect(await reading.value.error == .cancelled)
            #expect(try await neighbour.value == 1)
            #expect(administrator.sleeperCount == 0)
            // The same connections serve the next callers.
            for _ in 0..<3 {
                let answer = try await pool.integer(Self.sleep, 0)
                #expect(answer == 0)
            }
            #expect(await pool.statistics.discards == [:])
        }
    }

    @Test func `a cancellation that comes at any time hits its own statement alone`() async throws {
        try await withPool(connections: 2) { pool, _ in
            for round in 0..<100 {
                let reading = Task {
                    await outcome { () throws(PostgresError) in
                        try await pool.integer(Self.sleep, 0)
                    }
                }
                for _ in 0..<(round % 20) { await Task.yield() }
                reading.cancel()
                let result = await reading.value
                #expect(result.error == nil || result.error == .cancelled)
                let answer = try await pool.integer(Self.sleep, 0)
                #expect(answer == 0)
            }
            #expect(await pool.statistics.discards == [:])
        }
    }

    @Test func `a waiter who is cancelled gives up his place`() async throws {
        try await withPool(connections: 2) { pool, _ in
            let gate = Occurrences()
            let holding = Occurrences()
            let holder = Task {
                try await pool.withConnection {
                    (_: borrowing LeasedConnection) throws(PostgresError) in
                    holding.happened()
                    await gate.wait()
                }
            }
            await holding.wait()
            let waiting = Task {
                await outcome { () throws(PostgresError) in
                    try await pool.integer(Self.sleep, 0)
                }
            }
            #expect(await eventually { await pool.statistics.waiters == 1 })
            waiting.cancel()
            #expect(await waiting.value.error == .cancelled)
            let statistics = await pool.statistics
            #expect(statistics.waiters == 0 && statistics.abandonedWaits == 1)
            gate.happened()
            try await holder.value
            let answer = try await pool.integer(Self.sleep, 0)
            #expect(answer == 0)
        }
    }

    @Test func `a holder's statements run on one connection, which no one else uses`() async throws
    {
        try await withPool(connections: 4) { pool, _ in
            let processes = try await pool.withConnection {
                connection throws(PostgresError) -> [Int64] in
                var processes: [Int64] = []
                for _ in 0..<5 {
                    processes.append(try await connection.integer(Self.process))
                    let other = try await pool.withConnection {
                        other throws(PostgresError) in
                        try await other.integer(Self.process)
                    }
                    #expect(other != processes[0])
                }
                return processes
            }
            #expect(Set(processes).count == 1 && processes.count == 5)
        }
    }

    @Test func `a server that does not heed a cancellation costs the connection`() async throws {
        try await withProxiedPool { pool, proxy in
            try await awaitConnection(of: pool)
            _ = try await eventually { () throws(PostgresError) in
                try await pool.integer(Self.sleep, 0)
            }
            proxy.set(.stall)
            let late = await outcome { () throws(PostgresError) in
                try await pool.integer(Self.sleepTooLong, 60)
            }
            #expect(late.error == .timedOut(.statement))
            #expect(await eventually { await pool.statistics.discards[.timedOut] == 1 })
            proxy.set(.pass)
            let answer = try await eventually { () throws(PostgresError) in
                try await pool.integer(Self.sleep, 0)
            }
            #expect(answer == 0)
        }
    }

    @Test func `writes that come at once use every connection that is not shared`() async throws {
        try await withPool(connections: 6) { pool, database in
            let blocker = try database.connect()
            try blocker.execute("BEGIN")
            try blocker.execute("LOCK TABLE notes")
            try await withThrowingTaskGroup { group in
                for value in 0..<200 as Range<Int64> {
                    group.addTask { _ = try await pool.execute(ConnectionPoolTests.insert, value) }
                }
                // While none of them gets on, one connection after the other is made for the rest.
                #expect(await eventually { await pool.statistics.inUse == 4 })
                try blocker.execute("COMMIT")
                try await group.waitForAll()
            }
            #expect(await pool.statistics.discards == [:])
            let answer = try await pool.integer(ConnectionPoolTests.count)
            #expect(answer == 200)
        }
    }

    @Test func `a write that the server refuses costs no connection`() async throws {
        try await withPool(connections: 2) { pool, _ in
            _ = try await pool.execute(ConnectionPoolTests.insert, 1)
            for _ in 0..<50 {
                let refused = await outcome { () throws(PostgresError) in
                    try await pool.execute(ConnectionPoolTests.insert, 1)
                }
                #expect(refused.error?.sqlState == "23505")
            }
            #expect(await pool.statistics.discards == [:])
        }
    }
}

extension DirectConnection {
    /// How many sessions of this database sleep now.
    var sleeperCount: Int? {
        let rows = try? query(
            """
            SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
            AND state = 'active' AND query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()
            """)
        return rows?.first?[0].flatMap { Int($0) }
    }
}
