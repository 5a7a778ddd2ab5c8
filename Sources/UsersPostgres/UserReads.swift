import Ambient
import Postgres
import Reactor
import Users

/// Looks users up by the primary key, for one loop: those who are asked for in one turn of the
/// loop, or while others are being read, share the next statement.
///
/// A statement costs the server several times what another row of it does. Whoever finds nobody
/// reading leads: he reads, for all who have asked by the end of the turn, and then the first of
/// those who asked meanwhile leads. Nobody joins a statement that has been sent, so nobody is told
/// what was read before he asked. Whoever finds that the server is slow to answer leads another
/// one, which takes the connection with fewer users: the first one's may be dead.
///
/// When the server refuses a shared statement, each of its askers reads alone, and each reads his
/// own row: nobody is told of a neighbour's error.
actor UserReads {
    /// Most users that one statement reads: it takes the server about a millisecond.
    private static let usersMax = 128
    /// Most statements that are under way at a time.
    private static let leadersMax = 2
    /// How long a statement is under way before the server is slow.
    private static let patience = Duration.milliseconds(100)
    /// Most answered askers that are kept.
    private static let spareAskersMax = 256

    private nonisolated let pool: ConnectionPool
    /// The loop that the pool lives on.
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        pool.loop.asUnownedSerialExecutor()
    }

    private var leaderCount = 0
    /// When the last statement was begun.
    private var lastLeadAt = MonotonicTime.now
    /// Those for whom nothing has been sent, who asked first at the beginning.
    private var asking: [UserAsker] = []
    private var spareAskers: [UserAsker] = []

    init(pool: ConnectionPool) { self.pool = pool }

    /// Reads a user; nil if there is none with this id.
    /// - Throws: ``PostgresError/overloaded`` if the server is slow and as many wait already as may
    ///   wait for a connection; what reading throws.
    func user(withID id: UserID) async throws(PostgresError) -> User? {
        let isSlow = lastLeadAt + Self.patience < pool.loop.now
        var leads = leaderCount == 0 || isSlow && leaderCount < Self.leadersMax
        if leads {
            leaderCount += 1
        } else {
            if isSlow, asking.count >= pool.waitersMax { throw .overloaded }
            let span = pool.span(of: Self.one.text)
            let asker = spareAskers.popLast() ?? UserAsker(loop: pool.loop, id)
            asker.id = id
            asker.askedAt = pool.loop.now
            asking.append(asker)
            if asking.count == 1 { pool.prepareForSharing() }
            let answer = await asker.answer()
            if spareAskers.count < Self.spareAskersMax { spareAskers.append(asker) }
            switch consume answer {
            case .read(let outcome): return try Self.user(outcome, endOf: span)
            case .turn: leads = true
            case .alone: break
            }
            span?.end()
        }
        return leads ? try await lead(id) : try await readAlone(id)
    }

    /// The user that an asker was told of, at the end of his wait.
    // Not inlined: see "What waits keeps its variables" in docs/architecture.md.
    @inline(never)
    private static func user(
        _ outcome: consuming UserAsker.Outcome, endOf wait: DatabaseSpan?
    ) throws(PostgresError) -> User? {
        do {
            let user = try user(outcome)
            wait?.end()
            return user
        } catch {
            wait?.end(after: error)
            throw error
        }
    }

    private static func user(
        _ outcome: consuming UserAsker.Outcome
    ) throws(PostgresError) -> User? {
        switch consume outcome {
        case .row(var row): try user(in: &row)
        case .nobody: nil
        case .failure(let error): throw error
        }
    }

    /// Reads a user for its caller, and others for those who ask by then. The first of those who
    /// ask later leads next.
    // Not inlined: see "What waits keeps its variables" in docs/architecture.md.
    @inline(never)
    private func lead(_ id: UserID) async throws(PostgresError) -> User? {
        let start = pool.loop.now
        lastLeadAt = start
        defer {
            if asking.isEmpty { leaderCount -= 1 } else { asking.removeFirst().tell(.turn) }
        }
        // After what has come in this turn.
        await pool.loop.yield()
        let others = Array(asking.prefix(Self.usersMax - 1))
        asking.removeFirst(others.count)
        do {
            if others.isEmpty { return try await readAlone(id) }
            return try await readTogether(id, others)
        } catch {
            if case .server(let refusal) = error, !refusal.sqlState.isOfServerInTrouble,
                !others.isEmpty
            {
                for other in others { other.tell(.alone) }
                return try await readAlone(id)
            }
            for other in others where !other.isAnswered { other.tell(.read(.failure(error))) }
            if error.isOfTime { giveUp(start, error) }
            throw error
        }
    }

    // Not inlined: see "What waits keeps its variables" in docs/architecture.md.
    @inline(never)
    private func readAlone(_ id: UserID) async throws(PostgresError) -> User? {
        try await pool.row(Self.one, id)
    }

    /// Tells those of the end of a statement's time who have waited for half of it: they would wait
    /// as long again.
    private func giveUp(_ start: MonotonicTime, _ error: PostgresError) {
        let middle = start + (pool.loop.now - start) / 2
        let late = asking.prefix { $0.askedAt <= middle }
        for asker in late { asker.tell(.read(.failure(error))) }
        asking.removeFirst(late.count)
    }

    private func readTogether(
        _ id: UserID, _ others: [UserAsker]
    ) async throws(PostgresError) -> User? {
        var parameters = Parameters(capacity: 48 + 20 * others.count)
        try parameters.append([id.uuid] + others.map(\.id.uuid))
        let result = try await pool.run(Self.many, parameters)
        var own: Row?
        for index in 0..<result.rowCount {
            var row = result.row(index, Self.many.columns)
            // The first is the leader's own.
            let place = Int(try row.int64()) &- 2
            if others.indices.contains(place), !others[place].isAnswered {
                others[place].tell(.read(.row(row)))
            } else if place == -1 {
                own = row
            } else {
                throw .unexpectedResult("a user that nobody asks for")
            }
        }
        for other in others where !other.isAnswered { other.tell(.read(.nobody)) }
        guard var own else { return nil }
        return try Self.user(in: &own)
    }

    /// Reads what is left of a row.
    private static func user(in row: inout Row) throws(PostgresError) -> User {
        let user = try UserRow.user(in: &row)
        try row.checkEnd()
        return user
    }
}

// MARK: Statements

extension UserReads {
    private static let one = Statement<UserID, User>(
        "users_by_id", .shortRead,
        "SELECT \(UserRow.record) FROM users WHERE id = $1 AND deleted_at IS NULL",
        columns: UserRow.columns,
        encode: { id, parameters throws(PostgresError) in
            try parameters.append(id.uuid)
        }, decode: UserRow.user(in:))

    /// Before each user comes the place of its id. `OFFSET 0` has the planner look each id up by
    /// itself, as the other statement does, whatever it believes of the table. One record for each
    /// row is less work for libpq than eighteen columns. Metrics need not tell it from the other.
    private static let many = StatementText(
        "users_by_id", .shortRead,
        """
        SELECT ROW(place, found.*)
        FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (asked_id, place),
            LATERAL (
                SELECT \(UserRow.columnList) FROM users
                WHERE id = asked_id AND deleted_at IS NULL OFFSET 0
            ) AS found
        """, columns: [.int8] + UserRow.columns)
}

extension PostgresError {
    /// Whether the server did not answer in time, or gave a statement up when its time had passed
    /// (`statement_timeout`, SQLSTATE 57014).
    fileprivate var isOfTime: Bool {
        switch self {
        case .timedOut: true
        case .server(let error): error.sqlState == "57014"
        default: false
        }
    }
}
