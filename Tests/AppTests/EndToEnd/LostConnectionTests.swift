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
}
