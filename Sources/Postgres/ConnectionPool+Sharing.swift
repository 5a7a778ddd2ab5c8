/// What those need to know who have several callers share a statement.
extension ConnectionPool {
    /// The most callers that may wait for a connection of one kind; at least one.
    package nonisolated var waitersMax: Int { configuration.waitersMax }

    /// The span of a caller's wait for a statement that he shares with others, of which the
    /// connection makes none for him; nil, as ``DatabaseSpan/init(query:by:)`` has it, if he is not
    /// traced.
    package nonisolated func span(of statement: StatementText) -> DatabaseSpan? {
        DatabaseSpan(query: statement.name, by: configuration.tracer)
    }
}
