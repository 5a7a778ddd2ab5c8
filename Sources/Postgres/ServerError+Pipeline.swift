extension ServerError {
    /// The session ends with this error.
    var isFatal: Bool { severity == "FATAL" || severity == "PANIC" }

    /// A pooler has lost the server, or does not know its answer: unlike after PostgreSQL's own
    /// last words, a statement may have been carried out (SQLSTATE class 08, connection exception).
    var isLossOfServer: Bool { isFatal && sqlState.hasPrefix("08") }

    /// How the error counts in the pipeline.
    var resultKind: PipelineState<PostgresConnection.Waiter>.ResultKind {
        switch sqlState {
        case "26000": .unknownStatement
        case "42P05": .alreadyPrepared
        default: .failure
        }
    }
}
