import Reactor

/// What those need to know who have several callers share a statement.
extension ConnectionPool {
    /// The most callers that may wait for a connection of one kind; at least one.
    package nonisolated var waitersMax: Int { configuration.waitersMax }

    /// Has all connections for short reads opened and kept, as when several are under way: of those
    /// who share a statement the pool knows only one, and his connection may be dead. Only on the
    /// pool's loop.
    package nonisolated func prepareForSharing() {
        assumeOnLoop(loop.isCurrent) { pool in
            pool.state.keepSharing(now: pool.loop.now)
            if pool.state.needsPlan { pool.carryOutPlan() }
        }
    }

    /// The span of a caller's wait for a statement that he shares with others, of which the
    /// connection makes none for him; nil, as ``DatabaseSpan/init(query:by:)`` has it, if he is not
    /// traced.
    package nonisolated func span(of statement: StatementText) -> DatabaseSpan? {
        DatabaseSpan(query: statement.name, by: configuration.tracer)
    }
}
