import Reactor

/// Somebody who waits on a loop for the end of one command, which comes once.
final class ReplyWaiter {
    private let gate: Gate
    private var end: Result<RedisReply, RedisError>?

    init(loop: EventLoop) { gate = Gate(loop: loop) }

    /// The command has ended; on the loop's thread.
    func end(with result: Result<RedisReply, RedisError>) {
        precondition(end == nil, "A command has ended twice.")
        end = result
        gate.open()
    }

    /// Waits for the end; on the loop's thread.
    func result() async -> Result<RedisReply, RedisError> {
        await gate.pass()
        guard let end else { preconditionFailure("A caller went on before the end.") }
        return end
    }
}
