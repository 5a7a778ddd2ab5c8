/// Statements that are kept back until everything sent before has been answered, for a pooler of
/// transactions.
///
/// Such a pooler takes the session away once it has seen the answer to the last `Sync` that it
/// knows of. If the first messages of a next batch have reached it by then, and their `Sync` has
/// not, it goes on with them in a session that it has lent to somebody else as well, and their
/// answers go astray (pgbouncer issue 759). So nothing may be on its way to it while a `Sync` is
/// unanswered; and since libpq sends what it holds whenever it reads, it must hold nothing either.
struct HeldStatements<Ticket> {
    /// A statement and who waits for it.
    struct Item {
        let statement: StatementText
        let parameters: Parameters
        let ticket: Ticket
        /// It is sent without others.
        let standsAlone: Bool

        init(
            _ statement: StatementText, _ parameters: Parameters, for ticket: Ticket,
            standsAlone: Bool
        ) {
            self.statement = statement
            self.parameters = parameters
            self.ticket = ticket
            self.standsAlone = standsAlone
        }
    }

    private var items: [Item] = []

    /// How many there are.
    var count: Int { items.count }

    /// Whether there are none.
    var isEmpty: Bool { items.isEmpty }

    /// Keeps one back, behind the others.
    mutating func append(_ item: Item) { items.append(item) }

    /// Takes those that go together, in order: the first one, and if it does not stand alone, all
    /// up to the next one that does.
    mutating func takeBatch() -> [Item] {
        let togetherCount = items.firstIndex(where: \.standsAlone) ?? items.count
        let batch = Array(items.prefix(max(1, togetherCount)))
        items.removeFirst(batch.count)
        return batch
    }

    /// Takes all of them, in order.
    mutating func takeAll() -> [Item] {
        defer { items.removeAll() }
        return items
    }
}
