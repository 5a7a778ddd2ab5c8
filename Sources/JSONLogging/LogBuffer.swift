/// What the sink holds between its callers and its writer: lines, and who waits for what.
///
/// Pure: each method is called under the sink's lock and says what is to be done outside of it.
struct LogBuffer: Sendable {
    /// What the writer does next.
    enum Step: Equatable, Sendable {
        /// Nothing is there: wait for a signal.
        case sleep
        /// Lines are there: wait a moment for more of them, then write.
        case gather
        /// Write at once: somebody waits for it, or the buffer fills up.
        case write
        /// Everything is written, and no line will follow.
        case stop
    }

    /// What the caller does once the lock is given back.
    enum Action: Equatable, Sendable {
        case nothing
        case wakeWriter
    }

    /// Lines that were appended, and how many were lost after the last of them.
    struct Batch: Equatable, Sendable {
        var octets: [UInt8] = []
        var linesLost = 0

        var isEmpty: Bool { octets.isEmpty && linesLost == 0 }
    }

    /// The most octets of lines that wait for the writer; a line beyond them is dropped.
    let octetsMax: Int
    /// Lines that were dropped, here or by the output, since the beginning.
    private(set) var linesDropped = 0
    /// Octets that were appended, and that the writer is done with, since the beginning.
    private(set) var octetsAppended = 0
    private(set) var octetsDone = 0

    private var pending = Batch()
    private var octetsInFlight = 0
    private var isWriterAsleep = false
    private var isClosed = false
    private var waiterCount = 0

    init(octetsMax: Int) {
        self.octetsMax = octetsMax
    }

    /// Takes a line in, or counts it as dropped.
    mutating func append(_ line: [UInt8]) -> Action {
        let wasUrgent = isUrgent
        if isClosed || pending.octets.count + line.count > octetsMax {
            linesDropped += 1
            pending.linesLost += 1
        } else {
            pending.octets += line
            octetsAppended += line.count
        }
        return actionAfterChange(wasUrgent: wasUrgent)
    }

    /// What the writer does next; asked by the writer alone, when it has nothing in hand.
    mutating func nextStep() -> Step {
        guard pending.isEmpty else { return isUrgent ? .write : .gather }
        isWriterAsleep = !isClosed
        return isClosed ? .stop : .sleep
    }

    /// Hands over what was appended, in exchange for an empty batch whose storage is used on.
    mutating func exchange(_ batch: inout Batch) {
        precondition(octetsInFlight == 0, "\(octetsInFlight) octets are still being written.")
        precondition(batch.isEmpty, "The batch still holds \(batch.octets.count) octets.")
        swap(&batch, &pending)
        octetsInFlight = batch.octets.count
    }

    /// The writer is done with what it took; the output refused `linesLost` lines of it.
    mutating func batchEnded(linesLost: Int) {
        octetsDone += octetsInFlight
        octetsInFlight = 0
        linesDropped += linesLost
    }

    /// Somebody begins to wait for the writer.
    mutating func waitBegan() -> Action {
        let wasUrgent = isUrgent
        waiterCount += 1
        return actionAfterChange(wasUrgent: wasUrgent)
    }

    /// Somebody waits for the writer no longer.
    mutating func waitEnded() {
        precondition(waiterCount > 0, "Nobody was waiting.")
        waiterCount -= 1
    }

    /// No line is taken in any more.
    mutating func close() -> Action {
        let wasUrgent = isUrgent
        isClosed = true
        return actionAfterChange(wasUrgent: wasUrgent)
    }

    /// Whether the writer should not wait for more lines.
    private var isUrgent: Bool {
        isClosed || waiterCount > 0 || pending.octets.count > octetsMax / 2
    }

    /// Wakes a sleeping writer, and one that gathers when it should not do so any longer.
    private mutating func actionAfterChange(wasUrgent: Bool) -> Action {
        defer { isWriterAsleep = false }
        return isWriterAsleep || isUrgent && !wasUrgent ? .wakeWriter : .nothing
    }
}
