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
            rows = try await planned(within: limits.pageTimeout, seqScan: "off") {
                transaction throws(PostgresError) in
                try await transaction.rows(SearchStatements.page(of: selection), page)
            }
        } catch {
            throw error.isOfStatementTimeout
                ? .unavailable(.tooSlow, cause: error) : UserError(error)
        }
        return UserPage(rows, limit: limit, user: \.user) { row in
            switch selection.order {
            case .newestFirst, .oldestFirst: UserCursor(.time(row.user.createdAt), row.user.id)
            case .email: UserCursor(.text(row.user.email.key), row.user.id)
            case .displayName: UserCursor(.text(row.searchText), row.user.id)
            }
        }
    }

    /// Counts, or has the server plan and takes its word for the number of rows.
    package func count(
        of selection: UserSelection, isExact: Bool
    ) async throws(UserError) -> Int64? {
        do {
            return try await planned(within: limits.countTimeout, seqScan: "on") {
                transaction throws(PostgresError) in
                if isExact {
                    return try await transaction.row(
                        SearchStatements.count(of: selection), selection)
                }
                let plan = try await transaction.rows(
                    SearchStatements.plan(of: selection), selection)
                return plan.first.flatMap(Self.rowCount(inPlan:))
            }
        } catch {
            guard error.isOfStatementTimeout else { throw UserError(error) }
            return nil
        }
    }

    /// Runs `body` in a transaction where statements are planned for their values.
    private func planned<Value>(
        within timeout: Duration, seqScan: String,
        _ body: (borrowing Transaction) async throws(PostgresError) -> Value
    ) async throws(PostgresError) -> Value {
        try await searches.including(atMost: limits.searchesMax) { () throws(PostgresError) in
            try await pool.withTransaction(access: .readOnly) { transaction throws(PostgresError) in
                // The server gives up a little before we would give up the server.
                let settings = (timeout: timeout * 0.9, seqScan: seqScan)
                _ = try await transaction.row(SearchStatements.planning, settings)
                return try await body(transaction)
            }
        }
    }

    /// The rows that the first line of a plan expects:
    /// `Append  (cost=0.28..8.29 rows=12 width=16)`.
    static func rowCount(inPlan line: String) -> Int64? {
        guard let start = line.firstRange(of: " rows=")?.upperBound else { return nil }
        return Int64(line[start...].prefix { $0 != " " })
    }
}

extension PostgresError {
    /// Whether a statement was given up because it took too long, by the server or by us.
    fileprivate var isOfStatementTimeout: Bool {
        switch self {
        case .server(let error): error.sqlState == "57014"
        case .timedOut(let stage): stage == .statement
        default: false
        }
    }
}
