import Postgres
import Reactor
import Users

/// Looks users up by the primary key, for one loop, with one statement at a time: those who are
/// asked for in one turn of the loop, or while others are being read, share the next one.
///
/// A statement costs the server several times what another row of it does. Nobody joins a statement
/// that has been sent, so nobody is told what was read before he asked. When the server refuses a
/// shared statement, its users are read again, each alone, and each asker reads his own row: nobody
/// is told of a neighbour's error.
actor UserReads {
    /// Most users that one statement reads.
    private static let usersMax = 128
    /// Most answered askers that are kept.
    private static let spareAskersMax = 256

    private nonisolated let pool: ConnectionPool
    /// The loop that the pool lives on.
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        pool.loop.asUnownedSerialExecutor()
    }

    /// Somebody reads, for himself and others.
    private var isReading = false
    /// Those for whom nothing has been sent.
    private var asking: [Asker] = []
    private var spareAskers: [Asker] = []

    init(pool: ConnectionPool) { self.pool = pool }

    /// Reads a user; nil if there is none with this id.
    func user(withID id: UserID) async throws(PostgresError) -> User? {
        guard isReading else {
            isReading = true
            return try await readOn(id)
        }
        let span = pool.span(of: Self.one.text)
        let asker = spareAskers.popLast() ?? Asker(loop: pool.loop, id)
        asker.id = id
        asking.append(asker)
        let answer = await asker.answer()
        if spareAskers.count < Self.spareAskersMax { spareAskers.append(asker) }
        do throws(PostgresError) {
            let user: User?
            switch answer {
            case .turn:
                span?.end()
                return try await readOn(id)
            case .row(var row): user = try Self.user(in: &row)
            case .nobody: user = nil
            case .failure(let error): throw error
            }
            span?.end()
            return user
        } catch {
            span?.end(after: error)
            throw error
        }
    }

    /// Reads a user for its caller, and others for those who ask by then. The first of those who
    /// ask later goes on.
    private func readOn(_ id: UserID) async throws(PostgresError) -> User? {
        defer {
            isReading = !asking.isEmpty
            if isReading { asking.removeFirst().tell(.turn) }
        }
        // After what has come in this turn.
        await pool.loop.nextTurn()
        let others = Array(asking.prefix(Self.usersMax - 1))
        asking.removeFirst(others.count)
        do {
            if others.isEmpty { return try await pool.row(Self.one, id) }
            return try await readTogether(id, others)
        } catch {
            if case .server = error, !others.isEmpty {
                for other in others { await readAlone(other) }
                return try await pool.row(Self.one, id)
            }
            for other in others where !other.isAnswered { other.tell(.failure(error)) }
            if case .timedOut = error {
                // Who waits for the next statement would wait as long again.
                for asker in asking { asker.tell(.failure(error)) }
                asking.removeAll()
            }
            throw error
        }
    }

    private func readAlone(_ asker: Asker) async {
        do {
            let statement = Self.one.text
            let result = try await pool.run(statement, try Self.one.parameters(asker.id))
            asker.tell(result.rowCount == 0 ? .nobody : .row(result.row(0, statement.columns)))
        } catch {
            asker.tell(.failure(error))
        }
    }

    private func readTogether(
        _ id: UserID, _ others: [Asker]
    ) async throws(PostgresError) -> User? {
        var parameters = Parameters(capacity: 48 + 20 * others.count)
        try parameters.append([id.uuid] + others.map(\.id.uuid))
        let result = try await pool.run(Self.many, parameters)
        var own: Row?
        for index in 0..<result.rowCount {
            var row = result.row(index, Self.many.columns)
            // 1 is its own, and the others' follow.
            let place = Int(try row.int64()) - 2
            if others.indices.contains(place), !others[place].isAnswered {
                others[place].tell(.row(row))
            } else if place == -1 {
                own = row
            } else {
                throw .unexpectedResult("a user that nobody asks for")
            }
        }
        for other in others where !other.isAnswered { other.tell(.nobody) }
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

    /// Before each user comes the place of its id. `OFFSET 0` keeps the planner from turning it
    /// inside out: whatever it believes of the table, each id is looked up in the primary key. One
    /// record for each row is less work for libpq than eighteen columns. Metrics need not tell it
    /// from the other.
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

/// Somebody who waits for a user.
private final class Asker {
    enum Answer {
        /// What is left of it is the user's, for whoever asks to read.
        case row(Row)
        case nobody
        case failure(PostgresError)
        /// It is for whoever asks to read.
        case turn
    }

    var id: UserID
    private let gate: Gate
    private var given: Answer?

    init(loop: EventLoop, _ id: UserID) {
        gate = Gate(loop: loop)
        self.id = id
    }

    var isAnswered: Bool { given != nil }

    /// Gives the answer; on the loop's thread.
    func tell(_ answer: Answer) {
        precondition(given == nil, "Somebody was told twice of a user.")
        given = answer
        gate.open()
    }

    /// Waits for the answer; on the loop's thread.
    func answer() async -> Answer {
        await gate.pass()
        guard let given = given.take() else {
            preconditionFailure("Somebody went on without an answer.")
        }
        return given
    }
}
