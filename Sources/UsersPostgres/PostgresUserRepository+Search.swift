import Ambient
import Postgres
package import Users

extension PostgresUserRepository {
    /// Reads a page of any selection, by a plan that is made for it.
    /// - Throws: ``Unavailability/tooSlow`` if it takes longer than it may.
    func search(
        _ selection: UserSelection, after cursor: UserCursor?, limit: PageLimit
    ) async throws(UserError) -> UserPage {
        let page = SearchStatements.Page(
            selection: selection, cursor: cursor, limit: limit.count + 1)
        let rows: [SearchStatements.Row]
        do {
            rows = try await bound.including { () throws(PostgresError) in
                try await pool.rows(searches.page(of: selection), page)
            }
        } catch .timedOut(.statement) {
            throw .unavailable(.tooSlow, cause: PostgresError.timedOut(.statement))
        } catch {
            throw UserError(error)
        }
        return UserPage(rows.map(\.user), limit: limit) { last in
            switch selection.order {
            case .newestFirst, .oldestFirst: UserCursor(.time(last.createdAt), last.id)
            case .email: UserCursor(.text(last.email.key), last.id)
            case .displayName: UserCursor(.text(rows[limit.count - 1].searchText), last.id)
            }
        }
    }

    /// Counts, or has the server plan and takes its word for the number of rows.
    package func count(
        of selection: UserSelection, isExact: Bool
    ) async throws(UserError) -> Int64? {
        do {
            return try await bound.including { () throws(PostgresError) in
                if isExact {
                    return try await pool.row(searches.count(of: selection), selection)
                }
                let plan = try await pool.rows(searches.plan(of: selection), selection)
                return plan.first.flatMap(Self.rowCount(inPlan:))
            }
        } catch .timedOut(.statement) {
            return nil
        } catch {
            throw UserError(error)
        }
    }

    /// The rows that the first line of a plan expects:
    /// `Append  (cost=0.28..8.29 rows=12 width=16)`.
    static func rowCount(inPlan line: String) -> Int64? {
        guard let start = line.firstRange(of: " rows=")?.upperBound else { return nil }
        return Int64(line[start...].prefix { $0 != " " })
    }
}
