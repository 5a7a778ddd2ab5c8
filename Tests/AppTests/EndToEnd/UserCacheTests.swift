import Ambient
import HTTPTesting
import Postgres
import PostgresTesting
import RedisTesting
import Testing

@testable import App

@Suite("Users in Redis, end to end")
struct UserCacheTests {
    /// A life that is the longest that there is.
    private static func variables(_ url: String, life: String = "10s") -> [String: String] {
        ["REDIS_URL": url, "REDIS_TIMEOUT": "1s", "USER_CACHE_TTL": life]
    }

    @Test func `an answer is the same whether it comes from Redis or the database`() async throws {
        try await withTestRedis { redis in
            try await withApplication(Self.variables(redis.url)) { application, database in
                await application.becomeConnected()
                let user = try database.connect().add()
                let fields = ["Content-Type: application/merge-patch+json"]
                let patch = #"{"locale":"de","metadata":{"a":[1,2.5,"ü"]}}"#
                let patched = try await application.send(
                    "PATCH \(user.path)", patch, fields: fields)
                #expect(patched.status == 200)
                // To merge metadata the user was read, past the cache.
                #expect(try await application.statements("users_by_id") == 1)
                #expect(try await application.reads("miss") == 0)
                var answers: [RawResponse] = []
                for _ in 0..<3 { answers.append(try await application.send("GET \(user.path)")) }
                #expect(Set(answers.map(\.body)).count == 1)
                #expect(Set(answers.map { $0["ETag"] }) == [answers[0]["ETag"]])
                #expect(answers.map(\.status) == [200, 200, 200])
                #expect(try await application.reads("miss") == 1)
                #expect(try await application.reads("hit") == 2)
                #expect(try await application.statements("users_by_id") == 2)
                let tag = try #require(answers[0]["ETag"])
                let known = try await application.send(
                    "GET \(user.path)", fields: ["If-None-Match: \(tag)"])
                #expect(known.status == 304 && known.body.isEmpty && known["ETag"] == tag)
                let refused = try await application.send(
                    "GET \(user.path)", fields: ["If-Match: \"0-u\""])
                #expect(refused.status == 412)
                #expect(try await application.send("GET \(user.path)", as: .nobody).status == 401)
                #expect(try await application.statements("users_by_id") == 2)
            }
        }
    }

    @Test func `every change is seen by the other service at once`() async throws {
        try await withServices { writer, reader, database in
            let user = try database.connect().add()
            try database.connect().addRole("editor")
            var seen = Set([try await reader.seen(user)])
            let merge = ["Content-Type: application/merge-patch+json"]
            let changes: [(line: String, json: String?, fields: [String])] = [
                ("PATCH \(user.path)", #"{"display_name":"Else"}"#, merge),
                ("PATCH \(user.path)", #"{"email":"else@example.com"}"#, merge),
                ("PATCH \(user.path)", #"{"metadata":{"a":1}}"#, merge),
                ("PATCH \(user.path)", #"{"status":"disabled"}"#, merge),
                ("PUT \(user.path)", #"{"email":"e@example.com","display_name":"E"}"#, []),
                ("PUT \(user.path)/roles/editor", nil, []),
                ("DELETE \(user.path)/roles/editor", nil, []),
                ("PUT \(user.path)/roles", #"{"roles":["editor"]}"#, []),
                ("PUT \(user.path)/password", #"{"password":"nineteen calm herons"}"#, []),
                ("DELETE \(user.path)", nil, []),
                ("POST \(user.path)/restore", nil, []),
                ("DELETE \(user.path)?mode=hard", nil, []),
            ]
            for change in changes {
                let answer = try await writer.send(change.line, change.json, fields: change.fields)
                #expect((200...204).contains(answer.status), "\(change.line): \(answer.status)")
                let now = try await reader.seen(user)
                let isGone =
                    change.line.hasPrefix("DELETE \(user.path)")
                    && !change.line.contains("/roles/")
                #expect(now.hasPrefix(isGone ? "404" : "200"), "\(change.line): \(now)")
                #expect(isGone || seen.insert(now).inserted, "\(change.line): \(now)")
                #expect(try await reader.seen(user) == now)
            }
        }
    }

    @Test func `SQL is heard of by what it says, and a change of access by itself`() async throws {
        try await withServices { _, reader, database in
            let user = try database.connect().add()
            let connection = try database.connect()
            for sql in [
                "UPDATE users SET display_name = 'SQL' WHERE id = $1 "
                    + "RETURNING pg_notify('user_management_users', 'user ' || id)",
                "UPDATE users SET status = 'disabled' WHERE id = $1",
            ] {
                let before = try await reader.seen(user)
                #expect(try await reader.seen(user) == before)
                _ = try connection.query(sql, [user.id])
                let changed = MonotonicTime.now
                while try await reader.seen(user) == before {}
                // It has not run out, but was deleted.
                #expect(MonotonicTime.now - changed < .seconds(9))
            }
        }
    }

    @Test func `a service that cannot reach Redis answers once nothing old is left there`()
        async throws
    {
        let life = Duration.milliseconds(300)
        try await withTestRedis { redis in
            try await withApplication(
                Self.variables(redis.url, life: "300ms")
            ) { reader, database in
                try await withApplication(
                    at: database.connectionString, Self.variables("unix:///nowhere", life: "300ms"),
                    hasAdministrator: true
                ) { writer in
                    await reader.becomeConnected()
                    let user = try database.connect().add()
                    for number in 0..<3 {
                        _ = try await reader.seen(user)
                        let began = MonotonicTime.now
                        let answer = try await writer.send(
                            "PATCH \(user.path)", #"{"display_name":"\#(number)"}"#,
                            fields: ["Content-Type: application/merge-patch+json"])
                        #expect(answer.status == 200 && MonotonicTime.now - began >= life)
                        #expect(try await reader.send("GET \(user.path)").body == answer.body)
                    }
                    let missed = #"user_cache_invalidations_total{outcome="missed"}"#
                    #expect(try await writer.counted(missed) == 3)
                }
            }
        }
    }

    @Test func `a stop waits for an answer that waits for Redis`() async throws {
        try await withApplication(
            Self.variables("unix:///nowhere", life: "2s")
        ) { service, database in
            let user = try database.connect().add()
            let authorization = try await service.authorization
            let client = try service.connect()
            try await client.send(
                requestText(
                    "PATCH \(user.path)", #"{"display_name":"B"}"#,
                    fields: [authorization, "Content-Type: application/merge-patch+json"]))
            let connection = try database.connect()
            while try connection.query(
                "SELECT FROM users WHERE id = $1 AND display_name = 'B'", [user.id]
            ).isEmpty {}
            await service.stop()
            #expect(try await client.response().status == 200)
        }
    }

    /// Runs `body` with two services that share a database and a Redis.
    private func withServices(
        _ body: (TestApplication, TestApplication, TestDatabase) async throws -> Void
    ) async throws {
        try await withTestRedis { redis in
            try await withApplication(Self.variables(redis.url)) { first, database in
                try await withApplication(
                    at: database.connectionString, Self.variables(redis.url),
                    hasAdministrator: true
                ) { second in
                    for service in [first, second] { await service.becomeConnected() }
                    try await body(first, second, database)
                }
            }
        }
    }
}

extension TestApplication {
    /// What the administrator sees of a user: the status and the whole answer.
    fileprivate func seen(_ user: TestUser) async throws -> String {
        let answer = try await send("GET \(user.path)")
        let body = answer.status == 200 ? String(decoding: answer.body, as: UTF8.self) : ""
        return "\(answer.status) \(body)"
    }

    /// How many reads the cache has had that ended like this.
    fileprivate func reads(_ outcome: String) async throws -> Int? {
        try await counted("user_cache_reads_total{outcome=\"\(outcome)\"}")
    }

    /// How often a statement was answered.
    fileprivate func statements(_ name: String) async throws -> Int? {
        try await counted("database_query_seconds_count{statement=\"\(name)\"}")
    }

    fileprivate func counted(_ series: String) async throws -> Int? {
        try await scrape().first { $0.hasPrefix("\(series) ") }
            .flatMap { Int($0.dropFirst(series.count + 1)) }
    }
}
