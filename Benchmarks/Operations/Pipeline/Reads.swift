// The files beside this one are links to those of Postgres: as there, the compiler makes the state
// of its own for the kind of ticket, which it does not for another module.

/// A caller who waits.
private final class Ticket {
    var answerCount = 0
}

/// Keeps the books of a read on a pipelined connection: it is sent with its sync, and both are
/// answered.
@Sendable func answerReads(_ count: Int) -> Int {
    let ticket = Ticket()
    var pipeline = PipelineState<Ticket>()
    for _ in 0..<count {
        pipeline.readSent(ticket, statement: 1)
        pipeline.syncSent()
        if case .result(let ticket) = pipeline.resultArrived(.success) { ticket.answerCount += 1 }
        if case .outOfStep = pipeline.resultArrived(.sync) { return -1 }
    }
    return ticket.answerCount
}
