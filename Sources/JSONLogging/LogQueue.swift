import Synchronization

/// The buffer between the sink's callers and its writer, and the signals that go with it.
final class LogQueue: Sendable {
    /// Tells the writer that there is something to do.
    let wake: WakeSignal

    private let state: Mutex<State>

    private struct State: Sendable {
        var buffer: LogBuffer
        var hasWriterStopped = false
        var waiters: [Waiter] = []
    }

    /// Somebody who waits for the writer.
    private final class Waiter: Sendable {
        let progress: WakeSignal
        init() throws(LogSinkError) { progress = try WakeSignal() }
    }

    init(octetsMax: Int) throws(LogSinkError) {
        wake = try WakeSignal()
        state = Mutex(State(buffer: LogBuffer(octetsMax: octetsMax)))
    }

    /// Lines that were dropped since the beginning.
    var linesDropped: Int { state.withLock { $0.buffer.linesDropped } }

    /// Takes a line in, or counts it as dropped.
    func append(_ line: [UInt8]) {
        perform(state.withLock { $0.buffer.append(line) })
    }

    /// Takes no line in any more.
    func close() {
        perform(state.withLock { $0.buffer.close() })
    }

    /// Waits until everything that has been appended so far is written; false if `time` passed.
    func waitUntilWritten(upTo time: Duration) -> Bool {
        let target = state.withLock { $0.buffer.octetsAppended }
        return wait(upTo: time) { $0.buffer.octetsDone >= target }
    }

    /// Waits until the writer is at its end; false if `time` passed.
    func waitUntilStopped(upTo time: Duration) -> Bool {
        wait(upTo: time) { $0.hasWriterStopped }
    }

    /// What the writer does next.
    func nextStep() -> LogBuffer.Step {
        state.withLock { $0.buffer.nextStep() }
    }

    /// Gives the writer what was appended, for an empty batch.
    func exchange(_ batch: inout LogBuffer.Batch) {
        state.withLock { $0.buffer.exchange(&batch) }
    }

    /// The writer is done with a batch, of which the output refused `linesLost` lines.
    func batchEnded(linesLost: Int) {
        state.withLock { state in
            state.buffer.batchEnded(linesLost: linesLost)
            for waiter in state.waiters { waiter.progress.give() }
        }
    }

    /// The writer is at its end.
    func writerStopped() {
        state.withLock { state in
            state.hasWriterStopped = true
            for waiter in state.waiters { waiter.progress.give() }
        }
    }

    private func perform(_ action: LogBuffer.Action) {
        switch action {
        case .nothing: break
        case .wakeWriter: wake.give()
        }
    }

    /// Waits until `isDone`, asked after each step of the writer; false if `time` passed before.
    private func wait(upTo time: Duration, until isDone: (borrowing State) -> Bool) -> Bool {
        guard let waiter = try? Waiter() else { return state.withLock { isDone($0) } }
        let deadline = ContinuousClock.now + time
        perform(
            state.withLock { state in
                state.waiters.append(waiter)
                return state.buffer.waitBegan()
            })
        defer {
            state.withLock { state in
                state.waiters.removeAll { $0 === waiter }
                state.buffer.waitEnded()
            }
        }
        while true {
            if state.withLock({ isDone($0) }) { return true }
            guard waiter.progress.wait(upTo: deadline - .now) else { return false }
        }
    }
}
