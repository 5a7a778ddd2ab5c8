import Reactor

/// Somebody who waits on a loop for one answer, which is given once; then he may wait for another.
final class Caller<Answer> {
    private let gate: Gate
    private var given: Answer?
    private var isAnswered = false

    init(loop: EventLoop) { gate = Gate(loop: loop) }

    /// Gives the answer; on the loop's thread.
    func answer(_ answer: Answer) {
        precondition(!isAnswered, "A caller was answered twice.")
        isAnswered = true
        given = answer
        gate.open()
    }

    /// Waits for the answer; on the loop's thread.
    func answer() async -> Answer {
        await gate.pass()
        guard let given = given.take() else {
            preconditionFailure("A caller went on without an answer.")
        }
        isAnswered = false
        return given
    }
}
