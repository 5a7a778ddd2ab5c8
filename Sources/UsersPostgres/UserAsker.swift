import Ambient
import Postgres
import Reactor
import Users

/// Somebody who waits for a user. It is what `Caller` of Postgres is for any answer: of another
/// module that stays generic, which would cost a read 900 instructions.
final class UserAsker {
    /// What became of a statement. Handed on once: a copy would hold the row's result, too.
    enum Outcome: ~Copyable {
        /// The columns of the user, which he is to read.
        case row(Row)
        /// There is no such user.
        case nobody
        /// What the statement failed with.
        case failure(PostgresError)
    }

    /// What he waits for.
    enum Answer: ~Copyable {
        /// Somebody else's statement was for him, too.
        case read(Outcome)
        /// It is his turn to lead.
        case turn
        /// He is to read alone.
        case alone
    }

    var id: UserID
    var askedAt: MonotonicTime
    private let gate: Gate
    private var given: Answer?

    init(loop: EventLoop, _ id: UserID) {
        gate = Gate(loop: loop)
        self.id = id
        askedAt = loop.now
    }

    var isAnswered: Bool { given != nil }

    /// Gives the answer; on the loop's thread.
    func tell(_ answer: consuming Answer) {
        precondition(given == nil, "Somebody was told twice of a user.")
        given = consume answer
        gate.open()
    }

    /// Waits for the answer; on the loop's thread.
    func answer() async -> Answer {
        await gate.pass()
        guard let given = given.take() else {
            preconditionFailure("Somebody went on without an answer.")
        }
        return given
    }
}
