import HTTPTesting
import Postgres
import PostgresTesting
import Testing

@testable import App

@Suite("Refresh tokens")
struct RefreshTests {
    /// Puts the last refresh of every session into the past, beyond the half minute of grace.
    private static let endGrace = "UPDATE sessions SET refreshed_at = now() - interval '31 seconds'"

    @Test func `many at once get the same successor, and access tokens that are good`()
        async throws
    {
        try await withApplication { application, database in
            let user = try database.connect().add()
            let first = try await application.session(of: user)
            let sessions = try await withThrowingTaskGroup { group in
                for _ in 0..<50 {
                    group.addTask { try TestSession(try await application.refresh(first.refresh)) }
                }
                return try await group.reduce(into: [TestSession]()) { $0.append($1) }
            }
            #expect(sessions.count == 50)
            #expect(Set(sessions.map(\.refresh)).count == 1)
            #expect(sessions[0].refresh != first.refresh)
            for session in sessions {
                #expect(try await application.status(with: session) == 200)
            }
            let live = try database.connect().query(
                "SELECT id, refresh_counter FROM sessions WHERE user_id = $1", [user.id])
            #expect(live == [[first.id, "2"]])
        }
    }

    @Test func `an old one that comes late ends the session with all that came of it`()
        async throws
    {
        try await withApplication { application, database in
            let first = try await application.session(of: try database.connect().add())
            let second = try TestSession(try await application.refresh(first.refresh))
            try database.connect().execute(Self.endGrace)
            #expect(try await application.status(with: second) == 200)

            let reused = try await application.refresh(first.refresh)
            #expect(reused.status == 401 && reused.string("code") == "refresh_token_reused")
            #expect(reused["WWW-Authenticate"] == "Bearer")

            let newest = try await application.refresh(second.refresh)
            #expect(newest.status == 401)
            #expect(newest.string("code") == "invalid_refresh_token")
            for session in [first, second] {
                #expect(try await application.status(with: session) == 401)
            }
        }
    }

    @Test func `one before the one before ends the session at once`() async throws {
        try await withApplication { application, database in
            let first = try await application.session(of: try database.connect().add())
            let second = try TestSession(try await application.refresh(first.refresh))
            let third = try TestSession(try await application.refresh(second.refresh))
            let reused = try await application.refresh(first.refresh)
            #expect(reused.string("code") == "refresh_token_reused")
            #expect(try await application.status(with: third) == 401)
        }
    }

    @Test func `the current one is good after the grace`() async throws {
        try await withApplication { application, database in
            let first = try await application.session(of: try database.connect().add())
            try database.connect().execute(Self.endGrace)
            #expect(try await application.refresh(first.refresh).status == 200)
        }
    }

    @Test(arguments: [
        "UPDATE sessions SET expires_at = now() - interval '1 second'",
        "UPDATE users SET status = 'disabled' WHERE \(TestAdministrator.isSomebodyElse)",
    ])
    func `one whose session has run out, or whose user may not log in, is none`(
        _ sql: String
    ) async throws {
        try await withApplication { application, database in
            let session = try await application.session(of: try database.connect().add())
            try database.connect().execute(sql)
            let answer = try await application.refresh(session.refresh)
            #expect(answer.status == 401 && answer.string("code") == "invalid_refresh_token")
        }
    }

    @Test func `a refresh moves the end of a session, but not beyond ninety days`() async throws {
        try await withApplication { application, database in
            let session = try await application.session(of: try database.connect().add())
            let connection = try database.connect()
            _ = try connection.query(
                """
                UPDATE sessions SET created_at = now() - interval '89 days',
                    expires_at = now() + interval '1 hour' WHERE id = $1
                """, [session.id])
            #expect(try await application.refresh(session.refresh).status == 200)
            let rows = try connection.query(
                """
                SELECT expires_at = created_at + interval '90 days' FROM sessions WHERE id = $1
                """, [session.id])
            #expect(rows == [["t"]])
        }
    }

    @Test func `one that was altered, or is of another service, is none`() async throws {
        try await withApplication { application, database in
            let token = try await application.session(of: try database.connect().add()).refresh
            let last = token.last == "A" ? "B" : "A"
            for text in [
                "", "ur1_", token + "A", String(token.dropLast()), token.dropLast() + last,
            ] {
                let answer = try await application.refresh(text)
                #expect(answer.status == 401 && answer.string("code") == "invalid_refresh_token")
            }
            #expect(try await application.refresh(token).status == 200)
        }
    }
}
