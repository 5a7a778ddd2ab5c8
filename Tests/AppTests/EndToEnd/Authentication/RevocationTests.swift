import HTTPTesting
import Postgres
import PostgresTesting
import Testing

@testable import App

/// What one process has done is known to another within a second, by LISTEN and NOTIFY.
@Suite("Tokens that end elsewhere")
struct RevocationTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// The method and the rest of the path of a user, or an SQL statement.
        let action: Action
        var json: String?
    }

    enum Action: Sendable {
        case request(method: String, rest: String)
        case refreshTokenReuse
        case sql(String)
    }

    static let cases = [
        Case(
            testDescription: "the user is disabled",
            action: .request(method: "PATCH", rest: ""), json: #"{"status":"disabled"}"#),
        Case(
            testDescription: "the user is deleted", action: .request(method: "DELETE", rest: "")),
        Case(
            testDescription: "the user is removed",
            action: .request(method: "DELETE", rest: "?mode=hard")),
        Case(
            testDescription: "the user has another password",
            action: .request(method: "PUT", rest: "/password"),
            json: #"{"password":"forty-two blue herons"}"#),
        Case(
            testDescription: "the user has another role",
            action: .request(method: "PUT", rest: "/roles/reader")),
        Case(
            testDescription: "the user has a role less",
            action: .request(method: "DELETE", rest: "/roles/member")),
        Case(
            testDescription: "the session is ended",
            action: .request(method: "DELETE", rest: "/sessions/{session}")),
        Case(
            testDescription: "all sessions are ended",
            action: .request(method: "DELETE", rest: "/sessions")),
        Case(testDescription: "an old refresh token was used", action: .refreshTokenReuse),
        Case(
            testDescription: "an operator disables the user",
            action: .sql("UPDATE users SET status = 'disabled' WHERE id = '{id}'")),
        Case(
            testDescription: "an operator removes the user",
            action: .sql("DELETE FROM users WHERE id = '{id}'")),
        Case(
            testDescription: "an operator ends the session",
            action: .sql("DELETE FROM sessions WHERE user_id = '{id}'")),
    ]

    @Test func `whatever ends a token here ends it in another process within a second`()
        async throws
    {
        try await withPair { first, second, database in
            var longest = Duration.zero
            for given in Self.cases {
                let user = try database.connect().add()
                let session = try await first.session(of: user)
                try await expectRemembered(session, by: second)
                try await take(given, on: user, session, first, database)
                let wait = try await refusal(of: session, by: second)
                #expect(wait < .seconds(1), "\(given.testDescription): \(wait)")
                if case .request = given.action {
                    #expect(try await first.status(with: session) == 401)
                }
                longest = max(longest, wait)
            }
            print("A token that ended in one process was refused by another after \(longest).")
        }
    }

    @Test func `a role that allows something else ends the tokens of its holders`() async throws {
        try await withPair { first, second, database in
            try database.connect().addRole("other", "users:read")
            let holder = try database.connect().add(roles: ["other"])
            let stranger = try database.connect().add()
            let session = try await first.session(of: holder)
            let untouched = try await first.session(of: stranger)
            try await expectRemembered(session, by: second)
            let list = try await second.send("GET /users", as: session.caller)
            #expect(list.status == 200)
            let answer = try await first.send("PATCH /roles/other", #"{"permissions":[]}"#)
            #expect(answer.status == 200)
            #expect(try await refusal(of: session, by: second) < .seconds(1))
            #expect(try await second.status(with: untouched) == 200)
            let again = try TestSession(try await second.refresh(session.refresh))
            #expect(try await second.send("GET /users", as: again.caller).status == 403)
        }
    }

    @Test func `a process that hears nothing asks the database each time`() async throws {
        try await withTestDatabase { database in
            try await withApplication(on: database, ["EVENT_LOOPS": "1"]) { application in
                let user = try database.connect().add()
                let session = try await application.session(of: user)
                try await expectRemembered(session, by: application)
                // What is said while nobody listens is never heard, and the listener comes back.
                let connection = try database.connect()
                try connection.execute(
                    """
                    BEGIN;
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND query ILIKE 'LISTEN %';
                    UPDATE users SET status = 'disabled' WHERE id = '\(user.id)';
                    COMMIT
                    """)
                #expect(try await refusal(of: session, by: application) < .seconds(1))
                // It listens again: a token is remembered, and ended when it is told to.
                let other = try database.connect().add()
                let next = try await application.session(of: other)
                try await expectRemembered(next, by: application)
                try connection.execute(
                    "UPDATE users SET status = 'disabled' WHERE id = '\(other.id)'")
                #expect(try await refusal(of: next, by: application) < .seconds(1))
            }
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `a process ends while it is told of changes`() async throws {
        try await withTestDatabase { database in
            for _ in 0..<10 {
                try await withApplication(on: database) { application in
                    #expect(try await application.send("GET /users/me").status == 200)
                    try database.connect().execute(
                        """
                        SELECT pg_notify('user_management_access', 'roles ' || number)
                        FROM generate_series(1, 200) AS number
                        """)
                }
            }
        }
    }

    private func withPair(
        _ body: (TestApplication, TestApplication, TestDatabase) async throws -> Void
    ) async throws {
        try await withApplication { first, database in
            try database.connect().addRole("reader", "users:read")
            try await withApplication(on: database) { try await body(first, $0, database) }
        }
    }

    /// The token is good, and every loop of a process has seen it.
    private func expectRemembered(_ session: TestSession, by peer: TestApplication) async throws {
        for _ in 0..<8 { #expect(try await peer.status(with: session) == 200) }
    }

    /// How long it takes until a token is refused, and stays so.
    private func refusal(
        of session: TestSession, by peer: TestApplication
    ) async throws -> Duration {
        let start = ContinuousClock.now
        var last = start
        var refusedCount = 0
        // Connections go from loop to loop: each has to know.
        while refusedCount < 8, ContinuousClock.now - start < .seconds(10) {
            if try await peer.status(with: session) == 401 {
                refusedCount += 1
            } else {
                refusedCount = 0
                last = .now
            }
        }
        #expect(refusedCount == 8)
        return last - start
    }

    private func take(
        _ given: Case, on user: TestUser, _ session: TestSession, _ peer: TestApplication,
        _ database: TestDatabase
    ) async throws {
        switch given.action {
        case .request(let method, let rest):
            let path = user.path + rest.replacing("{session}", with: session.id)
            let answer = try await peer.send("\(method) \(path)", given.json)
            #expect([200, 204].contains(answer.status), "\(given.testDescription): \(answer.text)")
        case .refreshTokenReuse:
            let second = try TestSession(try await peer.refresh(session.refresh))
            _ = try TestSession(try await peer.refresh(second.refresh))
            #expect(try await peer.refresh(session.refresh).status == 401)
        case .sql(let sql):
            try database.connect().execute(sql.replacing("{id}", with: user.id))
        }
    }
}
