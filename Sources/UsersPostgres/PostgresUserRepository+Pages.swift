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
        var start: (time: Timestamp, id: UserID)? {
            var places: [(time: Timestamp, id: UserID)] = []
            if let cursor, case .time(let time) = cursor.key { places.append((time, cursor.id)) }
            if isNewestFirst {
                if let time = selection.createdBefore { places.append((time, .least)) }
                return places.min(by: <)
            }
            if let time = selection.createdAfter { places.append((time, .greatest)) }
            return places.max(by: <)
        }

        /// Where the time ends that was asked for, in the order of the list.
        var end: Timestamp? {
            isNewestFirst ? selection.createdAfter : selection.createdBefore
        }

        private var isNewestFirst: Bool { selection.order == .newestFirst }
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

        /// How many users there may be.
        var kind: StatementKind {
            switch self {
            case .none, .ids: .bulkRead
            case .email, .externalID: .shortRead
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

    /// A list that one plan serves well, whatever the values are.
    private struct Shape: Hashable {
        let lookup: Lookup
        let isNewestFirst: Bool

        init(_ lookup: Lookup, isNewestFirst: Bool) {
            self.lookup = lookup
            self.isNewestFirst = isNewestFirst
        }

        /// Nil if the plan had better be made for the values.
        init?(_ selection: UserSelection) {
            guard selection.status == nil, selection.role == nil, selection.term == nil,
                !selection.includesDeleted
            else { return nil }
            switch selection.order {
            case .newestFirst: self.init(Lookup(selection), isNewestFirst: true)
            case .oldestFirst: self.init(Lookup(selection), isNewestFirst: false)
            case .email, .displayName: return nil
            }
        }
    }

    /// All statements that list users by one plan.
    static let pageTexts = pages.values.map(\.text.sql)

    private static let pages = Dictionary(
        uniqueKeysWithValues: Lookup.allCases.flatMap { lookup in
            [true, false].map { isNewestFirst in
                let shape = Shape(lookup, isNewestFirst: isNewestFirst)
                return (shape, statement(of: shape))
            }
        })

    /// A bound that is not set is one that every user keeps, so that one plan serves all: an index
    /// scan from where the list begins to where it ends.
    private static func statement(of shape: Shape) -> Statement<Page, User> {
        let bounds =
            shape.isNewestFirst
            ? """
            created_at > COALESCE($2, '-infinity') AND (created_at, id)
            < (COALESCE($3, 'infinity'), COALESCE($4, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
            """
            : """
            created_at < COALESCE($2, 'infinity') AND (created_at, id)
            > (COALESCE($3, '-infinity'), COALESCE($4, '00000000-0000-0000-0000-000000000000'))
            """
        let order = shape.isNewestFirst ? "DESC" : "ASC"
        return Statement(
            "users_page", shape.lookup.kind,
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
                try parameters.append(start?.time)
                try parameters.append(start?.id.uuid)
                try parameters.append(selection.email?.key)
                try parameters.append(selection.externalID?.rawValue)
                try parameters.append(selection.ids?.map(\.uuid))
            }, decode: UserRow.user(in:))
    }

    /// Reads a page from the index on `(created_at, id)`, or by a unique one, or searches for it.
    package func page(
        of selection: UserSelection, after cursor: UserCursor?, limit: PageLimit
    ) async throws(UserError) -> UserPage {
        guard let statement = Shape(selection).flatMap({ Self.pages[$0] }) else {
            return try await search(selection, after: cursor, limit: limit)
        }
        // One more than asked for shows whether there is a next page.
        let page = Page(selection: selection, cursor: cursor, limit: limit.count + 1)
        do {
            return UserPage(try await pool.rows(statement, page), limit: limit) {
                UserCursor(.time($0.createdAt), $0.id)
            }
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
