package import Ambient

/// What one caller does with a connection that he holds alone: which deadline holds, whether his
/// statement is to be cancelled, and what is left to be cleared away at the end.
///
/// Pure; its shell is `PostgresConnection`.
package struct LeaseState: Equatable, Sendable {
    /// Where the lease's transaction stands.
    package enum Transaction: Equatable, Sendable {
        /// There is none: each statement is one by itself.
        case none
        /// It begins with the first statement.
        case announced
        /// It has begun.
        case open
        /// It was committed, or the attempt to do so has ended it.
        case ended
    }

    /// Why a statement was cancelled, or the connection given up.
    package enum Cause: Equatable, Sendable {
        /// The statement took too long.
        case statementDeadline
        /// The caller's task was cancelled.
        case callerLeft
        /// The holder did nothing for too long.
        case idleDeadline
    }

    /// What the connection is to do.
    package enum Action: Equatable, Sendable {
        /// Nothing, not even to look again.
        case nothing
        /// Look again at this time.
        case check(at: MonotonicTime)
        /// Ask the server to cancel what runs, and look again at this time.
        case cancel(check: MonotonicTime)
        /// Give the connection up.
        case end
    }

    private enum Phase: Equatable {
        /// Nothing is asked.
        case idle
        /// A statement runs, which is cancelled at the deadline.
        case running
        /// What runs is not to be cancelled, or has been: at the deadline the connection is given
        /// up.
        case ending
    }

    private let idleTimeout: Duration
    private let cancelTimeout: Duration
    private var phase = Phase.idle
    private var deadline: MonotonicTime
    /// Where the transaction stands.
    package private(set) var transaction: Transaction
    /// Why the newest statement was cancelled, or the connection given up.
    package private(set) var cause: Cause?
    /// The error that made the transaction fail: it can only be rolled back.
    package private(set) var failure: PostgresError?
    /// Whether a cancellation was asked for, which may still be on its way.
    package private(set) var wasCancelled = false
    /// The number of the newest statement.
    package private(set) var statement = 0

    /// Begins a lease.
    /// - Parameters:
    ///   - idleTimeout: Longest time without a statement.
    ///   - cancelTimeout: Longest time from a cancellation to the end of what was cancelled.
    ///   - statement: The number of the last statement of the leases before: whoever left one of
    ///     those, and is late to say so, means none of this lease.
    package init(
        isTransaction: Bool, idleTimeout: Duration, cancelTimeout: Duration, statement: Int = 0,
        now: MonotonicTime
    ) {
        self.statement = statement
        self.idleTimeout = idleTimeout
        self.cancelTimeout = cancelTimeout
        transaction = isTransaction ? .announced : .none
        deadline = now + idleTimeout
    }

    /// When to call ``timerFired(now:)``.
    package var nextCheck: MonotonicTime { deadline }

    /// Whether a transaction is to be rolled back.
    package var needsRollback: Bool { transaction == .open }

    /// Whether the transaction failed because of others, so that it may succeed when it is run
    /// again: a serialization failure or a deadlock.
    package var isConflict: Bool {
        guard case .server(let error) = failure else { return false }
        return error.sqlState == "40001" || error.sqlState == "40P01"
    }

    /// A statement was sent.
    /// - Returns: Its number, for ``callerLeft(statement:now:)``.
    package mutating func statementSent(timeout: Duration, now: MonotonicTime) -> Int {
        precondition(phase == .idle, "A lease's statement was sent while another one ran.")
        if transaction == .announced { transaction = .open }
        phase = .running
        cause = nil
        statement += 1
        deadline = now + timeout
        return statement
    }

    /// The command that commits the transaction was sent. It is not to be cancelled.
    package mutating func commitSent(timeout: Duration, now: MonotonicTime) {
        precondition(phase == .idle, "A transaction was committed while a statement ran.")
        endBegan(timeout: timeout, now: now)
    }

    /// The lease is over, and what it has left is being cleared away.
    package mutating func clearingBegan(now: MonotonicTime) {
        endBegan(timeout: cancelTimeout, now: now)
    }

    private mutating func endBegan(timeout: Duration, now: MonotonicTime) {
        phase = .ending
        deadline = now + timeout
    }

    /// The newest statement was answered.
    package mutating func statementAnswered(now: MonotonicTime) {
        phase = .idle
        deadline = now + idleTimeout
    }

    /// The newest statement failed, and with it its transaction.
    package mutating func statementFailed(_ error: PostgresError) {
        if transaction == .open, failure == nil { failure = error }
    }

    /// The transaction is over, or the server has rolled it back.
    package mutating func transactionEnded() { transaction = .ended }

    /// The caller of a statement does not want its result any longer.
    package mutating func callerLeft(statement number: Int, now: MonotonicTime) -> Action {
        guard number == statement, phase == .running else { return .nothing }
        return cancel(.callerLeft, now: now)
    }

    /// The time of ``nextCheck``, or an earlier one that no longer holds, has come.
    package mutating func timerFired(now: MonotonicTime) -> Action {
        guard deadline <= now else { return .check(at: deadline) }
        switch phase {
        case .running: return cancel(.statementDeadline, now: now)
        case .ending: return .end
        case .idle:
            cause = .idleDeadline
            return .end
        }
    }

    /// What a statement's caller is told if it failed after a cancellation, or because the
    /// connection was given up; nil if it was for neither.
    package var errorOfCause: PostgresError? {
        switch cause {
        case .statementDeadline: .timedOut(.statement)
        case .callerLeft: .cancelled
        case .idleDeadline: .timedOut(.transaction)
        case nil: nil
        }
    }

    private mutating func cancel(_ cause: Cause, now: MonotonicTime) -> Action {
        endBegan(timeout: cancelTimeout, now: now)
        wasCancelled = true
        self.cause = cause
        return .cancel(check: deadline)
    }
}
