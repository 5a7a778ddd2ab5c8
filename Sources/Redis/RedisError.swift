/// Why a command has no answer. None of them carries what was sent.
package enum RedisError: Error, Equatable, Sendable {
    /// There is no connection; nothing was sent.
    case notConnected
    /// An earlier answer is overdue; nothing was sent.
    case inDoubt
    /// Too much is under way; nothing was sent.
    case overloaded
    /// The answer did not come in time. The command may be executed all the same.
    case timedOut
    /// The connection was lost before the answer came. The command may have been executed.
    case connectionLost
    /// Redis has refused the command: the first word of what it said, such as `NOSCRIPT`.
    case refused(String)
    /// The answer is none to such a command.
    case unexpectedReply
}

extension RedisError {
    /// Whether there was an answer in time, such as there is to PING too; so that says nothing of
    /// whether the commands that failed would succeed now.
    var isAnswer: Bool {
        switch self {
        case .refused, .unexpectedReply: true
        case .notConnected, .inDoubt, .overloaded, .timedOut, .connectionLost: false
        }
    }
}

extension RedisError: CustomStringConvertible {
    /// A few words for operators.
    package var description: String {
        switch self {
        case .notConnected: "there is no connection"
        case .inDoubt: "an earlier answer is overdue"
        case .overloaded: "too much is under way"
        case .timedOut: "there was no answer in time"
        case .connectionLost: "the connection was lost"
        case .refused(let code): "a command was refused with \(code)"
        case .unexpectedReply: "an answer did not fit its command"
        }
    }
}

/// Why there is no connection.
enum ConnectFailure: Error, Equatable {
    /// Redis cannot be found or reached.
    case unreachable(String)
    /// It did not answer in time.
    case timedOut
    /// It has ended the connection.
    case connectionLost
    /// What it says is not Redis' protocol.
    case malformedReply
    /// It has refused a command, with this word.
    case refused(command: String, code: String)
    /// Too much else waits to be connected.
    case overloaded
}

extension ConnectFailure: CustomStringConvertible {
    /// A few words for operators.
    var description: String {
        switch self {
        case .unreachable(let reason): reason
        case .timedOut: "there was no answer in time"
        case .connectionLost: "the connection was closed"
        case .malformedReply: "what answers does not speak Redis' protocol"
        case .refused(let command, let code): "\(command) was refused with \(code)"
        case .overloaded: "too many connections are being made"
        }
    }
}
