import Ambient
import Postgres
import Users

/// What lists are made of that have no statement of their own: any conditions, in any order.
///
/// Each condition stands in the text as `$n IS NULL OR …`. A plan that is made for the values at
/// hand, as every long read has one, knows which are NULL and which of the others leave few users,
/// so it takes the index of one of those, or of the order; a plan for all values could take none.
struct SearchStatements: Sendable {
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

    private let pages: [Shape: Statement<Page, Row>]
    private let counts: [Bool: Statement<UserSelection, Int64>]
    private let plans: [Bool: Statement<UserSelection, String>]

    /// Makes the statements, which are given up as `limits` says.
    init(_ limits: SearchLimits) {
        let shapes = UserSelection.Order.allCases.flatMap { order in
            [false, true].map { Shape(order, includesDeleted: $0) }
        }
        let (page, count) = (
            StatementKind.longRead(timeout: limits.pageTimeout),
            StatementKind.longRead(timeout: limits.countTimeout)
        )
        pages = Dictionary(uniqueKeysWithValues: shapes.map { ($0, Self.page(of: $0, page)) })
        counts = Self.forBoth { includesDeleted in
            Self.whole(
                "users_count", count, "SELECT count(*)", .int8, includesDeleted: includesDeleted
            ) { row throws(PostgresError) in try row.int64() }
        }
        plans = Self.forBoth { includesDeleted in
            Self.whole(
                "users_estimate", count, "EXPLAIN SELECT id", .text,
                includesDeleted: includesDeleted
            ) { row throws(PostgresError) in try row.text() }
        }
    }

    /// What is made for lists without deleted users, and for those with them.
    private static func forBoth<Value>(_ make: (Bool) -> Value) -> [Bool: Value] {
        [false: make(false), true: make(true)]
    }

    /// A page of a selection.
    func page(of selection: UserSelection) -> Statement<Page, Row> {
        found(pages[Shape(selection)])
    }

    /// How many users there are in a selection.
    func count(of selection: UserSelection) -> Statement<UserSelection, Int64> {
        found(counts[selection.includesDeleted])
    }

    /// The server's plan for reading a selection, line by line.
    func plan(of selection: UserSelection) -> Statement<UserSelection, String> {
        found(plans[selection.includesDeleted])
    }

    private func found<Value>(_ statement: Value?) -> Value {
        guard let statement else { preconditionFailure("A statement was not made.") }
        return statement
    }

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

    private static func page(of shape: Shape, _ kind: StatementKind) -> Statement<Page, Row> {
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
            "users_search", kind, shape.includesDeleted ? all : live,
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

    /// A statement about a whole selection, whose result has one column.
    private static func whole<Output>(
        _ name: StaticString, _ kind: StatementKind, _ question: String, _ column: PostgresType,
        includesDeleted: Bool, decode: @escaping Statement<UserSelection, Output>.Decoding
    ) -> Statement<UserSelection, Output> {
        let state = includesDeleted ? "" : "deleted_at IS NULL AND "
        return Statement(
            name, kind, "\(question) FROM users WHERE \(state)\(conditions)", columns: [column],
            octetCount: 512,
            encode: { selection, parameters throws(PostgresError) in
                try parameters.append(selection)
            }, decode: decode)
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
