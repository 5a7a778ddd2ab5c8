extension ServerError {
    /// The session ends with this error.
    var isFatal: Bool { severity == "FATAL" || severity == "PANIC" }

    /// Whoever stands between us and the server has lost it, or does not know its answer: unlike
    /// after PostgreSQL's own errors, a statement may have been carried out (SQLSTATE class 08,
    /// connection exception, and 40003, statement completion unknown).
    var isLossOfServer: Bool { sqlState.hasPrefix("08") || sqlState == "40003" }

    /// How the error counts in the pipeline.
    var resultKind: PipelineState<PostgresConnection.Waiter>.ResultKind {
        switch sqlState {
        case "26000": .unknownStatement
        case "42P05": .alreadyPrepared
        default: .failure
        }
    }
}
