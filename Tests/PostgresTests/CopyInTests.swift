import HTTPTesting
import PostgresTesting
import Testing

@testable import Postgres

@Suite("COPY … FROM STDIN on a real server")
struct CopyInTests {
    /// One row of `notes`.
    private static func row(_ id: Int, _ text: String = "text") -> [UInt8] {
        Array("\(id)\t\(text)\n".utf8)
    }

    /// Has each row that is inserted wait for an advisory lock.
    private static let gate: StaticString = """
        CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END $$;
        CREATE TRIGGER wait BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION wait()
        """

    @Test func `a million rows are stored`() async throws {
        try await withSession { session, harness in
            let count = try await session.copyIn("COPY notes FROM STDIN") {
                writer throws(PostgresError) in
                for part in 0..<1000 {
                    try await writer.write((0..<1000).flatMap { Self.row(part * 1000 + $0) })
                }
            }
            #expect(count == 1_000_000)
            let sum = try harness.number("SELECT sum(id) FROM notes WHERE text = 'text'")
            #expect(sum == 499_999_500_000)
        }
    }

    @Test func `rows may be cut anywhere, and no rows are none`() async throws {
        try await withSession { session, harness in
            let count = try await session.copyIn("COPY notes FROM STDIN") {
                writer throws(PostgresError) in
                for octet in (0..<100).flatMap({ Self.row($0) }) {
                    try await writer.write([octet])
                }
            }
            #expect(count == 100)
            let none = try await session.copyIn("COPY notes FROM STDIN") {
                writer throws(PostgresError) in try await writer.write([])
            }
            #expect(none == 0)
            #expect(try harness.number("SELECT count(*) FROM notes") == 100)
        }
    }

    @Test func `every octet comes back from a binary copy as it went`() async throws {
        try await withSession { session, harness in
            try await session.execute(
                """
                CREATE TABLE one AS SELECT n, decode(string_agg(lpad(to_hex((m * n) % 256), 2, '0'),
                    '' ORDER BY m), 'hex') AS octets
                FROM generate_series(1, 200) n, generate_series(0, 255) m GROUP BY n;
                CREATE TABLE two (LIKE one)
                """)
            let octets = try await session.copyOut("COPY one TO STDOUT (FORMAT binary)") {
                stream throws(PostgresError) in
                var octets: [UInt8] = []
                for try await piece in stream { octets += piece }
                return octets
            }
            let count = try await session.copyIn("COPY two FROM STDIN (FORMAT binary)") {
                writer throws(PostgresError) in try await writer.write(octets)
            }
            #expect(count == 200)
            let same = try harness.number("SELECT count(*) FROM one JOIN two USING (n, octets)")
            #expect(same == 200)
        }
    }

    @Test func `nothing is stored if the writer throws, and the session goes on`() async throws {
        try await withSession { session, harness in
            await #expect(throws: OwnFailure.givenUp) {
                _ = try await session.copyIn("COPY notes FROM STDIN") {
                    writer throws(OwnFailure) in
                    do throws(PostgresError) { try await writer.write(Self.row(1)) } catch {
                        throw .database(error)
                    }
                    throw .givenUp
                }
            }
            try await session.execute("SELECT 1")
            #expect(try harness.number("SELECT count(*) FROM notes") == 0)
        }
    }

    @Test func `a row that the server refuses ends the writing early`() async throws {
        try await withSession { session, harness in
            var written = 0
            let result = await outcome { () throws(PostgresError) in
                try await session.copyIn("COPY notes FROM STDIN") {
                    writer throws(PostgresError) in
                    try await writer.write(Array("x\ttext\n".utf8))
                    for part in 0..<1000 {
                        try await writer.write(
                            (0..<10_000).flatMap { Self.row(part * 10_000 + $0) })
                        written += 1
                    }
                }
            }
            #expect(result.error?.sqlState == "22P02")
            #expect(written < 1000)
            try await session.execute("SELECT 1")
            #expect(try harness.number("SELECT count(*) FROM notes") == 0)
        }
    }

    @Test func `a refusal that the writer passes over is told all the same`() async throws {
        try await withSession { session, _ in
            let result = await outcome { () throws(PostgresError) in
                try await session.copyIn("COPY notes FROM STDIN") {
                    writer throws(PostgresError) in
                    try? await writer.write(Array("x\ttext\n".utf8))
                    for part in 0..<300 {
                        try? await writer.write((0..<10_000).flatMap { Self.row(part + $0) })
                    }
                }
            }
            #expect(result.error?.sqlState == "22P02")
            try await session.execute("SELECT 1")
        }
    }

    @Test func `a violated constraint is told by its name`() async throws {
        try await withSession { session, _ in
            let result = await outcome { () throws(PostgresError) in
                try await session.copyIn("COPY notes FROM STDIN") {
                    writer throws(PostgresError) in
                    try await writer.write(Self.row(1) + Self.row(1))
                }
            }
            guard case .server(let error) = result.error else {
                Issue.record("\(result)")
                return
            }
            #expect(error.sqlState == "23505" && error.constraint == "notes_pkey")
            try await session.execute("SELECT 1")
        }
    }

    @Test func `notices are no refusal`() async throws {
        try await withSession { session, harness in
            try await session.execute(
                """
                CREATE FUNCTION speak() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE NOTICE 'row %', NEW.id; RETURN NEW; END $$;
                CREATE TRIGGER speak BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION speak()
                """)
            let count = try await session.copyIn("COPY notes FROM STDIN") {
                writer throws(PostgresError) in
                for part in 0..<100 {
                    try await writer.write((0..<1000).flatMap { Self.row(part * 1000 + $0) })
                }
            }
            #expect(count == 100_000)
        }
    }

    @Test func `a server that takes no more holds the writer up, until the deadline`()
        async throws
    {
        try await withSession {
            $0.answerTimeout = .milliseconds(500)
        } _: { session, harness in
            try await session.execute(Self.gate)
            let holder = try await harness.open()
            try await holder.execute("SELECT pg_advisory_lock(1)")
            var written = 0
            let result = await outcome { () throws(PostgresError) in
                try await session.copyIn("COPY notes FROM STDIN") {
                    writer throws(PostgresError) in
                    let text = String(repeating: "x", count: 10_000)
                    for id in 0..<100_000 {
                        try await writer.write(Self.row(id, text))
                        written += 1
                    }
                }
            }
            #expect(result.error == .timedOut(.statement))
            // Of 1 GB, what the socket and two buffers hold.
            #expect(written < 400)
            #expect(await harness.awaitIdle())
            #expect(try harness.number("SELECT count(*) FROM notes") == 0)
        }
    }

    @Test func `nothing is stored if the task is cancelled`() async throws {
        try await withSession { session, harness in
            let hasWritten = Occurrences()
            let isCancelled = Occurrences()
            let task = Task {
                await outcome { () throws(PostgresError) in
                    try await session.copyIn("COPY notes FROM STDIN") {
                        writer throws(PostgresError) in
                        try await writer.write(Self.row(1))
                        hasWritten.happened()
                        await isCancelled.wait()
                    }
                }
            }
            await hasWritten.wait()
            task.cancel()
            isCancelled.happened()
            let result = await task.value
            #expect(result.error == .cancelled)
            #expect(await harness.awaitIdle())
            let count = try harness.number("SELECT count(*) FROM notes")
            #expect(count == 0)
        }
    }

    @Test func `a writer who waits for room is let go when the task is cancelled`() async throws {
        try await withSession { session, harness in
            try await session.execute(Self.gate)
            let holder = try await harness.open()
            try await holder.execute("SELECT pg_advisory_lock(1)")
            let task = Task {
                await outcome { () throws(PostgresError) in
                    try await session.copyIn("COPY notes FROM STDIN") {
                        writer throws(PostgresError) in
                        let text = String(repeating: "x", count: 10_000)
                        for id in 0..<100_000 { try await writer.write(Self.row(id, text)) }
                    }
                }
            }
            #expect(await harness.awaitEvent("advisory"))
            task.cancel()
            let result = await task.value
            #expect(result.error == .cancelled)
            #expect(await harness.awaitIdle())
            #expect(try harness.number("SELECT count(*) FROM notes") == 0)
        }
    }

    @Test func `a loss before the last row stores nothing, and one after it is unknown`()
        async throws
    {
        try await withSessionHarness(isProxied: true) { harness in
            let cut = try await harness.open()
            let before = await outcome { () throws(PostgresError) in
                try await cut.copyIn("COPY notes FROM STDIN") { writer throws(PostgresError) in
                    for id in 0..<100_000 {
                        if id == 1000 { harness.proxy?.cut() }
                        try await writer.write(Self.row(id, String(repeating: "x", count: 1000)))
                    }
                }
            }
            #expect(before.error == .connectionLost)
            let session = try await harness.open()
            try await session.execute(Self.gate)
            try harness.database.connect().execute("SELECT 1")
            let holder = try await harness.open()
            try await holder.execute("SELECT pg_advisory_lock(1)")
            async let after = outcome { () throws(PostgresError) in
                try await session.copyIn("COPY notes FROM STDIN") {
                    writer throws(PostgresError) in try await writer.write(Self.row(1))
                }
            }
            #expect(await harness.awaitEvent("advisory"))
            harness.proxy?.cut()
            let error = await after.error
            #expect(error == .outcomeUnknown)
        }
    }

    @Test(
        arguments: [
            ("SELECT 1", PostgresError.unexpectedResult("no COPY"), true),
            ("COPY notes TO STDOUT", .unexpectedResult("a COPY in the other direction"), false),
        ] as [(StaticString, PostgresError, Bool)])
    func `a text that is no such command is refused before anything is written`(
        sql: StaticString, expected: PostgresError, isOpenAfterwards: Bool
    ) async throws {
        try await withSession { session, _ in
            let result = await outcome { () throws(PostgresError) in
                try await session.copyIn(sql) { _ throws(PostgresError) in
                    Issue.record("The writer was asked.")
                }
            }
            #expect(result.error == expected)
            let isOpen = await session.isOpen
            #expect(isOpen == isOpenAfterwards)
        }
    }
}

/// A caller's own errors, with those of the database among them.
private enum OwnFailure: DatabaseFailure, Equatable {
    case givenUp
    case database(PostgresError)

    init(_ error: PostgresError) { self = .database(error) }
}
