import HTTPTesting
import PostgresTesting
import Testing

@testable import Postgres

@Suite("Streams of rows on a real server")
struct RowStreamTests {
    private static let series = Statement(
        "series", .shortRead, "SELECT generate_series(1::bigint, $1)", columns: [.int8])
    private static let quotients = Statement(
        "quotients", .shortRead,
        "SELECT 1 / (1000 - generate_series(1::bigint, $1))", columns: [.int8])
    private static let mistyped = Statement(
        "mistyped_series", .shortRead, "SELECT generate_series(1::bigint, $1)::text",
        columns: [.int8])
    private static let nap = Statement(
        "nap_of_rows", .shortRead, "SELECT $1::bigint FROM pg_sleep(600)", columns: [.int8])
    private static let copy = Statement("copy_as_rows", .shortRead, "COPY notes TO STDOUT")
    private static let command = Statement("command_as_rows", .write, "DELETE FROM notes")

    /// Runs a statement with a count and has each number of its only column taken.
    private static func read(
        _ statement: Statement, _ count: Int64, on session: SessionConnection,
        _ take: (Int64) async -> Void
    ) async throws(PostgresError) {
        var parameters = Parameters()
        parameters.append(count)
        try await session.rows(
            statement, parameters, decode: { row throws(PostgresError) in try row.int64(0) },
            { stream throws(PostgresError) in
                for try await number in stream { await take(number) }
            })
    }

    @Test func `two million rows come in order, and the session goes on`() async throws {
        try await withSession { session, _ in
            var last: Int64 = 0
            try await Self.read(Self.series, 2_000_000, on: session) { number in
                if number != last + 1 { Issue.record("\(number) follows \(last).") }
                last = number
            }
            #expect(last == 2_000_000)
            try await session.execute("SELECT 1")
        }
    }

    @Test func `no rows are none`() async throws {
        try await withSession { session, _ in
            try await Self.read(Self.series, 0, on: session) { Issue.record("\($0)") }
            try await session.execute("SELECT 1")
        }
    }

    @Test func `a slow consumer holds the server up`() async throws {
        try await withSession { session, harness in
            var parameters = Parameters()
            parameters.append(Int64(100_000_000))
            try await session.rows(
                Self.series, parameters, decode: { row throws(PostgresError) in try row.int64(0) }
            ) { stream throws(PostgresError) in
                var iterator = stream.makeAsyncIterator()
                let first = try await iterator.next()
                #expect(first == 1)
                #expect(await harness.awaitEvent("ClientWrite"))
            }
            let isOpen = await session.isOpen
            #expect(!isOpen)
            #expect(await harness.awaitIdle())
        }
    }

    @Test func `an error in the middle is told behind the rows before it`() async throws {
        try await withSession { session, _ in
            var count = 0
            let result = await outcome { () throws(PostgresError) in
                try await Self.read(Self.quotients, 2000, on: session) { _ in count += 1 }
            }
            #expect(result.error?.sqlState == "22012")
            #expect(count == 999)
            try await session.execute("SELECT 1")
        }
    }

    @Test func `columns of another type are refused, and the session is closed`() async throws {
        try await withSession { session, _ in
            let result = await outcome { () throws(PostgresError) in
                try await Self.read(Self.mistyped, 10, on: session) { Issue.record("\($0)") }
            }
            #expect(result.error == .unexpectedResult("column 0 has type 25, not int8"))
            let isOpen = await session.isOpen
            #expect(!isOpen)
        }
    }

    @Test(
        arguments: [
            (copy, PostgresError.unexpectedResult("a COPY instead of rows"), false),
            (command, nil, true),
        ] as [(Statement, PostgresError?, Bool)])
    func `a statement without rows has none, and a copy is refused`(
        statement: Statement, expected: PostgresError?, isOpenAfterwards: Bool
    ) async throws {
        try await withSession { session, _ in
            let result = await outcome { () throws(PostgresError) in
                try await session.rows(
                    statement, decode: { row throws(PostgresError) in try row.int64(0) },
                    { stream throws(PostgresError) in
                        for try await number in stream { Issue.record("\(number)") }
                    })
            }
            #expect(result.error == expected)
            let isOpen = await session.isOpen
            #expect(isOpen == isOpenAfterwards)
        }
    }

    @Test func `a consumer whose task is cancelled waits no longer`() async throws {
        try await withSession { session, harness in
            let task = Task {
                await outcome { () throws(PostgresError) in
                    try await Self.read(Self.nap, 1, on: session) { _ in }
                }
            }
            #expect(await harness.awaitEvent("PgSleep"))
            task.cancel()
            let result = await task.value
            #expect(result.error == .cancelled)
            #expect(await harness.awaitIdle())
        }
    }

    @Test(arguments: [
        (FaultProxy.Mode.stall, PostgresError.timedOut(.statement)), (.pass, .connectionLost),
    ])
    func `a connection that stalls or is cut in the middle is told`(
        mode: FaultProxy.Mode, expected: PostgresError
    ) async throws {
        try await withSession(isProxied: true) {
            $0.answerTimeout = mode == .stall ? .milliseconds(500) : .seconds(30)
        } _: { session, harness in
            let result = await outcome { () throws(PostgresError) in
                try await Self.read(Self.series, 1_000_000_000, on: session) { number in
                    guard number == 1 else { return }
                    harness.proxy?.set(mode)
                    if mode == .pass { harness.proxy?.cut() }
                }
            }
            #expect(result.error == expected)
        }
    }
}
