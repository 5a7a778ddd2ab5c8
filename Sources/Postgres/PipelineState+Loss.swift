extension PipelineState {
    /// Whether something may have been committed without our knowing it yet.
    package var isCommitAwaited: Bool {
        guard front < entries.count else { return false }
        switch entries[front] {
        case .statement(_, _, .commit): return true
        case .sync: return awaiting.map { isUnknownIfLost($0.kind) } ?? false
        case .preparation, .preamble, .statement: return false
        }
    }

    /// The connection was lost; says what became of everything that was not answered.
    package mutating func connectionLost() -> [Loss] {
        var losses: [Loss] = []
        func lost(_ ticket: Ticket, _ isUnknown: Bool) {
            losses.append(isUnknown ? .unknown(ticket) : .harmless(ticket))
        }
        if let awaiting {
            for ticket in awaiting.tickets { lost(ticket, isUnknownIfLost(awaiting.kind)) }
        }
        var syncsLeft = syncCount
        // The first statement that is left may have been told already.
        var isTold = isNextAnswered
        for entry in entries[front...] {
            switch entry {
            case .statement(let ticket, _, let kind):
                // What no sync has followed was not to be committed yet.
                if !isTold { lost(ticket, syncsLeft > 0 && isUnknownIfLost(kind)) }
                isTold = false
            case .sync:
                syncsLeft -= 1
                awaiting = nil
            case .preparation, .preamble: break
            }
        }
        let statistics = statistics
        self = PipelineState()
        self.statistics = statistics
        return losses
    }

    /// Whether a statement of this kind, in the batch that is answered next, may have been
    /// committed although the connection was lost.
    private func isUnknownIfLost(_ kind: Kind) -> Bool {
        switch kind {
        case .read, .leased: false
        case .write, .commit: true
        case .batchedWrite: awaiting?.isRolledBack != true
        }
    }
}
