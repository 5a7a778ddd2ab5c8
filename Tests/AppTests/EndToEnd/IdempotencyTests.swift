import HTTPTesting
import Postgres
import PostgresTesting
import Testing

@testable import App

/// The table of docs/api.md, "Repeating a registration", row by row.
@Suite("Repeating a registration")
struct IdempotencyTests {
    private static func user(_ name: String = "ada") -> String {
        #"{"email":"\#(name)@example.com","display_name":"A","password":"correct horse battery","#
            + #""metadata":{"b":[1,2.50],"aa":{"ü":null}}}"#
    }

    /// Those who have registered.
    private static let others = "users WHERE \(TestAdministrator.isSomebodyElse)"

    private static func post(
        _ json: String = user(), key: String = "k", fields: [String] = []
    ) -> String {
        requestText("POST /users", json, fields: ["Idempotency-Key: \(key)"] + fields)
    }

    private func count(_ what: String, in database: TestDatabase) throws -> String? {
        try database.connect().query("SELECT count(*) FROM \(what)").first?.first ?? nil
    }

    @Test func `a repeated request has its answer again, octet by octet`() async throws {
        try await withApplication { application, database in
            let first = try await application.connect().exchange(Self.post())
            let second = try await application.connect().exchange(Self.post())
            #expect(first.status == 201 && second.status == 201)
            #expect(first.body == second.body && first["ETag"] == second["ETag"])
            #expect(first["Location"] == second["Location"] && first["Location"] != nil)
            #expect(first["Idempotency-Replayed"] == nil)
            #expect(second["Idempotency-Replayed"] == "true")
            // What it tells is what the user sees, tag and all.
            let path = try #require(first["Location"])
            let login = try await application.logIn("ada@example.com", "correct horse battery")
            let token = try #require(login.string("access_token"))
            let read = try await application.send("GET \(path)", as: .token(token))
            #expect(read.body == first.body && read["ETag"] == first["ETag"])
            #expect(try count(Self.others, in: database) == "1")
            #expect(try count("registration_attempts", in: database) == "1")
        }
    }

    @Test func `a repeated request has its answer after the user has changed or is deleted`()
        async throws
    {
        try await withApplication { application, _ in
            let first = try await application.connect().exchange(Self.post())
            let path = try #require(first["Location"])
            let patch = try await application.send(
                "PATCH \(path)", #"{"display_name":"B","metadata":{"aa":1}}"#,
                fields: ["Content-Type: application/merge-patch+json"])
            #expect(patch.status == 200)
            #expect(try await application.connect().exchange(Self.post()).body == first.body)
            #expect(try await application.send("DELETE \(path)").status == 204)
            #expect(try await application.connect().exchange(Self.post()).body == first.body)
        }
    }

    @Test func `of those at the same time one makes the user, and all get the same or 409`()
        async throws
    {
        try await withApplication { application, database in
            let answers = try await withThrowingTaskGroup { group in
                for _ in 0..<16 {
                    group.addTask { try await application.connect().exchange(Self.post()) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let made = answers.filter { $0.status == 201 }
            let refused = answers.filter { $0.status == 409 }
            #expect(made.count + refused.count == answers.count)
            #expect(made.filter { $0["Idempotency-Replayed"] == nil }.count == 1)
            #expect(Set(made.map(\.body)).count == 1)
            for answer in refused {
                #expect(answer.string("code") == "idempotency_in_progress")
                #expect(answer["Retry-After"] == "1")
            }
            let last = try await application.connect().exchange(Self.post())
            #expect(last.status == 201 && last["Idempotency-Replayed"] == "true")
            #expect(try count(Self.others, in: database) == "1")
        }
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let request: String
        let status: Int
        let code: String
    }

    @Test(arguments: [
        Refusal(
            testDescription: "a malformed key", request: post(key: "a b"), status: 400,
            code: "malformed_idempotency_key"),
        Refusal(
            testDescription: "a key too long",
            request: post(key: String(repeating: "k", count: 129)),
            status: 400, code: "malformed_idempotency_key"),
        Refusal(
            testDescription: "two keys", request: post(fields: ["Idempotency-Key: k"]), status: 400,
            code: "malformed_idempotency_key"),
        Refusal(
            testDescription: "malformed content", request: post("{"), status: 400,
            code: "malformed_json"),
        Refusal(
            testDescription: "oversized content",
            request: post(#"{"a":""# + String(repeating: "a", count: 1 << 20) + #""}"#),
            status: 413,
            code: "body_too_large"),
        Refusal(
            testDescription: "invalid members", request: post(#"{"email":"x"}"#), status: 422,
            code: "validation_failed"),
        Refusal(
            testDescription: "a member that is not for everybody",
            request: post(#"{"email":"a@example.com","display_name":"A","status":"disabled"}"#),
            status: 403, code: "forbidden"),
    ])
    func `what is refused reserves nothing, and the key is good for a better request`(
        _ given: Refusal
    ) async throws {
        try await withApplication { application, database in
            let refused = try await application.connect().exchange(given.request)
            #expect(refused.status == given.status && refused.string("code") == given.code)
            #expect(try count("registration_attempts", in: database) == "0")
            let better = try await application.connect().exchange(Self.post())
            #expect(better.status == 201 && better["Idempotency-Replayed"] == nil)
        }
    }

    @Test func `an address that is taken is told each time, and the key is free`() async throws {
        try await withApplication { application, database in
            #expect(try await application.send("POST /users", Self.user()).status == 201)
            for _ in 0..<2 {
                let answer = try await application.connect().exchange(Self.post())
                #expect(answer.string("code") == "email_taken")
                #expect(try count("registration_attempts", in: database) == "0")
            }
            let other = try await application.connect().exchange(Self.post(Self.user("b")))
            #expect(other.status == 201)
        }
    }

    @Test func `content that comes slowly or not at all reserves nothing until it is there`()
        async throws
    {
        try await withApplication { application, database in
            let request = Self.post()
            let slow = try application.connect()
            try await slow.send(String(request.dropLast(10)))
            let other = try await application.connect().exchange(Self.post())
            #expect(other.status == 201)
            try await slow.send(String(request.suffix(10)))
            #expect(try await slow.response()["Idempotency-Replayed"] == "true")
        }
        try await withApplication(["HTTP_BODY_TIMEOUT": "1s"]) { application, database in
            let cut = try application.connect()
            try await cut.send(String(Self.post(key: "cut").dropLast(10)))
            #expect(try await cut.response().string("code") == "request_timeout")
            #expect(try count("registration_attempts", in: database) == "0")
        }
    }

    @Test func `a client that has finished sending, or is gone, has its user made`() async throws {
        try await withApplication { application, database in
            let half = try application.connect()
            try await half.send(Self.post())
            try await half.finishSending()
            #expect(try await half.response().status == 201)
            let gone = try application.connect()
            try await gone.send(Self.post(Self.user("b"), key: "gone"))
            try await gone.close()
            let isMade = await eventually {
                (try? count(Self.others, in: database)) == "2"
            }
            #expect(isMade)
            let repeated = Self.post(Self.user("b"), key: "gone")
            let answer = try await application.connect().exchange(repeated)
            #expect(answer.status == 201 && answer["Idempotency-Replayed"] == "true")
        }
    }

    @Test func `a process that died in between blocks the key for a minute`() async throws {
        try await withApplication { application, database in
            #expect(try await application.connect().exchange(Self.post()).status == 201)
            // What is there when the process dies between the reservation and the user.
            let connection = try database.connect()
            try connection.execute(
                """
                UPDATE registration_attempts
                SET user_id = NULL, user_as_made = NULL, expires_at = now() + interval '1 minute';
                DELETE FROM \(Self.others)
                """)
            let running = try await application.connect().exchange(Self.post())
            #expect(running.string("code") == "idempotency_in_progress")
            let other = try await application.connect().exchange(Self.post(Self.user("b")))
            #expect(other.string("code") == "idempotency_key_reused")
            try connection.execute("UPDATE registration_attempts SET expires_at = now()")
            let again = try await application.connect().exchange(Self.post())
            #expect(again.status == 201 && again["Idempotency-Replayed"] == nil)
            #expect(try count(Self.others, in: database) == "1")
        }
    }

    @Test func `whatever is lost on the way to the database, no user is made twice`() async throws {
        try await withProxiedApplication { _ in
        } _: { application, proxy, database in
            let isServing = await eventually {
                (try? await application.send("GET /users").status) == 200
            }
            #expect(isServing)
            try await withThrowingTaskGroup { group in
                for client in 0..<8 {
                    group.addTask {
                        let request = Self.post(Self.user("u\(client)"), key: "k\(client)")
                        for _ in 0..<10 {
                            let answer = try await application.connect().exchange(request)
                            #expect([201, 409, 503].contains(answer.status), "\(answer.text)")
                        }
                    }
                }
                group.addTask {
                    for _ in 0..<20 {
                        _ = try await application.send("GET /health/live")
                        proxy.cut()
                    }
                }
                try await group.waitForAll()
            }
            // Who was cut off in the middle need not wait for a minute here.
            try database.connect().execute(
                "DELETE FROM registration_attempts WHERE user_id IS NULL")
            for client in 0..<8 {
                let request = Self.post(Self.user("u\(client)"), key: "k\(client)")
                let isMade = await eventually {
                    (try? await application.connect().exchange(request).status) == 201
                }
                #expect(isMade)
            }
            #expect(try count(Self.others, in: database) == "8")
            #expect(try count("registration_attempts", in: database) == "8")
        }
    }

    @Test func `nothing that is kept tells the key, the content or the password`() async throws {
        try await withApplication { application, database in
            let answer = try await application.connect().exchange(Self.post(key: "the-key"))
            #expect(answer.status == 201)
            let rows = try database.connect().query(
                """
                SELECT encode(name, 'escape') || encode(content, 'escape'), user_as_made::text
                FROM registration_attempts
                """)
            let kept = rows.flatMap { $0 }.compactMap(\.self).joined()
            #expect(kept.contains("ada@example.com"))
            for text in ["the-key", "127.0", "horse", "argon2id", "password_hash"] {
                #expect(!kept.contains(text), "\(text)")
            }
        }
    }
}
