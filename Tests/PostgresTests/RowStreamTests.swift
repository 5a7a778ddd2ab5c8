import HTTPTesting
import PostgresTesting
import Testing

@testable import Postgres

@Suite("Streams of rows on a real server")
struct RowStreamTests {
    private static let series = Statement(
        integer: "series", "SELECT generate_series(1::bigint, $1)")
    private static let quotients = Statement(
        integer: "quotients", "SELECT 1 / (1000 - generate_series(1::bigint, $1))")
    private static let mistyped = Statement(
        integer: "mistyped_series", "SELECT generate_series(1::bigint, $1)::text")
    private static let nap = Statement(
        integer: "nap_of_rows", "SELECT $1::bigint FROM pg_sleep(600)")
    private static let copy = Statement(integer: "copy_as_rows", "COPY notes TO STDOUT")
    private static let command = Statement(
        write: "delete_as_rows", "DELETE FROM notes WHERE id = $1")

    /// Runs a statement with a count and has each number of its only column taken.
    private static func read(
        _ statement: Statement<Int64?, Int64>, _ count: Int64?, on session: SessionConnection,
        _ take: (Int64) async -> Void
    ) async throws(PostgresError) {
        try await session.streaming(statement, count) { stream throws(PostgresError) in
            for try await number in stream { await take(number) }
        }
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
            try await session.streaming(Self.series, 100_000_000) {
                stream throws(PostgresError) in
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

    @Test func `a command has no rows`() async throws {
        try await withSession { session, _ in
            try await session.streaming(Self.command, 1) { stream throws(PostgresError) in
                for try await _ in stream { Issue.record("A row of a command.") }
            }
            try await session.execute("SELECT 1")
        }
    }

    @Test func `a copy is refused, and the session is closed`() async throws {
        try await withSession { session, _ in
            let result = await outcome { () throws(PostgresError) in
                try await Self.read(Self.copy, nil, on: session) { Issue.record("\($0)") }
            }
            #expect(result.error == .unexpectedResult("a COPY instead of rows"))
            let isOpen = await session.isOpen
            #expect(!isOpen)
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
