import Ambient
import Synchronization

/// How a statement may share a connection with others.
package enum StatementKind: Equatable, Sendable {
    /// A read that is quick by design, such as a look-up in a unique index: those of one turn of
    /// a loop are sent together.
    case shortRead
    /// A read that is as quick, but of many rows, which take a connection longer than many look-ups
    /// do: it shares one with others of its kind, where look-ups do not wait for it.
    case bulkRead
    /// A read that may take its time, such as a search or a count: it has a connection to itself, a
    /// plan that is made for its values, and a deadline of its own, for the server too, and it is
    /// cancelled when its caller's task is.
    case longRead(timeout: Duration)
    /// A statement that changes something and is a transaction by itself, unless it has a form for
    /// one that it shares with others.
    case write
}

/// What the server is told of a statement: its text and the columns that are expected of it. It is
/// prepared on each connection when it is first used there.
///
/// How values go in and come out is for a ``Statement``, which holds one of these.
///
/// It is a reference, so that handing it on copies nothing.
package final class StatementText: Sendable {
    private static let lastIdentity = Atomic<Int>(0)

    /// What metrics and logs call it, such as `users_by_id`.
    package let name: StaticString
    /// One SQL statement with its parameters as `$1`, `$2`, …; made of constants only.
    package let sql: String
    /// How it may share a connection.
    package let kind: StatementKind
    /// The columns of its result, in order.
    package let columns: [PostgresType]
    /// The write as it is sent in a transaction that it shares with others; nil if it never is.
    let batched: StatementText?
    /// Whether this is such a one.
    let isBatched: Bool
    /// Different for each statement of the process.
    let identity: Int
    /// What the server calls it, as libpq takes it: ASCII that ends with 0. It tells the text, so
    /// that whoever meets the name in a session that others have used, behind a pooler, meets this
    /// statement.
    let preparedName: [CChar]

    /// Makes a statement; each call makes a different one, so it belongs in a constant.
    /// - Parameter batched: The text of the same write for a transaction that it shares with
    ///   others, as ``Statement`` tells; nil if it is always one by itself.
    package convenience init(
        _ name: StaticString, _ kind: StatementKind, _ sql: String, batched: String? = nil,
        columns: [PostgresType] = []
    ) {
        precondition(batched == nil || kind == .write, "Only writes are batched, not \(name).")
        self.init(
            name, kind, sql, columns,
            batched: batched.map { StatementText(name, kind, $0, columns, isBatched: true) })
    }

    private init(
        _ name: StaticString, _ kind: StatementKind, _ sql: String, _ columns: [PostgresType],
        batched: StatementText? = nil, isBatched: Bool = false
    ) {
        self.name = name
        self.kind = kind
        self.sql = sql
        self.columns = columns
        self.batched = batched
        self.isBatched = isBatched
        identity = Self.lastIdentity.add(1, ordering: .relaxed).newValue
        preparedName = Array("s\(String(StableHash(sql).value, radix: 16))".utf8CString)
    }
}
