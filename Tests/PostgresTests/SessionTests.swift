import HTTPTesting
import PostgresTesting
import Testing

@testable import Postgres

@Suite("Sessions of a pool")
struct SessionTests {
    private static let setting = Statement<String, String>(
        "setting", .shortRead, "SELECT current_setting($1)", columns: [.text],
        encode: { name, parameters throws(PostgresError) in try parameters.append(name) },
        decode: { row throws(PostgresError) in try row.text() })
    private static let preparedCount = Statement(
        integer: "prepared_count", "SELECT count(*) FROM pg_prepared_statements")

    @Test func `a session is told its settings before it is used`() async throws {
        try await withPool {
            $0.sessionSettings = [
                .number("statement_timeout", 4321), .number("lock_timeout", 1234),
                .word("plan_cache_mode", "force_generic_plan"),
            ]
        } _: { pool, _ in
            for (name, expected) in [
                ("statement_timeout", "4321ms"), ("lock_timeout", "1234ms"),
                ("plan_cache_mode", "force_generic_plan"),
            ] {
                let value = try await pool.row(Self.setting, name)
                #expect(value == expected)
            }
        }
    }

    @Test func `a setting that the server refuses is a failure to connect`() async throws {
        try await withPool {
            $0.sessionSettings = [.number("statement_timeout", -2)]
            $0.acquireTimeout = .milliseconds(200)
        } _: { pool, _ in
            let result = await outcome { () throws(PostgresError) in
                try await pool.integer(ConnectionPoolTests.number, 1)
            }
            #expect(result.error == .timedOut(.acquire))
        }
    }

    @Test func `a connection that is given up while it is made is closed`() async throws {
        try await withPool(connections: 1) { _, database in
            let refused = Greeting(
                settings: [.number("statement_timeout", -2)], timeout: .seconds(30))
            for _ in 0..<20 {
                #expect(throws: PostgresError.self) {
                    try LibpqHandle(connecting: database.url.keywords, greeting: refused)
                }
            }
            let isClosed = await eventually {
                let sql = """
                    SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()
                    """
                // That of the pool may be open.
                let count = try? database.connect().query(sql).first?[0]
                return count == "0" || count == "1"
            }
            #expect(isClosed)
        }
    }

    @Test func `a server without a pooler before it is known as one`() async throws {
        try await withPool { _, database in
            let greeting = Greeting(settings: [], timeout: .seconds(30))
            let handle = try LibpqHandle(connecting: database.url.keywords, greeting: greeting)
            #expect(!handle.isPooled)
        }
    }

    @Test func `a statement's name on the server tells its text`() {
        func name(_ sql: String) -> String {
            let octets = StatementText("name", .shortRead, sql).preparedName
            return String(decoding: octets.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
        #expect(name("SELECT 1") == name("SELECT 1"))
        #expect(name("SELECT 2") != name("SELECT 1"))
        #expect(name("") == "scbf29ce484222325")
        #expect(name("a") == "saf63dc4c8601ec8c")
    }

    @Test(arguments: [(true, Int64(2)), (false, 0)])
    func `statements are kept in the session only if they are prepared`(
        preparesStatements: Bool, expected: Int64
    ) async throws {
        try await withPool(connections: 1) {
            $0.preparesStatements = preparesStatements
        } _: { pool, _ in
            for value: Int64 in 1...3 {
                let answer = try await pool.integer(ConnectionPoolTests.number, value)
                #expect(answer == value)
            }
            let count = try await pool.integer(Self.preparedCount)
            #expect(count == expected)
        }
    }

    @Test func `without preparation an error reaches its own caller alone`() async throws {
        try await withPool {
            $0.preparesStatements = false
        } _: { pool, _ in
            let results = try await withThrowingTaskGroup(
                of: (Int64, Result<Int64, PostgresError>).self
            ) { group in
                for value: Int64 in 0..<200 {
                    group.addTask {
                        // Each tenth divides by zero, each fifth of the others is no SQL.
                        let result = await outcome { () throws(PostgresError) in
                            if value % 10 == 0 {
                                try await pool.integer(ConnectionPoolTests.quotient, 0)
                            } else if value % 5 == 0 {
                                try await pool.integer(ConnectionPoolTests.malformed)
                            } else {
                                try await pool.integer(ConnectionPoolTests.number, value)
                            }
                        }
                        return (value, result)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for (value, result) in results {
                let expected = value % 10 == 0 ? "22012" : value % 5 == 0 ? "42601" : nil
                #expect(result.error?.sqlState == expected)
                if expected == nil { #expect(try result.get() == value) }
            }
            #expect(results.count == 200)
        }
    }

    @Test func `what is held back when a server falls silent was never sent`() async throws {
        try await withProxiedPool(connections: 1) {
            $0.preparesStatements = false
            $0.answerTimeout = .seconds(2)
            $0.acquireTimeout = .seconds(30)
        } _: { pool, proxy in
            try await awaitConnection(of: pool)
            proxy.set(.stall)
            let errors = await withTaskGroup(of: PostgresError?.self) { group in
                for id: Int64 in 1...3 {
                    group.addTask {
                        await outcome { () throws(PostgresError) in
                            try await pool.execute(ConnectionPoolTests.insert, id)
                        }.error
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(errors.count { $0 == .outcomeUnknown } == 1, "the one that was sent")
            #expect(errors.count { $0 == .timedOut(.statement) } == 2, "the others")
            proxy.set(.pass)
            try await awaitConnection(of: pool)
            let count = try await eventually { () throws(PostgresError) in
                try await pool.integer(ConnectionPoolTests.count)
            }
            #expect(count <= 1)
        }
    }

    @Test func `without preparation a write is answered after its commit`() async throws {
        try await withPool {
            $0.preparesStatements = false
        } _: { pool, database in
            try await withThrowingTaskGroup { group in
                for id: Int64 in 1...50 {
                    group.addTask { _ = try await pool.execute(ConnectionPoolTests.insert, id) }
                }
                try await group.waitForAll()
            }
            let stored = try database.connect().query("SELECT count(*) FROM notes")
            #expect(stored == [["50"]])
        }
    }
}
