import Ambient
import HTTPTesting
import JSON
import Postgres
import PostgresTesting
import Testing

@testable import App

@Suite("Health, as probes see it")
struct HealthTests {
    @Test func `however many probe, on whichever loop, the database is looked at once a second`()
        async throws
    {
        try await withApplication(["EVENT_LOOPS": "4"]) { application, _ in
            let start = MonotonicTime.now
            // Each loop has some of them.
            let clients = try (0..<16).map { _ in try application.connect() }
            var reports: Set<String> = []
            for client in clients {
                reports.insert(
                    try await client.exchange(requestText("GET /health/ready")).text)
            }
            // A report tells how long its look took, to the nanosecond.
            let seconds = Int((MonotonicTime.now - start) / .seconds(1))
            #expect(reports.count <= 1 + seconds)
        }
    }

    @Test(arguments: [
        (sql: "SELECT 1", status: 200, health: "ok", schema: "current"),
        (
            sql: "UPDATE schema_migrations SET revision = '9999' WHERE revision = '0001'",
            status: 200, health: "ok", schema: "ahead"
        ),
        (
            sql: "DELETE FROM schema_migrations WHERE revision > '0001'", status: 503,
            health: "degraded", schema: "behind"
        ),
        (
            sql: "ALTER TABLE schema_migrations RENAME TO elsewhere", status: 503,
            health: "degraded", schema: "behind"
        ),
        (
            sql: "ALTER TABLE schema_migrations RENAME COLUMN revision TO number", status: 503,
            health: "degraded", schema: "unknown"
        ),
    ])
    func `readiness needs the schema of this build, or a newer one`(
        _ given: (sql: String, status: Int, health: String, schema: String)
    ) async throws {
        try await withTestDatabase { database in
            try database.addAdministrator()
            _ = try database.connect().query(given.sql)
            try await withApplication(at: database.connectionString) { application in
                let ready = try await application.report(of: "/health/ready") {
                    $0.check("database") == "up"
                }
                #expect(ready.status == given.status)
                #expect(ready.string("status") == given.health)
                #expect(ready.check("schema") == given.schema)
                #expect(ready.check("encoding") == "utf8")
                let health = try await application.report(of: "/health") {
                    $0.check("database") == "up"
                }
                #expect(health.status == 200 && health.string("status") == given.health)
            }
        }
    }

    @Test func `a database that does not keep text as UTF-8 is not ready, and says why`()
        async throws
    {
        try await withEmptyDatabase { database in
            let name = "\(database.name)_ascii"
            let administrator = try database.connect()
            try administrator.execute(
                "CREATE DATABASE \(name) TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
            let address = database.connectionString.replacing(database.name, with: name)
            defer { try? administrator.execute("DROP DATABASE \(name) WITH (FORCE)") }
            try await withApplication(at: address) { application in
                let ready = try await application.report(of: "/health/ready") {
                    $0.check("database") == "up"
                }
                #expect(ready.status == 503 && ready.string("status") == "degraded")
                #expect(ready.check("encoding") == "unsupported")
            }
        }
    }

    @Test func `a database that is slow is said to be down within the time of a probe`()
        async throws
    {
        try await withProxiedApplication { _ in
        } _: { application, proxy, _ in
            let up = try await application.report(of: "/health/ready") { $0.status == 200 }
            #expect(up.status == 200)
            proxy.set(.stall)
            // What was last seen serves for a second.
            let ready = try await application.report(of: "/health/ready") { $0.status == 503 }
            #expect(ready.status == 503 && ready.check("database") == "down")
            #expect(try await application.send("GET /health").status == 200)
            #expect(try await application.send("GET /health/live").status == 200)
            proxy.set(.pass)
            let again = try await application.report(of: "/health/ready") { $0.status == 200 }
            #expect(again.string("status") == "ok")
        }
    }

    @Test func `while every connection is busy with what takes long, probes are told at once`()
        async throws
    {
        let variables = ["EVENT_LOOPS": "1", "DATABASE_POOL_SIZE": "1"]
        try await withApplication(variables) { application, database in
            let authorization = try await application.authorization
            let holder = try database.connect()
            try holder.execute("BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE")
            let clients = try (0..<20).map { _ in try application.connect() }
            for client in clients {
                try await client.send(requestText("GET /users", fields: [authorization]))
            }
            // Those clients are given a minute.
            let start = MonotonicTime.now
            let ready = try await application.report(of: "/health/ready") { $0.status == 503 }
            #expect(ready.status == 503 && ready.check("database") == "down")
            #expect(try await application.send("GET /health").status == 200)
            #expect(try await application.send("GET /health/live").status == 200)
            #expect(MonotonicTime.now - start < .seconds(30))
            try holder.execute("COMMIT")
            for client in clients { #expect(try await client.response().status == 200) }
            let again = try await application.report(of: "/health/ready") { $0.status == 200 }
            #expect(again.status == 200)
        }
    }
}

extension TestApplication {
    /// The first report that is as expected, or the last one that is not: on a busy machine, the
    /// database may not answer within 200 ms.
    func report(
        of path: String, where isExpected: (RawResponse) -> Bool
    ) async throws -> RawResponse {
        var last: RawResponse?
        _ = await eventually {
            last = try? await send("GET \(path)")
            return last.map(isExpected) ?? false
        }
        return try #require(last)
    }
}

extension RawResponse {
    /// The status of a check of a report of health.
    func check(_ name: String) -> String? {
        guard case .object(let checks)? = object["checks"],
            case .object(let check)? = checks[name], case .string(let status)? = check["status"]
        else { return nil }
        return status
    }
}
