import Ambient
import Postgres
package import Users

extension PostgresUserRepository {
    /// What a page is told.
    private struct Page: Sendable {
        let selection: UserSelection
        let cursor: UserCursor?
        let limit: Int

        /// Where the index is entered: at the cursor, or where the time begins that was asked for,
        /// whichever is further on. PostgreSQL enters at a row's bound, not at a time's beside it.
        var start: UserCursor? {
            switch selection.order {
            case .newestFirst:
                let bound = selection.createdBefore.map { UserCursor(createdAt: $0, id: .least) }
                return [cursor, bound].compactMap(\.self).min(by: <)
            case .oldestFirst:
                let bound = selection.createdAfter.map { UserCursor(createdAt: $0, id: .greatest) }
                return [cursor, bound].compactMap(\.self).max(by: <)
            }
        }

        /// Where the time ends that was asked for, in the order of the list.
        var end: Timestamp? {
            switch selection.order {
            case .newestFirst: selection.createdAfter
            case .oldestFirst: selection.createdBefore
            }
        }
    }

    /// By which index a page finds its users: a unique one if there is a condition for it.
    private enum Lookup: CaseIterable {
        case none
        case email
        case externalID
        case ids

        init(_ selection: UserSelection) {
            if selection.email != nil {
                self = .email
            } else if selection.externalID != nil {
                self = .externalID
            } else {
                self = selection.ids == nil ? .none : .ids
            }
        }

        /// Where the users come from. `OFFSET 0` keeps the server from looking for one of them in
        /// the whole index of times.
        var source: String {
            let condition: String
            switch self {
            case .none: return "users"
            case .email:
                condition = """
                    email_key = $5 AND ($6::text IS NULL OR external_id = $6)
                    AND ($7::uuid[] IS NULL OR id = ANY($7))
                    """
            case .externalID:
                condition = "external_id = $6 AND ($7::uuid[] IS NULL OR id = ANY($7))"
            case .ids: condition = "id = ANY($7)"
            }
            return """
                (
                    SELECT \(UserRow.columnList) FROM users
                    WHERE deleted_at IS NULL AND \(condition) OFFSET 0
                ) AS users
                """
        }
    }

    private struct Shape: Hashable {
        let lookup: Lookup
        let order: UserSelection.Order
    }

    /// All statements that list users.
    static let pageTexts = pages.values.map(\.text.sql)

    private static let pages = Dictionary(
        uniqueKeysWithValues: Lookup.allCases.flatMap { lookup in
            UserSelection.Order.allCases.map { order in
                let shape = Shape(lookup: lookup, order: order)
                return (shape, statement(of: shape))
            }
        })

    /// A bound that is not set is one that every user keeps, so that one plan serves all: an index
    /// scan from where the list begins to where it ends.
    private static func statement(of shape: Shape) -> Statement<Page, User> {
        let bounds =
            switch shape.order {
            case .newestFirst:
                """
                created_at > COALESCE($2, '-infinity') AND (created_at, id)
                < (COALESCE($3, 'infinity'), COALESCE($4, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
                """
            case .oldestFirst:
                """
                created_at < COALESCE($2, 'infinity') AND (created_at, id)
                > (COALESCE($3, '-infinity'), COALESCE($4, '00000000-0000-0000-0000-000000000000'))
                """
            }
        let order = shape.order == .newestFirst ? "DESC" : "ASC"
        return Statement(
            "users_page", .shortRead,
            """
            SELECT \(UserRow.columnList) FROM \(shape.lookup.source)
            WHERE deleted_at IS NULL AND \(bounds)
            ORDER BY created_at \(order), id \(order) LIMIT $1
            """, columns: UserRow.columns, octetCount: 192,
            encode: { page, parameters throws(PostgresError) in
                let selection = page.selection
                let start = page.start
                try parameters.append(Int64(page.limit))
                try parameters.append(page.end)
                try parameters.append(start?.createdAt)
                try parameters.append(start?.id.uuid)
                try parameters.append(selection.email?.key)
                try parameters.append(selection.externalID?.rawValue)
                try parameters.append(selection.ids?.map(\.uuid))
            }, decode: UserRow.user(in:))
    }

    /// Reads a page from the index on `(created_at, id)`, or by a unique one.
    package func page(
        of selection: UserSelection, after cursor: UserCursor?, limit: Int
    ) async throws(UserError) -> [User] {
        let shape = Shape(lookup: Lookup(selection), order: selection.order)
        guard let statement = Self.pages[shape] else {
            preconditionFailure("There is no statement for \(shape).")
        }
        do {
            return try await pool.rows(
                statement, Page(selection: selection, cursor: cursor, limit: limit))
        } catch {
            throw UserError(error)
        }
    }
}

extension UserID {
    /// The id that is before all others.
    fileprivate static let least = UserID(UUID(high: 0, low: 0))
    /// The id that is after all others.
    fileprivate static let greatest = UserID(UUID(high: .max, low: .max))
}
