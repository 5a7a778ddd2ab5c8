@testable import Postgres

/// A pipeline and what happens to it, told in one word each.
struct PipelineStory {
    /// What happens, one letter of a story after another.
    enum Event: Sendable {
        case prepare(Int)
        case read(String)
        case write(String)
        case batchedWrite(String)
        case leased(String)
        case commit(String)
        case preamble
        case sync
        case result(PipelineState<String>.ResultKind)
    }

    private(set) var state = PipelineState<String>()

    /// Has it happen; says what callers were told, and what the pipeline noted, if it is a result.
    mutating func play(_ event: Event) -> String? {
        switch event {
        case .prepare(let statement): state.preparationSent(statement)
        case .read(let ticket): state.readSent(ticket, statement: 7)
        case .write(let ticket): state.writeSent(ticket, statement: 7)
        case .batchedWrite(let ticket): state.batchedWriteSent(ticket, statement: 7)
        case .leased(let ticket): state.leasedSent(ticket, statement: 7)
        case .commit(let ticket): state.commitSent(ticket)
        case .preamble: state.preambleSent()
        case .sync: state.syncSent()
        case .result(let kind): return Self.describe(state.resultArrived(kind))
        }
        return nil
    }

    /// Has the connection be lost; says what callers were told.
    mutating func loseConnection() -> [String] {
        state.connectionLost().map { loss in
            switch loss {
            case .harmless(let ticket): "harmless \(ticket)"
            case .unknown(let ticket): "unknown \(ticket)"
            }
        }
    }

    static func describe(_ delivery: PipelineState<String>.Delivery) -> String {
        switch delivery {
        case .result(let ticket): "result \(ticket)"
        case .kept(let tickets): "kept \(tickets.joined(separator: " "))"
        case .failure(let ticket): "failure \(ticket)"
        case .aborted(let ticket): "aborted \(ticket)"
        case .rolledBack(let tickets): "rolled back \(tickets.joined(separator: " "))"
        case .keep: "keep"
        case .nothing: "nothing"
        case .outOfStep: "out of step"
        }
    }
}
