@testable import Postgres

/// A server that answers a pipeline as PostgreSQL does, with errors and losses at random.
struct PipelineModel {
    private enum Question {
        case preparation
        case statement(isWrite: Bool)
        case sync
    }

    var state = PipelineState<Int>()
    private(set) var asked: [Int] = []
    private var told: [Int] = []
    private var questions: [Question] = []
    private var isAborting = false
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
                case .harmless(let ticket), .unknown(let ticket): told.append(ticket)
                }
            }
        }
        while !state.isIdle { answer() }
        return told
    }

    private mutating func ask(_ ticket: Int) {
        let isWrite = generator.next() % 4 == 0
        if isWrite, state.isBatchOpen { sync() }
        let statement = Int(generator.next() % 5)
        if !state.isPrepared(statement) {
            state.preparationSent(statement)
            questions.append(.preparation)
        }
        asked.append(ticket)
        questions.append(.statement(isWrite: isWrite))
        if isWrite {
            state.writeSent(ticket, statement: statement)
            sync()
        } else {
            state.readSent(ticket, statement: statement)
        }
    }

    private mutating func sync() {
        state.syncSent()
        questions.append(.sync)
    }

    private mutating func answer() {
        guard !questions.isEmpty else { return }
        let fails = generator.next() % 6 == 0
        let kind: PipelineState<Int>.ResultKind
        if case .sync = questions.removeFirst() {
            if state.isCommitAwaited, fails { note(state.resultArrived(.failure)) }
            kind = .sync
            isAborting = false
        } else {
            kind = isAborting ? .aborted : fails ? .failure : .success
            isAborting = isAborting || fails
        }
        note(state.resultArrived(kind))
    }

    private mutating func note(_ delivery: PipelineState<Int>.Delivery) {
        switch delivery {
        case .result(let ticket), .kept(let ticket), .failure(let ticket), .aborted(let ticket):
            told.append(ticket)
        case .keep, .nothing: break
        case .outOfStep: told.append(-1)
        }
    }
}

/// Numbers that look random and are the same in each run, SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
