import HTTPTesting
import PostgresTesting
import Reactor
import Testing

@testable import Postgres

@Suite("Sessions that the server ends while they are busy")
struct EndedSessionTests {
    static let terminateOthers = """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE pid <> pg_backend_pid() AND datname = current_database()
        """

    /// The callers are on any thread, as a caller may be who does not come from the pool's loop.
    @Test func `every caller is answered, and what was acknowledged is there`() async throws {
        try await withPool(connections: 6) { pool, database in
            let acknowledged = try await withThrowingTaskGroup(of: [Int64].self) { group in
                for caller in 0..<8 as Range<Int64> {
                    group.addTask { await write(100, from: caller * 1_000, to: pool) }
                    group.addTask { await read(100, from: pool) }
                }
                group.addTask {
                    let administrator = try database.connect()
                    for _ in 0..<20 {
                        _ = try administrator.query(Self.terminateOthers)
                        await Task.yield()
                    }
                    return []
                }
                return try await group.reduce([], +)
            }
            let rows = try database.connect().query("SELECT id FROM notes")
            #expect(Set(rows.compactMap { $0[0].flatMap(Int64.init) }).isSuperset(of: acknowledged))
            let answer = try await eventually { () throws(PostgresError) in
                try await pool.integer(ConnectionPoolTests.number, 7)
            }
            #expect(answer == 7)
        }
    }

    /// All happens in one turn of the loop, and the only connection sends twice: the first time
    /// fails, and the second time libpq reads the end of the stream and closes the socket by
    /// itself, of which epoll reports nothing.
    @Test func `a loss that sending finds out is told at once`() async throws {
        try await withProxiedPool(connections: 1) { pool, proxy in
            try await awaitConnection(of: pool)
            let errors = await pool.loop.run { _ in
                proxy.cut()
                async let read = outcome { () throws(PostgresError) in
                    try await pool.integer(ConnectionPoolTests.number, 2)
                }
                async let write = outcome { () throws(PostgresError) in
                    try await pool.execute(ConnectionPoolTests.insert, 3)
                }
                // Both have reached the loop before its turn goes on.
                pool.loop.awaitJobs(2)
                return await [read.error, write.error]
            }
            #expect(errors == [.connectionLost, .outcomeUnknown])
        }
    }

    /// Inserts numbers and returns those that were acknowledged.
    private func write(_ count: Int64, from first: Int64, to pool: ConnectionPool) async -> [Int64]
    {
        var acknowledged: [Int64] = []
        for number in first..<(first + count) {
            let result = await outcome { () throws(PostgresError) in
                try await pool.execute(ConnectionPoolTests.insert, number)
            }
            switch result {
            case .success: acknowledged.append(number)
            case .failure(let error):
                #expect([.connectionLost, .outcomeUnknown].contains(error))
            }
        }
        return acknowledged
    }

    /// Reads numbers.
    private func read(_ count: Int64, from pool: ConnectionPool) async -> [Int64] {
        for number in 0..<count {
            let result = await outcome { () throws(PostgresError) in
                try await pool.integer(ConnectionPoolTests.number, number)
            }
            switch result {
            case .success(let value): #expect(value == number)
            case .failure(let error): #expect(error == .connectionLost)
            }
        }
        return []
    }
}
