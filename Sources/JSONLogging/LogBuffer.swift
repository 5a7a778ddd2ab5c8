/// Which of a loop's lines wait for the writer, and where; their octets lie in ``LogMemory``.
///
/// There are two pages: lines go to the one, while the writer has the other. Pure: each method is
/// called under the buffer's lock and says what is to be done.
struct LogBuffer: Equatable, Sendable {
    /// Where a line belongs.
    struct Place: Equatable, Sendable {
        /// The page, 0 or 1.
        var page: Int
        /// Octets before it.
        var offset: Int
        /// Whether the writer should not wait for more lines: the page is half full from now on.
        var isWriterNeeded = false
    }

    /// Lines that were appended, and how many were lost after the last of them.
    struct Batch: Equatable, Sendable {
        /// The page that holds them, 0 or 1.
        var page: Int
        /// Their octets.
        var octetCount = 0
        /// Lines that found no room.
        var linesLost = 0

        /// Whether there is nothing to tell.
        var isEmpty: Bool { octetCount == 0 && linesLost == 0 }
    }

    /// Octets of a page; a line that finds no room is dropped.
    let octetsMax: Int
    /// Lines that were taken in since the beginning.
    private(set) var linesTaken = 0
    /// Lines that were dropped, here or by the output, since the beginning.
    private(set) var linesDropped = 0
    /// Octets that were appended, and that the writer is done with, since the beginning.
    private(set) var octetsAppended = 0
    private(set) var octetsDone = 0

    private var pending = Batch(page: 0)
    private var octetsInHand = 0
    private var isClosed = false

    init(octetsMax: Int) {
        self.octetsMax = octetsMax
    }

    /// Whether there is nothing for the writer.
    var isEmpty: Bool { pending.isEmpty }

    /// Whether the writer should not wait for more lines.
    var isHalfFull: Bool { pending.octetCount > octetsMax / 2 }

    /// Takes in a line of `octetCount` octets; nil if it is dropped, which is counted.
    mutating func append(_ octetCount: Int) -> Place? {
        guard !isClosed, octetCount <= octetsMax - pending.octetCount else {
            linesDropped += 1
            pending.linesLost += 1
            return nil
        }
        let wasHalfFull = isHalfFull
        var place = Place(page: pending.page, offset: pending.octetCount)
        pending.octetCount += octetCount
        octetsAppended += octetCount
        linesTaken += 1
        place.isWriterNeeded = isHalfFull && !wasHalfFull
        return place
    }

    /// Gives the writer what was appended; lines go to the other page from now on.
    mutating func take() -> Batch {
        precondition(octetsInHand == 0, "\(octetsInHand) octets are still being written.")
        let batch = pending
        octetsInHand = batch.octetCount
        pending = Batch(page: 1 - batch.page)
        return batch
    }

    /// The writer is done with what it took; the output refused `linesLost` lines of it.
    mutating func batchEnded(linesLost: Int) {
        octetsDone += octetsInHand
        octetsInHand = 0
        linesDropped += linesLost
    }

    /// Takes in no line any more.
    mutating func close() { isClosed = true }
}
