import HTTPTesting
import Postgres
import PostgresTesting
import Testing

@testable import App

@Suite("Connections that the database ends")
struct LostConnectionTests {
    /// Ends every session but this one, as an administrator or a fail-over does.
    private static let terminateOthers = """
        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE pid <> pg_backend_pid() AND datname = current_database()
        """

    @Test func `sessions ended under load cost some requests a 503, and nobody a write`()
        async throws
    {
        try await withApplication { application, database in
            let authorization = try await application.authorization
            let answers = try await withThrowingTaskGroup(of: [RawResponse].self) { group in
                for writer in 0..<4 {
                    group.addTask {
                        try await register(30, as: writer, authorization, with: application)
                    }
                    group.addTask { try await list(60, authorization, with: application) }
                }
                group.addTask {
                    let administrator = try database.connect()
                    for _ in 0..<20 {
                        _ = try administrator.query(Self.terminateOthers)
                        _ = try await application.send("GET /health/live")
                    }
                    return []
                }
                return try await group.reduce([], +)
            }
            for answer in answers where ![200, 201].contains(answer.status) {
                #expect(answer.status == 503)
                #expect(["unavailable", "outcome_unknown"].contains(answer.string("code")))
                #expect(answer["Retry-After"] == "1")
                #expect(answer["Content-Type"] == "application/problem+json")
            }
            let acknowledged = answers.filter { $0.status == 201 }.compactMap { $0.string("email") }
            let stored = try database.connect().query("SELECT email FROM users").compactMap(\.[0])
            #expect(Set(stored).isSuperset(of: acknowledged))
            #expect(!acknowledged.isEmpty)
            let isServing = await eventually {
                (try? await application.send("GET /users").status) == 200
            }
            #expect(isServing)
        }
    }

    @Test func `a database that has become read-only is read, and writes are for later`()
        async throws
    {
        try await withApplication { application, database in
            let json = #"{"email":"a@example.com","display_name":"A"}"#
            let created = try await application.send("POST /users", json)
            let path = try #require(created["Location"])
            let administrator = try database.connect()
            try administrator.execute(
                "ALTER DATABASE \(database.name) SET default_transaction_read_only = on")
            _ = try administrator.query(Self.terminateOthers)
            let isRefusing = await eventually {
                let answer = try? await application.send("DELETE \(path)")
                return answer?.status == 503 && answer?.string("code") == "unavailable"
            }
            #expect(isRefusing)
            let isReadable = await eventually {
                (try? await application.send("GET \(path)").status) == 200
            }
            #expect(isReadable)
            try administrator.execute(
                """
                SET default_transaction_read_only = off;
                ALTER DATABASE \(database.name) RESET default_transaction_read_only
                """)
            _ = try administrator.query(Self.terminateOthers)
            let isDeleted = await eventually {
                (try? await application.send("DELETE \(path)").status) == 204
            }
            #expect(isDeleted)
        }
    }

    /// Registers users one after the other over one connection.
    private func register(
        _ count: Int, as writer: Int, _ authorization: String, with application: TestApplication
    ) async throws -> [RawResponse] {
        let client = try application.connect()
        var answers: [RawResponse] = []
        for number in 0..<count {
            let json = #"{"email":"w\#(writer)-\#(number)@example.com","display_name":"W"}"#
            answers.append(
                try await client.exchange(
                    requestText("POST /users", json, fields: [authorization])))
        }
        return answers
    }

    /// Lists users again and again over one connection.
    private func list(
        _ count: Int, _ authorization: String, with application: TestApplication
    ) async throws -> [RawResponse] {
        let client = try application.connect()
        var answers: [RawResponse] = []
        for _ in 0..<count {
            answers.append(
                try await client.exchange(
                    requestText("GET /users?limit=5", fields: [authorization])))
        }
        return answers
    }
}
