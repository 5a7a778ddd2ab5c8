import Ambient

/// The commands of a connection that Redis has not answered, in the order of sending; pure.
///
/// Answers come in that order and say not to what, so whoever does not wait any more keeps his
/// place, and his answer is dropped when it comes. As long as such an answer is due the connection
/// is in doubt and takes no further command: whoever comes meanwhile is told so at once, instead of
/// waiting in vain too.
struct CommandQueue<Ticket> {
    /// Whose answer has come.
    enum Recipient {
        /// He waits, since then.
        case waiting(Ticket, since: MonotonicTime)
        /// He does not wait any more.
        case gone
        /// Nobody has asked anything.
        case nobody
    }

    private struct Command {
        let ticket: Ticket
        /// Nil as long as it waits for the end of the turn: what others do until then takes none of
        /// its time.
        var sentAt: MonotonicTime?
    }

    /// Most that have been answered and are still kept, so that an answer costs little.
    private static var answeredMax: Int { 64 }

    private let timeout: Duration
    private let silenceMax: Duration
    private let countMax: Int
    private var commands: [Command] = []
    /// The position of the first that is not answered.
    private var front = 0
    /// How many of the first nobody waits for any more.
    private var goneCount = 0
    /// When something was answered, or sent on a connection that owed nothing.
    private var progressAt: MonotonicTime?

    init(_ configuration: RedisConfiguration) {
        timeout = configuration.commandTimeout
        silenceMax = configuration.silenceMax
        countMax = configuration.commandsMax
    }

    /// Commands under way.
    var count: Int { commands.count - front }
    /// Whether an answer is overdue.
    var isInDoubt: Bool { goneCount > 0 }

    /// Why nothing is to be sent now; nil if a command may be.
    var refusal: RedisError? {
        isInDoubt ? .inDoubt : count >= countMax ? .overloaded : nil
    }

    /// When to look again: when the next one has waited too long, or the connection was silent for
    /// too long.
    var nextDeadline: MonotonicTime? {
        let waiting = front + goneCount
        let sentAt = waiting < commands.count ? commands[waiting].sentAt : nil
        let expiry = sentAt.map { $0 + timeout }
        guard isInDoubt, let progressAt else { return expiry }
        let loss = progressAt + silenceMax
        return expiry.map { min($0, loss) } ?? loss
    }

    /// A command is to be sent with others of this turn.
    mutating func asked(_ ticket: Ticket) {
        precondition(refusal == nil, "A command was asked for that is refused.")
        commands.append(Command(ticket: ticket, sentAt: nil))
    }

    /// What was asked for is sent.
    mutating func sent(now: MonotonicTime) {
        var index = commands.count
        while index > front, commands[index - 1].sentAt == nil {
            index -= 1
            commands[index].sentAt = now
        }
        if index == front { progressAt = now }
    }

    /// An answer has come.
    mutating func answered(now: MonotonicTime) -> Recipient {
        guard front < commands.count, let sentAt = commands[front].sentAt else { return .nobody }
        let ticket = commands[front].ticket
        front += 1
        if front == commands.count || front >= Self.answeredMax {
            commands.removeFirst(front)
            front = 0
        }
        progressAt = now
        guard goneCount == 0 else {
            goneCount -= 1
            return .gone
        }
        return .waiting(ticket, since: sentAt)
    }

    /// Those who have waited too long by now. They are told once.
    mutating func expire(now: MonotonicTime) -> [Ticket] {
        let waiting = commands[(front + goneCount)...]
        let expired = waiting.prefix { $0.sentAt.map { $0 + timeout <= now } ?? false }
        goneCount += expired.count
        return expired.map(\.ticket)
    }

    /// Whether answers are overdue and nothing has come for so long that nothing will.
    func isLost(now: MonotonicTime) -> Bool {
        guard isInDoubt, let progressAt else { return false }
        return progressAt + silenceMax <= now
    }

    /// The connection is lost: those who wait. Afterwards nothing is under way.
    mutating func lost() -> [Ticket] {
        let waiting = commands[(front + goneCount)...].map(\.ticket)
        commands.removeAll(keepingCapacity: true)
        (front, goneCount, progressAt) = (0, 0, nil)
        return waiting
    }
}
