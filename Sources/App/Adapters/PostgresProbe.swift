import Ambient
import Health
import Migrations
import Postgres

/// Asks the database for its schema and its encoding, through the same pool as requests do.
struct PostgresProbe: DatabaseProbe {
    private static let encoding = Statement<Void, String>(
        "health_encoding", .shortRead, "SELECT current_setting('server_encoding')",
        columns: [.text],
        decode: { row throws(PostgresError) in try row.text() })

    private static let appliedHead = Statement<Void, String>(
        "health_schema", .shortRead, SchemaVersion.appliedHeadSQL, columns: [.text],
        decode: { row throws(PostgresError) in try row.text() })

    let pool: ConnectionPool
    /// The last migration that this build was made for.
    let required: Revision

    func look() async -> DatabaseReport {
        let start = MonotonicTime.now
        do {
            let encoding = try await pool.row(Self.encoding, ())
            let latency = MonotonicTime.now - start
            return DatabaseReport(
                latency: latency, schema: try await schema(), isUTF8: encoding == "UTF8")
        } catch {
            return .down
        }
    }

    /// nil when the database answers and does not tell, as without the right to read the table.
    private func schema() async throws(PostgresError) -> DatabaseReport.Schema? {
        let applied: String?
        do throws(PostgresError) {
            applied = try await pool.row(Self.appliedHead, ())
        } catch .server(let error) where error.sqlState == "42P01" {
            // No migration has ever run.
            applied = nil
        } catch .server {
            return nil
        }
        let status: DatabaseReport.Schema.Status
        switch SchemaVersion(applied: applied, required: required) {
        case .behind: status = .behind
        case .current: status = .current
        case .ahead: status = .ahead
        }
        return DatabaseReport.Schema(status, applied: applied, required: "\(required)")
    }
}
