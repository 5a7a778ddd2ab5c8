import CLinux
import Synchronization

/// The buffers between the sink's callers and its writer, and the signals that go with them: one
/// for each event loop, so that loops never wait for each other, and one for all other threads.
final class LogQueue: Sendable {
    /// Octets that a page of a loop's buffer has at least, however many loops there are.
    static let loopOctetsMin = 64 * 1024

    /// What the writer does next.
    enum Step: Equatable, Sendable {
        /// Nothing is there: wait for a signal.
        case sleep
        /// Lines are there: wait a moment for more of them, then write.
        case gather
        /// Write at once: somebody waits for it, or a buffer fills up.
        case write
        /// Everything is written, and no line will follow.
        case stop
    }

    /// Tells the writer that there is something to do.
    let wake: WakeSignal
    /// Where the lines are. Buffer n has the pages 2 n and 2 n + 1.
    let memory: LogMemory

    /// That of the threads that run no loop, then those of the loops.
    private let buffers: [LockedBuffer]
    /// Whether a line must wake the writer; it is so before the writer looks for the last time.
    private let isWriterAsleep = Atomic<Bool>(false)
    private let waiting = Mutex(Waiting())

    private final class LockedBuffer: Sendable {
        let state: Mutex<LogBuffer>
        let octetsMax: Int
        init(octetsMax: Int) {
            state = Mutex(LogBuffer(octetsMax: octetsMax))
            self.octetsMax = octetsMax
        }
    }

    private struct Waiting: Sendable {
        var isClosed = false
        var hasWriterStopped = false
        var waiters: [Waiter] = []
    }

    /// Somebody who waits for the writer.
    private final class Waiter: Sendable {
        let progress: WakeSignal
        init() throws(LogSinkError) { progress = try WakeSignal() }
    }

    /// - Parameters:
    ///   - octetsMax: Of the lines of all loops, which share it out, and as many of the others; at
    ///     least ``loopOctetsMin`` for each loop unless it is less itself.
    ///   - loopCount: Event loops with a buffer of their own.
    init(octetsMax: Int, loopCount: Int = 0) throws(LogSinkError) {
        wake = try WakeSignal()
        let share = max(octetsMax / max(loopCount, 1), min(Self.loopOctetsMin, octetsMax))
        let sizes = [octetsMax] + Array(repeating: share, count: loopCount)
        memory = LogMemory(pages: sizes.flatMap { [$0, $0] })
        buffers = sizes.map(LockedBuffer.init)
    }

    /// How many buffers there are.
    var bufferCount: Int { buffers.count }

    /// Lines that were taken in since the beginning.
    var linesTaken: Int { buffers.reduce(0) { $0 + $1.state.withLock { $0.linesTaken } } }

    /// Lines that were dropped since the beginning.
    var linesDropped: Int {
        buffers.reduce(0) { $0 + $1.state.withLock { $0.linesDropped } }
    }

    /// Takes a line in, or counts it as dropped. A line that is too long for the buffer of its loop
    /// goes where those of other threads do.
    func append(_ line: [UInt8]) {
        let own = Int(linux_loop_of_current_thread()) + 1
        let index = own < buffers.count && line.count <= buffers[own].octetsMax ? own : 0
        let place = buffers[index].state.withLock { buffer in
            let place = buffer.append(line.count)
            if let place { memory.put(line, into: 2 * index + place.page, at: place.offset) }
            return place
        }
        if isWriterAsleep.load(ordering: .relaxed) || place?.isWriterNeeded == true { wakeWriter() }
    }

    /// Takes no line in any more.
    func close() {
        for buffer in buffers { buffer.state.withLock { $0.close() } }
        waiting.withLock { $0.isClosed = true }
        wakeWriter()
    }

    /// Waits until everything that has been appended so far is written; false if `time` passed.
    func waitUntilWritten(upTo time: Duration) -> Bool {
        let targets = buffers.map { $0.state.withLock { $0.octetsAppended } }
        return wait(upTo: time) { [buffers] _ in
            zip(buffers, targets).allSatisfy { buffer, target in
                buffer.state.withLock { $0.octetsDone >= target }
            }
        }
    }

    /// Waits until the writer is at its end; false if `time` passed.
    func waitUntilStopped(upTo time: Duration) -> Bool {
        wait(upTo: time) { $0.hasWriterStopped }
    }

    /// What the writer does next; asked by the writer alone, when it has nothing in hand.
    func nextStep() -> Step {
        let step = stepToTake()
        guard step == .sleep else { return step }
        // Whoever appends after this second look sees that the writer has to be woken, since both
        // had the lock of the buffer, one after the other.
        isWriterAsleep.store(true, ordering: .relaxed)
        let last = stepToTake()
        if last != .sleep { isWriterAsleep.store(false, ordering: .relaxed) }
        return last
    }

    /// Gives the writer what was appended to a buffer.
    func take(from index: Int) -> LogBuffer.Batch {
        buffers[index].state.withLock { buffer in
            var batch = buffer.take()
            batch.page += 2 * index
            if batch.octetCount > 0 { memory.setTaken(batch.page, count: batch.octetCount) }
            return batch
        }
    }

    /// The writer is done with a batch of a buffer, of which the output refused `linesLost` lines.
    func ended(_ batch: LogBuffer.Batch, of index: Int, linesLost: Int) {
        memory.setTaken(batch.page, count: 0)
        buffers[index].state.withLock { $0.batchEnded(linesLost: linesLost) }
        waiting.withLock { waiting in
            for waiter in waiting.waiters { waiter.progress.give() }
        }
    }

    /// The writer is at its end.
    func writerStopped() {
        waiting.withLock { waiting in
            waiting.hasWriterStopped = true
            for waiter in waiting.waiters { waiter.progress.give() }
        }
    }

    private func stepToTake() -> Step {
        // A queue is closed after its buffers are: then whatever they hold is all.
        let (isClosed, isAwaited) = waiting.withLock { ($0.isClosed, !$0.waiters.isEmpty) }
        var (isEmpty, isHalfFull) = (true, false)
        for buffer in buffers {
            buffer.state.withLock { buffer in
                if !buffer.isEmpty { isEmpty = false }
                if buffer.isHalfFull { isHalfFull = true }
            }
        }
        if isEmpty { return isClosed ? .stop : .sleep }
        return isClosed || isAwaited || isHalfFull ? .write : .gather
    }

    private func wakeWriter() {
        isWriterAsleep.store(false, ordering: .relaxed)
        wake.give()
    }

    /// Waits until `isDone`, asked after each step of the writer; false if `time` passed before.
    private func wait(upTo time: Duration, until isDone: (borrowing Waiting) -> Bool) -> Bool {
        guard let waiter = try? Waiter() else { return waiting.withLock { isDone($0) } }
        let deadline = ContinuousClock.now + time
        waiting.withLock { $0.waiters.append(waiter) }
        wakeWriter()
        defer { waiting.withLock { $0.waiters.removeAll { $0 === waiter } } }
        while true {
            if waiting.withLock({ isDone($0) }) { return true }
            guard waiter.progress.wait(upTo: deadline - .now) else { return false }
        }
    }
}
