import RandomTesting

@testable import Postgres

/// A server that answers a pipeline as PostgreSQL does, with errors and losses at random.
struct PipelineModel {
    private enum Question {
        case preparation
        case statement(Kind, Int)
        case sync
    }

    private enum Kind: CaseIterable { case read, write, batchedWrite, leased, commit }

    var state = PipelineState<Int>()
    private(set) var asked: [Int] = []
    private var told: [Int] = []
    /// Tickets whose statements changed nothing if they are lost.
    private var harmless: Set<Int> = []
    /// Tickets of batched writes that have been answered and whose sync has not.
    private var executed: [Int] = []
    private var questions: [Question] = []
    private var isAborting = false
    /// What those in the batch are that no sync has closed yet.
    private var openBatch: Kind?
    /// A statement has been executed whose sync is to come.
    private var isExecuted = false
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func run() -> [Int] {
        for step in 0..<200 {
            if generator.next() % 2 == 0 { ask(step) } else { answer() }
        }
        if state.isBatchOpen { sync() }
        if generator.next() % 3 == 0 {
            for loss in state.connectionLost() {
                switch loss {
                case .harmless(let ticket): told.append(harmless.contains(ticket) ? ticket : -1)
                case .unknown(let ticket): told.append(harmless.contains(ticket) ? -1 : ticket)
                }
            }
        }
        while !state.isIdle { answer() }
        return told
    }

    private mutating func ask(_ ticket: Int) {
        let kind =
            switch generator.next() % 4 {
            case 0: Kind.read
            case 1: openBatch ?? .batchedWrite
            default: Kind.allCases[Int(generator.next() % 5)]
            }
        let batch = kind == .read || kind == .batchedWrite ? kind : nil
        if batch == nil || batch != openBatch, state.isBatchOpen { sync() }
        openBatch = batch
        if kind == .leased, generator.next() % 2 == 0 {
            state.preambleSent()
            questions.append(.preparation)
        }
        let statement = Int(generator.next() % 5)
        if kind != .commit, !state.isPrepared(statement) {
            state.preparationSent(statement)
            questions.append(.preparation)
        }
        asked.append(ticket)
        if kind == .read || kind == .leased { harmless.insert(ticket) }
        questions.append(.statement(kind, ticket))
        switch kind {
        case .read: return state.readSent(ticket, statement: statement)
        case .batchedWrite: return state.batchedWriteSent(ticket, statement: statement)
        case .write: state.writeSent(ticket, statement: statement)
        case .leased: state.leasedSent(ticket, statement: statement)
        case .commit: state.commitSent(ticket)
        }
        sync()
    }

    private mutating func sync() {
        state.syncSent()
        questions.append(.sync)
    }

    private mutating func answer() {
        guard !questions.isEmpty else { return }
        let fails = generator.next() % 6 == 0
        let kind: PipelineState<Int>.ResultKind
        let question = questions.removeFirst()
        if case .sync = question {
            if isExecuted, fails { note(state.resultArrived(.failure)) }
            kind = .sync
            isAborting = false
            isExecuted = false
            executed = []
        } else {
            kind = isAborting ? .aborted : fails ? failure(of: question) : .success
            isAborting = isAborting || fails
            if case .statement(let statement, let ticket) = question, statement != .read {
                isExecuted = kind == .success
                executed.append(ticket)
            }
            if isAborting { harmless.formUnion(executed + unansweredOfBatch) }
        }
        note(state.resultArrived(kind))
    }

    private mutating func failure(of question: Question) -> PipelineState<Int>.ResultKind {
        guard generator.next() % 2 == 0 else { return .failure }
        switch question {
        case .preparation: return .alreadyPrepared
        case .statement: return .unknownStatement
        case .sync: return .failure
        }
    }

    /// The tickets of the batch that is being answered.
    private var unansweredOfBatch: [Int] {
        var tickets: [Int] = []
        for question in questions {
            switch question {
            case .sync: return tickets
            case .statement(_, let ticket): tickets.append(ticket)
            case .preparation: continue
            }
        }
        return tickets
    }

    private mutating func note(_ delivery: PipelineState<Int>.Delivery) {
        switch delivery {
        case .result(let ticket), .failure(let ticket), .aborted(let ticket): told.append(ticket)
        case .kept(let tickets), .rolledBack(let tickets): told += tickets
        case .keep, .nothing: break
        case .outOfStep: told.append(-1)
        }
    }
}
