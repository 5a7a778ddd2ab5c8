import HTTPTesting
import PostgresTesting
import Testing

@testable import Postgres

@Suite("Sessions outside the pool, on a real server")
struct SessionConnectionTests {
    static let nap = Statement(integer: "nap", "SELECT 1::bigint FROM pg_sleep(600)")
    static let napAsWrite = Statement(
        integer: "nap_as_write", kind: .write, "SELECT 1::bigint FROM pg_sleep(600)")
    static let text = Statement<String, String>(
        "text", .shortRead, "SELECT $1::text", columns: [.text],
        encode: { text, parameters throws(PostgresError) in try parameters.append(text) },
        decode: { row throws(PostgresError) in try row.text() })
    static let mistyped = Statement(integer: "mistyped", "SELECT 'x'::text")
    static let number = ConnectionPoolTests.number

    @Test func `a statement returns its rows, and a command how many it changed`() async throws {
        try await withSession { session, _ in
            let value = try await session.integer(Self.number, 7)
            #expect(value == 7)
            let count = try await session.execute(
                "INSERT INTO notes SELECT n FROM generate_series(1, 3) n")
            #expect(count == 3)
        }
    }

    @Test func `a parameter and a result that no socket takes at once come through`()
        async throws
    {
        try await withSession { session, _ in
            let long = String(repeating: "ß", count: 8_000_000)
            let value = try await session.row(Self.text, long)
            #expect(value == long)
        }
    }

    @Test func `an error of the server leaves the session as it was`() async throws {
        try await withSession { session, _ in
            let refused = await outcome { () throws(PostgresError) in
                try await session.execute("INSERT INTO nothing VALUES (1)")
            }
            #expect(refused.error?.sqlState == "42P01")
            let mistyped = await outcome { () throws(PostgresError) in
                try await session.integer(Self.mistyped)
            }
            #expect(mistyped.error == .unexpectedResult("column 0 has type 25, not int8"))
            try await session.execute("SELECT 1")
        }
    }

    @Test func `a copy as a statement is refused and ends the session`() async throws {
        try await withSession { session, _ in
            let refused = await outcome { () throws(PostgresError) in
                try await session.execute("COPY notes FROM STDIN")
            }
            #expect(refused.error == .unexpectedResult("a COPY that is not expected"))
            let isOpen = await session.isOpen
            #expect(!isOpen)
        }
    }

    @Test func `a statement past its deadline is cancelled, and the session is closed`()
        async throws
    {
        try await withSession {
            $0.answerTimeout = .milliseconds(300)
        } _: { session, harness in
            let late = await outcome { () throws(PostgresError) in
                try await session.integer(Self.nap)
            }
            #expect(late.error == .timedOut(.statement))
            let again = await outcome { () throws(PostgresError) in
                try await session.integer(Self.number)
            }
            #expect(again.error == .timedOut(.statement))
            #expect(await harness.awaitIdle())
        }
    }

    @Test(arguments: [(nap, PostgresError.cancelled), (napAsWrite, .outcomeUnknown)])
    func `a statement whose task is cancelled is cancelled too`(
        statement: Statement<Int64?, Int64>, expected: PostgresError
    ) async throws {
        try await withSession { session, harness in
            let task = Task {
                await outcome { () throws(PostgresError) in try await session.integer(statement) }
            }
            #expect(await harness.awaitEvent("PgSleep"))
            task.cancel()
            let result = await task.value
            #expect(result.error == expected)
            #expect(await harness.awaitIdle())
        }
    }

    @Test(arguments: [(nap, PostgresError.connectionLost), (napAsWrite, .outcomeUnknown)])
    func `a loss is told, and of a write that nobody knows its outcome`(
        statement: Statement<Int64?, Int64>, expected: PostgresError
    ) async throws {
        try await withSession(isProxied: true) { session, harness in
            async let result = outcome { () throws(PostgresError) in
                try await session.integer(statement)
            }
            #expect(await harness.awaitEvent("PgSleep"))
            harness.proxy?.cut()
            let error = await result.error
            #expect(error == expected)
        }
    }

    @Test func `a server that says nothing is given up while connecting`() async throws {
        try await withSessionHarness(isProxied: true) { harness in
            harness.proxy?.set(.stall)
            let late = await outcome { () throws(PostgresError) in
                try await harness.open { $0.connectTimeout = .milliseconds(200) }
            }
            #expect(late.error == .timedOut(.connect))
        }
    }

    @Test func `a server that is away is a failure to connect`() async throws {
        try await withSessionHarness(isProxied: true) { harness in
            harness.proxy?.set(.refuse)
            let refused = await outcome { () throws(PostgresError) in
                try await harness.open()
            }
            guard case .connectionFailed = refused.error else {
                Issue.record("\(refused)")
                return
            }
        }
    }

    @Test func `a session ends with its last reference`() async throws {
        try await withSessionHarness { harness in
            func use() async throws(PostgresError) {
                let session = try await harness.open()
                try await session.execute("SELECT 1")
            }
            try await use()
            let isGone = await eventually {
                let sql = """
                    SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()
                    """
                return (try? harness.number(sql)) == 0
            }
            #expect(isGone)
        }
    }

    @Test func `a closed session says so`() async throws {
        try await withSession { session, _ in
            await session.close()
            let refused = await outcome { () throws(PostgresError) in
                try await session.integer(Self.number)
            }
            #expect(refused.error == .closed)
        }
    }
}
