import Ambient
import Postgres
package import Users

extension PostgresUserRepository {
    /// What a page is told.
    private struct Page: Sendable {
        let selection: UserSelection
        let cursor: UserCursor?
        let limit: Int
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

        /// The condition of the index, and after it those that are left to be set or not.
        var condition: String {
            switch self {
            case .none: ""
            case .email:
                """
                AND email_key = $6 AND ($7::text IS NULL OR external_id = $7)
                AND ($8::uuid[] IS NULL OR id = ANY($8))
                """
            case .externalID: "AND external_id = $7 AND ($8::uuid[] IS NULL OR id = ANY($8))"
            case .ids: "AND id = ANY($8)"
            }
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
    /// scan from the first bound to the last.
    private static func statement(of shape: Shape) -> Statement<Page, User> {
        let (comparison, order, end) =
            switch shape.order {
            case .newestFirst:
                ("<", "DESC", "'infinity'), COALESCE($5, 'ffffffff-ffff-ffff-ffff-ffffffffffff'")
            case .oldestFirst:
                (">", "ASC", "'-infinity'), COALESCE($5, '00000000-0000-0000-0000-000000000000'")
            }
        return Statement(
            "users_page", .shortRead,
            """
            SELECT \(UserRow.columnList) FROM users
            WHERE deleted_at IS NULL
                AND created_at > COALESCE($2, '-infinity') AND created_at < COALESCE($3, 'infinity')
                AND (created_at, id) \(comparison) (COALESCE($4, \(end)))
                \(shape.lookup.condition)
            ORDER BY created_at \(order), id \(order) LIMIT $1
            """, columns: UserRow.columns, octetCount: 192,
            encode: { page, parameters throws(PostgresError) in
                let selection = page.selection
                try parameters.append(Int64(page.limit))
                try parameters.append(selection.createdAfter)
                try parameters.append(selection.createdBefore)
                try parameters.append(page.cursor?.createdAt)
                try parameters.append(page.cursor?.id.uuid)
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
