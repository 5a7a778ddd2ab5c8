import Ambient
import Postgres
import Users

/// What lists are made of that have no statement of their own: any conditions, in any order.
///
/// Each condition stands in the text as `$n IS NULL OR …`. A plan that is made for the values at
/// hand knows which are NULL, and which of the others leave few users, so it takes the index of
/// one of those, or of the order; a plan for all values could take none. So these statements run
/// where ``planning`` has.
enum SearchStatements {
    /// A user, and the text by which users are put in the order of their names.
    struct Row: Sendable {
        let user: User
        let searchText: String
    }

    /// What a page is told.
    struct Page: Sendable {
        let selection: UserSelection
        let cursor: UserCursor?
        let limit: Int
    }

    /// Has what follows in the transaction planned for its values, read from indexes wherever it
    /// can be if `$2` is `off`, and given up after `$1`.
    static let planning = Statement<(timeout: Duration, seqScan: String), Void>(
        "users_search_planning", .shortRead,
        """
        SELECT set_config('statement_timeout', $1, true), set_config('enable_seqscan', $2, true),
            set_config('plan_cache_mode', 'force_custom_plan', true)
        """, columns: [.text, .text, .text],
        encode: { input, parameters throws(PostgresError) in
            try parameters.append("\(max(1, Int(input.timeout / .milliseconds(1))))ms")
            try parameters.append(input.seqScan)
        },
        decode: { row throws(PostgresError) in
            for _ in 0..<3 { _ = try row.text() }
        })

    /// A page of a selection.
    static func page(of selection: UserSelection) -> Statement<Page, Row> {
        guard let statement = pages[Shape(selection)] else {
            preconditionFailure("There is no statement for \(selection.order).")
        }
        return statement
    }

    /// How many users there are in a selection.
    static func count(of selection: UserSelection) -> Statement<UserSelection, Int64> {
        selection.includesDeleted ? countWithDeleted : countOfLive
    }

    /// The server's plan for reading a selection, line by line.
    static func plan(of selection: UserSelection) -> Statement<UserSelection, String> {
        selection.includesDeleted ? planWithDeleted : planOfLive
    }

    /// All pages' texts.
    static var pageTexts: [String] { pages.values.map(\.text.sql) }

    private struct Shape: Hashable {
        let order: UserSelection.Order
        let includesDeleted: Bool

        init(_ order: UserSelection.Order, includesDeleted: Bool) {
            self.order = order
            self.includesDeleted = includesDeleted
        }

        init(_ selection: UserSelection) {
            self.init(selection.order, includesDeleted: selection.includesDeleted)
        }
    }

    private static let pages = Dictionary(
        uniqueKeysWithValues: UserSelection.Order.allCases.flatMap { order in
            [false, true].map { includesDeleted in
                let shape = Shape(order, includesDeleted: includesDeleted)
                return (shape, page(of: shape))
            }
        })

    private static let countOfLive = count(includesDeleted: false)
    private static let countWithDeleted = count(includesDeleted: true)
    private static let planOfLive = plan(includesDeleted: false)
    private static let planWithDeleted = plan(includesDeleted: true)

    private static func page(of shape: Shape) -> Statement<Page, Row> {
        let (key, comparison, direction) =
            switch shape.order {
            case .newestFirst: ("created_at", "<", "DESC")
            case .oldestFirst: ("created_at", ">", "ASC")
            case .email: (#"email_key COLLATE "C""#, ">", "ASC")
            case .displayName: ("search_text", ">", "ASC")
            }
        let type = shape.order.isByText ? "text" : "timestamptz"
        let order = "ORDER BY \(key) \(direction), id \(direction) LIMIT $11"
        func part(where state: String) -> String {
            """
            SELECT \(UserRow.columnList), search_text FROM users
            WHERE \(state) AND \(conditions)
                AND ($9::\(type) IS NULL OR (\(key), id) \(comparison) ($9, $10)) \(order)
            """
        }
        let live = part(where: "deleted_at IS NULL")
        // The order in each part, too: it tells the server which index to read.
        let all = """
            SELECT \(UserRow.columnList), search_text
            FROM ((\(live)) UNION ALL (\(part(where: "deleted_at IS NOT NULL")))) AS users \(order)
            """
        return Statement(
            "users_search", .shortRead, shape.includesDeleted ? all : live,
            columns: UserRow.columns + [.text], octetCount: 512,
            encode: { page, parameters throws(PostgresError) in
                try parameters.append(page.selection)
                try parameters.append(page.cursor, in: page.selection.order)
                try parameters.append(Int64(page.limit))
            },
            decode: { row throws(PostgresError) in
                Row(user: try UserRow.user(in: &row), searchText: try row.text())
            })
    }

    private static func count(includesDeleted: Bool) -> Statement<UserSelection, Int64> {
        Statement(
            "users_count", .shortRead,
            "SELECT count(*) \(selected(includingDeleted: includesDeleted))",
            columns: [.int8], octetCount: 512,
            encode: { selection, parameters throws(PostgresError) in
                try parameters.append(selection)
            }, decode: { row throws(PostgresError) in try row.int64() })
    }

    private static func plan(includesDeleted: Bool) -> Statement<UserSelection, String> {
        Statement(
            "users_estimate", .shortRead,
            "EXPLAIN SELECT id \(selected(includingDeleted: includesDeleted))",
            columns: [.text], octetCount: 512,
            encode: { selection, parameters throws(PostgresError) in
                try parameters.append(selection)
            }, decode: { row throws(PostgresError) in try row.text() })
    }

    private static func selected(includingDeleted includesDeleted: Bool) -> String {
        "FROM users WHERE \(includesDeleted ? "" : "deleted_at IS NULL AND ")\(conditions)"
    }

    /// The index on roles has nobody whose only role is `member`.
    private static let conditions = """
        ($1::timestamptz IS NULL OR created_at > $1)
            AND ($2::timestamptz IS NULL OR created_at < $2)
            AND ($3::text IS NULL OR email_key COLLATE "C" = $3)
            AND ($4::text IS NULL OR external_id = $4)
            AND ($5::uuid[] IS NULL OR id = ANY($5))
            AND ($6::text IS NULL OR status = $6)
            AND ($7::text IS NULL OR roles @> ARRAY[$7] AND ($7 = 'member' OR roles <> '{member}'))
            AND ($8::text IS NULL OR search_text LIKE $8)
        """
}

extension UserSelection.Order {
    /// Whether users are put in the order of a text, not of a time.
    fileprivate var isByText: Bool {
        switch self {
        case .newestFirst, .oldestFirst: false
        case .email, .displayName: true
        }
    }
}

extension SearchTerm {
    /// The pattern that finds it; a wildcard in it stands for itself (PostgreSQL documentation,
    /// section 9.7.1).
    fileprivate var pattern: String {
        var pattern = isPrefix ? "" : "%"
        for character in folded.unicodeScalars {
            if character == "%" || character == "_" || character == "\\" {
                pattern.unicodeScalars.append("\\")
            }
            pattern.unicodeScalars.append(character)
        }
        return pattern + "%"
    }
}

extension Parameters {
    /// Appends what a selection asks for, `$1` to `$8`.
    fileprivate mutating func append(_ selection: UserSelection) throws(PostgresError) {
        try append(selection.createdAfter)
        try append(selection.createdBefore)
        try append(selection.email?.key)
        try append(selection.externalID?.rawValue)
        try append(selection.ids?.map(\.uuid))
        try append(selection.status?.rawValue)
        try append(selection.role?.rawValue)
        try append(selection.term?.pattern)
    }

    /// Appends a place in a list of this order.
    fileprivate mutating func append(
        _ cursor: UserCursor?, in order: UserSelection.Order
    ) throws(PostgresError) {
        switch cursor?.key {
        case .time(let time): try append(time)
        case .text(let text): try append(text)
        case nil: order.isByText ? try append(String?.none) : try append(Timestamp?.none)
        }
        try append(cursor?.id.uuid)
    }
}
