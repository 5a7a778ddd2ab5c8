import HTTPTesting
import JSON
import Postgres
import PostgresTesting
import Testing

@testable import App

@Suite("A conversation with the service")
struct ConversationTests {
    private static let ada = #"""
        {"email":"Ada@Example.com","display_name":"Ada","password":"seven quiet otters swim"}
        """#

    @Test func `register, read, list, rename, delete`() async throws {
        try await withApplication { application, _ in
            let created = try await application.send("POST /users", Self.ada)
            #expect(created.status == 201 && created["ETag"] == "\"1-a\"")
            let id = try #require(created.string("id"))
            #expect(created["Location"] == "/users/\(id)")

            let read = try await application.send("GET /users/\(id)")
            #expect(read.status == 200 && read.body == created.body)

            let list = try await application.send("GET /users?limit=10")
            #expect(list.text.contains(id) && list.object["has_more"] == .bool(false))

            let renamed = try await application.send(
                "PATCH /users/\(id)", #"{"display_name":"Ada Lovelace"}"#,
                fields: ["If-Match: \"1\"", "Content-Type: application/merge-patch+json"])
            #expect(renamed.status == 200 && renamed["ETag"] == "\"2-a\"")
            #expect(renamed.string("display_name") == "Ada Lovelace")

            #expect(try await application.send("DELETE /users/\(id)").status == 204)
            #expect(try await application.send("GET /users/\(id)").status == 404)
            #expect(try await application.send("GET /users").text.contains(id) == false)
        }
    }

    @Test func `the password is kept as an Argon2id hash and never shown`() async throws {
        try await withApplication { application, database in
            let created = try await application.send("POST /users", Self.ada)
            #expect(!created.text.contains("otters") && !created.text.contains("argon2"))
            let stored = try database.connect().query(
                "SELECT password_hash FROM users WHERE \(TestAdministrator.isSomebodyElse)")
            #expect(stored[0][0]?.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$") == true)
        }
    }

    @Test func `of many registrations of one address one succeeds`() async throws {
        try await withApplication { application, _ in
            let json = #"{"email":"one@example.com","display_name":"One"}"#
            let statuses = try await withThrowingTaskGroup { group in
                for _ in 0..<16 {
                    group.addTask { try await application.send("POST /users", json).status }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.sorted() == [201] + Array(repeating: 409, count: 15))
        }
    }

    @Test func `health, readiness and version are told`() async throws {
        try await withApplication { application, _ in
            // The database is given 200 ms to answer, which a busy machine may not manage.
            let isHealthy = await eventually {
                let health = try? await application.send("GET /health")
                return health?.status == 200 && health?.string("status") == "ok"
            }
            #expect(isHealthy)
            let isReady = await eventually {
                (try? await application.send("GET /health/ready").status) == 200
            }
            #expect(isReady)
            #expect(try await application.send("GET /health/live").status == 200)
            let version = try await application.send("GET /version")
            #expect(version.string("version") == BuildInformation.version)
        }
    }

    @Test func `a database without migrations is not ready, and says so`() async throws {
        try await withEmptyApplication { application in
            let isBehind = await eventually {
                let ready = try? await application.send("GET /health/ready")
                return ready?.text.contains(#""schema":{"status":"behind","applied":null"#) == true
                    && ready?.status == 503
            }
            #expect(isBehind)
            let health = try await application.send("GET /health")
            #expect(health.string("status") == "degraded")
        }
    }

    @Test(arguments: [
        (
            "DELETE FROM schema_migrations",
            #""behind","applied":null,"required":"\#(BuildInformation.requiredRevision)""#, 503
        ),
        (
            "INSERT INTO schema_migrations VALUES ('9999', 'later', 'x', now())",
            #""ahead","applied":"9999","required":"\#(BuildInformation.requiredRevision)""#, 200
        ),
    ])
    func `an older schema is not ready, a newer one is, and readiness says which`(
        _ sql: String, _ schema: String, _ status: Int
    ) async throws {
        try await withTestDatabase { database in
            try database.connect().execute(sql)
            try await withApplication(at: database.connectionString) { application in
                let isTold = await eventually {
                    let ready = try? await application.send("GET /health/ready")
                    return ready?.text.contains(#""schema":{"status":\#(schema)}"#) == true
                        && ready?.status == status
                }
                #expect(isTold)
                let live = try await application.send("GET /health/live")
                #expect(live.status == 200)
            }
        }
    }
}
