/// What a connection in pipeline mode still owes, and to whom.
///
/// PostgreSQL answers in the order of the questions, so this is a queue: what is sent goes in at
/// the back, each result takes the front. It is pure; `Ticket` stands for a waiting caller.
/// (PostgreSQL documentation, section 34.5, "Pipeline Mode".)
package struct PipelineState<Ticket> {
    /// What a statement's answer waits for, and what its loss means.
    enum Kind {
        /// Answered with its result; a loss is harmless.
        case read
        /// Answered when its sync has come back, so that the server is done with it; a loss is
        /// harmless, since what it is part of is not committed.
        case leased
        /// Answered when its sync has come back, which commits it.
        case write
        /// The same, but its transaction may hold others of this kind, and is rolled back with
        /// them: then it may be asked again.
        case batchedWrite
        /// The end of a transaction: like a write, but even an error that ends the session does not
        /// tell that it was not carried out.
        case commit
    }

    /// Who is answered with the next sync.
    struct Awaiting {
        let kind: Kind
        var tickets: [Ticket] = []
        /// It is a batch of writes that has failed.
        var isRolledBack = false
    }

    enum Entry {
        case preparation(statement: Int)
        /// A command in front of a statement, whose failure is that statement's.
        case preamble
        case statement(Ticket, Int, Kind)
        case sync
    }

    /// Most answered entries that are kept, so that letting go of them costs little for each.
    private static var answeredMax: Int { 64 }

    var entries: [Entry] = []
    /// The position of the front in `entries`; what is before it has been answered.
    var front = 0
    var awaiting: Awaiting?
    /// The preparation in front of the next statement failed, and that failure was its answer.
    var isNextAnswered = false
    private var preparedStatements: Set<Int> = []
    /// Statements are queued that no sync has closed yet.
    package private(set) var isBatchOpen = false
    /// How many statements no sync has closed yet.
    private(set) var batchCount = 0
    /// How many callers wait for a result.
    package private(set) var waitingCount = 0
    /// How many syncs have been sent and not answered.
    package private(set) var syncCount = 0
    /// What the connection has carried.
    package internal(set) var statistics = PipelineStatistics()

    /// Makes the state of a new connection.
    package init() {}

    /// Whether everything sent has been answered.
    package var isIdle: Bool { front == entries.count }

    /// Whether the next result is that of a sync: the server is done with what came before.
    package var isSyncNext: Bool {
        if front < entries.count, case .sync = entries[front] { true } else { false }
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

    /// A write was sent that shares its transaction. Between two syncs there are only others of its
    /// kind.
    package mutating func batchedWriteSent(_ ticket: Ticket, statement: Int) {
        sent(ticket, statement, .batchedWrite)
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
        batchCount += 1
        statistics.queries += 1
    }

    /// A sync was sent.
    package mutating func syncSent() {
        if isBatchOpen { statistics.batches += 1 }
        entries.append(.sync)
        isBatchOpen = false
        batchCount = 0
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
            return syncAnswered()
        case (.sync, .failure), (.sync, .unknownStatement), (.sync, .alreadyPrepared):
            return commitFailed()
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

    /// A sync was answered, and with it whoever waited for it.
    private mutating func syncAnswered() -> Delivery {
        guard let awaiting = awaiting.take() else { return .nothing }
        waitingCount -= awaiting.tickets.count
        return awaiting.isRolledBack ? .rolledBack(awaiting.tickets) : .kept(awaiting.tickets)
    }

    /// The commit itself failed; the sync is answered by the next result.
    private mutating func commitFailed() -> Delivery {
        guard let awaiting, let ticket = awaiting.tickets.first else { return .outOfStep }
        if awaiting.kind == .batchedWrite { return batchFailed() }
        self.awaiting = nil
        return answered(.failure(ticket))
    }

    /// Something went wrong in the batch of writes that is answered next: the sync tells so to all.
    private mutating func batchFailed() -> Delivery {
        if awaiting == nil { awaiting = Awaiting(kind: .batchedWrite) }
        awaiting?.isRolledBack = true
        return .nothing
    }

    private mutating func awaitSync(_ ticket: Ticket, _ kind: Kind) {
        if awaiting == nil { awaiting = Awaiting(kind: kind) }
        awaiting?.tickets.append(ticket)
    }

    private mutating func preparationAnswered(_ statement: Int, _ kind: ResultKind) -> Delivery {
        // If the server has it already, its statement is aborted and can be sent again without.
        if kind != .success, kind != .alreadyPrepared { preparedStatements.remove(statement) }
        return preambleAnswered(kind)
    }

    /// The failure of what stands in front of a statement is the statement's answer. What else
    /// stands between them is aborted.
    private mutating func preambleAnswered(_ kind: ResultKind) -> Delivery {
        guard kind != .aborted, kind != .success else { return .nothing }
        for entry in entries[front...] {
            switch entry {
            case .preparation, .preamble: continue
            case .statement(_, _, .batchedWrite): return batchFailed()
            case .statement where kind == .alreadyPrepared: return .nothing
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
        if statementKind == .batchedWrite, kind != .success {
            if kind == .unknownStatement { statementForgotten(statement) }
            awaitSync(ticket, statementKind)
            return batchFailed()
        }
        switch kind {
        case .success where statementKind != .read:
            awaitSync(ticket, statementKind)
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
