import HTTPTesting
import PostgresTesting
import Testing

@testable import Postgres

@Suite("COPY … TO STDOUT on a real server")
struct CopyOutTests {
    @Test func `a million rows come through whole and in order`() async throws {
        try await withSession { session, _ in
            let (text, rowCount) = try await session.copyOut(
                "COPY (SELECT n FROM generate_series(1, 1000000) n) TO STDOUT"
            ) { stream throws(PostgresError) in
                var text: [UInt8] = []
                for try await piece in stream {
                    #expect(piece.count < 64 * 1024 + 16)
                    text += piece
                }
                return (text, await stream.rowCount)
            }
            #expect(rowCount == 1_000_000)
            let expected = (1...1_000_000).map { "\($0)\n" }.joined()
            #expect(text == Array(expected.utf8))
            try await session.execute("SELECT 1")
        }
    }

    @Test func `a table without rows ends at once`() async throws {
        try await withSession { session, _ in
            let (count, rowCount) = try await session.copyOut("COPY notes TO STDOUT") {
                stream throws(PostgresError) in
                (try await octetCount(of: stream), await stream.rowCount)
            }
            #expect(count == 0 && rowCount == 0)
        }
    }

    @Test func `a slow consumer holds the server up`() async throws {
        try await withSession { session, harness in
            try await session.copyOut(
                "COPY (SELECT repeat('x', 1000), generate_series(1, 100000)) TO STDOUT"
            ) { stream throws(PostgresError) in
                var iterator = stream.makeAsyncIterator()
                let piece = try await iterator.next()
                #expect(piece?.isEmpty == false)
                #expect(await harness.awaitEvent("ClientWrite"))
                // Of 100 MB, what the socket and two buffers hold.
                let sent = try harness.number(
                    """
                    SELECT bytes_processed FROM pg_stat_progress_copy
                    WHERE datname = current_database()
                    """)
                #expect(sent.map { $0 < 4_000_000 } == true)
            }
        }
    }

    @Test func `an error in the middle is told behind what came before it`() async throws {
        try await withSession { session, _ in
            var rows = 0
            let result = await outcome { () throws(PostgresError) in
                try await session.copyOut(
                    "COPY (SELECT 1 / (100000 - n) FROM generate_series(1, 200000) n) TO STDOUT"
                ) { stream throws(PostgresError) in
                    for try await piece in stream { rows += piece.count { $0 == 10 } }
                }
            }
            #expect(result.error?.sqlState == "22012")
            #expect(rows == 99_999)
            try await session.execute("SELECT 1")
        }
    }

    @Test func `a consumer who leaves ends the command and the session`() async throws {
        try await withSession { session, harness in
            try await session.copyOut(
                "COPY (SELECT generate_series(1, 1000000000)) TO STDOUT"
            ) { stream throws(PostgresError) in
                for try await _ in stream { break }
            }
            let isOpen = await session.isOpen
            #expect(!isOpen)
            #expect(await harness.awaitIdle())
        }
    }

    @Test func `a consumer's own error comes through`() async throws {
        try await withSession { session, _ in
            await #expect(throws: GivenUp()) {
                try await session.copyOut("COPY notes TO STDOUT") { _ throws(GivenUp) in
                    throw GivenUp()
                }
            }
            // It had not begun.
            try await session.execute("SELECT 1")
        }
    }

    @Test func `a consumer whose task is cancelled waits no longer`() async throws {
        try await withSession { session, harness in
            let task = Task {
                await outcome { () throws(PostgresError) in
                    try await session.copyOut("COPY (SELECT 1 FROM pg_sleep(600)) TO STDOUT") {
                        stream throws(PostgresError) in try await octetCount(of: stream)
                    }
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
                try await session.copyOut(
                    "COPY (SELECT generate_series(1, 1000000000)) TO STDOUT"
                ) { stream throws(PostgresError) in
                    var iterator = stream.makeAsyncIterator()
                    _ = try await iterator.next()
                    harness.proxy?.set(mode)
                    if mode == .pass { harness.proxy?.cut() }
                    while try await iterator.next() != nil {}
                }
            }
            #expect(result.error == expected)
        }
    }

    @Test func `a stream past its own deadline is ended while its consumer pauses`() async throws {
        try await withSession {
            $0.streamTimeout = .milliseconds(300)
        } _: { session, harness in
            let result = await outcome { () throws(PostgresError) in
                try await session.copyOut(
                    "COPY (SELECT generate_series(1, 1000000000)) TO STDOUT"
                ) { stream throws(PostgresError) in
                    for try await _ in stream {
                        _ = await eventually { await !session.isOpen }
                    }
                }
            }
            #expect(result.error == .timedOut(.statement))
            #expect(await harness.awaitIdle())
        }
    }

    @Test(
        arguments: [
            ("SELECT 1", PostgresError.unexpectedResult("no COPY"), true),
            ("", .unexpectedResult("no COPY"), true),
            ("COPY notes FROM STDIN", .unexpectedResult("a COPY in the other direction"), false),
        ] as [(StaticString, PostgresError, Bool)])
    func `a text that is no such command is refused`(
        sql: StaticString, expected: PostgresError, isOpenAfterwards: Bool
    ) async throws {
        try await withSession { session, _ in
            let result = await outcome { () throws(PostgresError) in
                try await session.copyOut(sql) { stream throws(PostgresError) in
                    try await octetCount(of: stream)
                }
            }
            #expect(result.error == expected)
            let isOpen = await session.isOpen
            #expect(isOpen == isOpenAfterwards)
        }
    }

    @Test func `a text that is no SQL is the server's to refuse`() async throws {
        try await withSession { session, _ in
            let result = await outcome { () throws(PostgresError) in
                try await session.copyOut("COPY nothing TO STDOUT") {
                    stream throws(PostgresError) in try await octetCount(of: stream)
                }
            }
            #expect(result.error?.sqlState == "42P01")
            try await session.execute("SELECT 1")
        }
    }

    @Test func `a stream that is kept beyond its scope is closed`() async throws {
        try await withSession { session, _ in
            let kept = await session.copyOut("COPY notes TO STDOUT") { $0 }
            let result = await outcome { () throws(PostgresError) in try await octetCount(of: kept)
            }
            #expect(result.error == .closed)
        }
    }
}

/// How many octets a stream has.
func octetCount(of stream: CopyOutStream) async throws(PostgresError) -> Int {
    var count = 0
    for try await piece in stream { count += piece.count }
    return count
}
