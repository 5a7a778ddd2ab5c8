/// What a connection in pipeline mode still owes, and to whom.
///
/// PostgreSQL answers in the order of the questions, so this is a queue: what is sent goes in at
/// the back, each result takes the front. It is pure; `Ticket` stands for a waiting caller.
/// (PostgreSQL documentation, section 34.5, "Pipeline Mode".)
package struct PipelineState<Ticket> {
    /// How a result of libpq counts here.
    package enum ResultKind: Equatable, Sendable {
        /// `PGRES_TUPLES_OK` or `PGRES_COMMAND_OK`.
        case success
        /// `PGRES_FATAL_ERROR`.
        case failure
        /// The same with SQLSTATE 26000: the server does not know the prepared statement.
        case unknownStatement
        /// The same with SQLSTATE 42P05: the statement is prepared already.
        case alreadyPrepared
        /// `PGRES_PIPELINE_ABORTED`: not executed, since something before it failed.
        case aborted
        /// `PGRES_PIPELINE_SYNC`: what came before is committed.
        case sync
    }

    /// What a result means for a caller.
    package enum Delivery {
        /// Hand over this result.
        case result(Ticket)
        /// Hand over the result that was kept since ``keep``.
        case kept(Ticket)
        /// Hand over this failure; a result kept for it is void.
        case failure(Ticket)
        /// Nothing was executed; the caller may ask again.
        case aborted(Ticket)
        /// Keep this result until the commit is known.
        case keep
        /// Nobody waits for it.
        case nothing
        /// The server answered something that was not asked: the connection cannot be trusted.
        case outOfStep
    }

    /// What became of a caller's statement when the connection was lost.
    package enum Loss {
        /// A read, or a write that is known not to have been executed.
        case harmless(Ticket)
        /// A write that was sent: it may have been committed.
        case unknown(Ticket)
    }

    /// What a statement's answer waits for, and what its loss means.
    private enum Kind {
        /// Answered with its result; a loss is harmless.
        case read
        /// Answered when its sync has come back, so that the server is done with it; a loss is
        /// harmless, since what it is part of is not committed.
        case leased
        /// Answered when its sync has come back, which commits it.
        case write
        /// The end of a transaction: like a write, but even an error that ends the session does not
        /// tell that it was not carried out.
        case commit
    }

    private enum Entry {
        case preparation(statement: Int)
        /// A command in front of a statement, whose failure is that statement's.
        case preamble
        case statement(Ticket, Int, Kind)
        case sync
    }

    /// Most answered entries that are kept, so that letting go of them costs little for each.
    private static var answeredMax: Int { 64 }

    private var entries: [Entry] = []
    /// The position of the front in `entries`; what is before it has been answered.
    private var front = 0
    /// The statement that was executed and whose sync is awaited.
    private var kept: (ticket: Ticket, kind: Kind)?
    /// The preparation in front of the next statement failed, and that failure was its answer.
    private var isNextAnswered = false
    private var preparedStatements: Set<Int> = []
    /// Statements are queued that no sync has closed yet.
    package private(set) var isBatchOpen = false
    /// How many callers wait for a result.
    package private(set) var waitingCount = 0
    /// How many syncs have been sent and not answered.
    package private(set) var syncCount = 0
    /// What the connection has carried.
    package private(set) var statistics = PipelineStatistics()

    /// Makes the state of a new connection.
    package init() {}

    /// Whether everything sent has been answered.
    package var isIdle: Bool { front == entries.count }

    /// Whether the next result is that of a sync: the server is done with what came before.
    package var isSyncNext: Bool {
        if front < entries.count, case .sync = entries[front] { true } else { false }
    }

    /// Whether something may have been committed without our knowing it yet.
    package var isCommitAwaited: Bool {
        switch kept?.kind {
        case .write, .commit: return true
        case .read, .leased, nil: break
        }
        guard front < entries.count, case .statement(_, _, .commit) = entries[front] else {
            return false
        }
        return true
    }

    /// Whether `statement` need not be prepared before it is sent.
    package func isPrepared(_ statement: Int) -> Bool { preparedStatements.contains(statement) }

    /// A preparation was sent; its statement follows at once.
    package mutating func preparationSent(_ statement: Int) {
        entries.append(.preparation(statement: statement))
        preparedStatements.insert(statement)
        isBatchOpen = true
    }

    /// A command was sent that its statement, which follows at once, stands on.
    package mutating func preambleSent() {
        entries.append(.preamble)
        isBatchOpen = true
    }

    /// A read was sent.
    package mutating func readSent(_ ticket: Ticket, statement: Int) {
        sent(ticket, statement, .read)
    }

    /// A write was sent. It must be alone between two syncs.
    package mutating func writeSent(_ ticket: Ticket, statement: Int) {
        sent(ticket, statement, .write)
    }

    /// A statement was sent on a connection that one caller holds. It must be alone between two
    /// syncs, but for its preamble.
    package mutating func leasedSent(_ ticket: Ticket, statement: Int) {
        sent(ticket, statement, .leased)
    }

    /// The command that commits a transaction was sent. It must be alone between two syncs.
    package mutating func commitSent(_ ticket: Ticket) { sent(ticket, -1, .commit) }

    private mutating func sent(_ ticket: Ticket, _ statement: Int, _ kind: Kind) {
        entries.append(.statement(ticket, statement, kind))
        isBatchOpen = true
        waitingCount += 1
        statistics.queries += 1
    }

    /// A sync was sent.
    package mutating func syncSent() {
        if isBatchOpen { statistics.batches += 1 }
        entries.append(.sync)
        isBatchOpen = false
        syncCount += 1
    }

    /// The server does not know `statement`: it is to be prepared again, unless a preparation is
    /// under way already.
    private mutating func statementForgotten(_ statement: Int) {
        let isUnderWay = entries[front...].contains { entry in
            if case .preparation(statement) = entry { return true }
            return false
        }
        if !isUnderWay { preparedStatements.remove(statement) }
    }

    /// A result arrived; says whose it is.
    package mutating func resultArrived(_ kind: ResultKind) -> Delivery {
        guard front < entries.count else { return .outOfStep }
        switch (entries[front], kind) {
        case (.sync, .sync):
            advance()
            syncCount -= 1
            return kept.take().map { answered(.kept($0.ticket)) } ?? .nothing
        case (.sync, .failure), (.sync, .unknownStatement), (.sync, .alreadyPrepared):
            // The commit itself failed; the sync is answered by the next result.
            return kept.take().map { answered(.failure($0.ticket)) } ?? .outOfStep
        case (.sync, _), (_, .sync):
            return .outOfStep
        case (.preparation(let statement), _):
            advance()
            return preparationAnswered(statement, kind)
        case (.preamble, _):
            advance()
            return preambleAnswered(kind)
        case (.statement(let ticket, let statement, let statementKind), _):
            return statementAnswered(ticket, statement, statementKind, kind)
        }
    }

    /// The connection was lost; says what became of everything that was not answered.
    package mutating func connectionLost() -> [Loss] {
        var losses: [Loss] = []
        func lost(_ ticket: Ticket, _ kind: Kind) {
            switch kind {
            case .read, .leased: losses.append(.harmless(ticket))
            case .write, .commit: losses.append(.unknown(ticket))
            }
        }
        if let kept { lost(kept.ticket, kept.kind) }
        // The first statement that is left may have been told already.
        var isTold = isNextAnswered
        for case .statement(let ticket, _, let kind) in entries[front...] {
            if !isTold { lost(ticket, kind) }
            isTold = false
        }
        let statistics = statistics
        self = PipelineState()
        self.statistics = statistics
        return losses
    }

    private mutating func preparationAnswered(_ statement: Int, _ kind: ResultKind) -> Delivery {
        // If the server has it already, its statement is aborted and can be sent again without.
        guard kind != .success, kind != .alreadyPrepared else { return .nothing }
        preparedStatements.remove(statement)
        return preambleAnswered(kind)
    }

    /// The failure of what stands in front of a statement is the statement's answer. What else
    /// stands between them is aborted.
    private mutating func preambleAnswered(_ kind: ResultKind) -> Delivery {
        guard kind != .aborted, kind != .success else { return .nothing }
        for entry in entries[front...] {
            switch entry {
            case .preparation, .preamble: continue
            case .statement(let ticket, _, _):
                isNextAnswered = true
                return answered(.failure(ticket))
            case .sync: return .outOfStep
            }
        }
        return .outOfStep
    }

    private mutating func statementAnswered(
        _ ticket: Ticket, _ statement: Int, _ statementKind: Kind, _ kind: ResultKind
    ) -> Delivery {
        advance()
        if isNextAnswered {
            isNextAnswered = false
            return kind == .aborted ? .nothing : .outOfStep
        }
        switch kind {
        case .success where statementKind != .read:
            kept = (ticket, statementKind)
            return .keep
        case .success: return answered(.result(ticket))
        case .failure, .alreadyPrepared: return answered(.failure(ticket))
        case .unknownStatement:
            statementForgotten(statement)
            return answered(.aborted(ticket))
        case .aborted: return answered(.aborted(ticket))
        case .sync: return .outOfStep
        }
    }

    private mutating func answered(_ delivery: Delivery) -> Delivery {
        waitingCount -= 1
        return delivery
    }

    private mutating func advance() {
        front += 1
        if front == entries.count {
            entries.removeAll(keepingCapacity: true)
        } else if front >= Self.answeredMax {
            // The next batch gathers while one is under way, so under load there is always more.
            entries.removeFirst(front)
        } else {
            return
        }
        front = 0
    }
}
