extension PipelineState {
    /// How a result of libpq counts here.
    package enum ResultKind: Equatable, Sendable {
        /// `PGRES_TUPLES_OK` or `PGRES_COMMAND_OK`.
        case success
        /// `PGRES_FATAL_ERROR`.
        case failure
        /// The same with SQLSTATE 26000: the server does not know the prepared statement.
        case unknownStatement
        /// The same with SQLSTATE 42P05: the statement is prepared already.
        case alreadyPrepared
        /// `PGRES_PIPELINE_ABORTED`: not executed, since something before it failed.
        case aborted
        /// `PGRES_PIPELINE_SYNC`: what came before is committed.
        case sync
    }

    /// What a result means for a caller.
    package enum Delivery {
        /// Hand over this result.
        case result(Ticket)
        /// Hand over the results that were kept since each one's ``keep``, in that order.
        case kept([Ticket])
        /// Hand over this failure; a result kept for it is void.
        case failure(Ticket)
        /// Nothing was executed; the caller may ask again.
        case aborted(Ticket)
        /// Nothing of this batch of writes is committed; each caller may ask again. Results kept
        /// for them are void.
        case rolledBack([Ticket])
        /// Keep this result until the commit is known.
        case keep
        /// Nobody waits for it.
        case nothing
        /// The server answered something that was not asked: the connection cannot be trusted.
        case outOfStep
    }

    /// What became of a caller's statement when the connection was lost.
    package enum Loss {
        /// A read, or a write that is known not to have been executed.
        case harmless(Ticket)
        /// A write that was sent: it may have been committed.
        case unknown(Ticket)
    }
}
