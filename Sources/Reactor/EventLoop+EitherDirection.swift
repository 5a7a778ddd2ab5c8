package import Ambient

extension EventLoop {
    /// Waits until there may be something to read or room to write, or the peer is gone, or
    /// `deadline` passes. Whoever waits so is the one reader and the one writer.
    ///
    /// For protocols in which the peer may have something to say before it reads on.
    package func waitUntilReadableOrWritable(
        _ id: SlotID, deadline: MonotonicTime?
    ) async -> Readiness {
        guard let slot = slot(id) else { return .closed }
        if slot.reading.isReady || slot.writing.isReady { return .ready }
        let wait = EitherDirection(of: slot, on: self)
        slot.reading.begin(wait, until: deadline)
        slot.writing.begin(wait, until: deadline)
        armTimer(of: id, slot)
        return await wait.outcome()
    }
}

/// A wait for whichever direction of a descriptor is ready first; it ends that for the other one.
///
/// `@unchecked Sendable`: it is touched on the loop's thread only, like the slot it waits for.
private final class EitherDirection: ReadinessObserver, @unchecked Sendable {
    private let slot: Slot
    private let gate: Gate
    private var end: Readiness?

    init(of slot: Slot, on loop: EventLoop) {
        self.slot = slot
        gate = Gate(loop: loop)
    }

    func waitEnded(_ readiness: Readiness) {
        // The other direction's end is of no interest.
        guard end == nil else { return }
        end = readiness
        slot.reading.end(readiness)
        slot.writing.end(readiness)
        gate.open()
    }

    /// Waits for the end; on the loop's thread.
    func outcome() async -> Readiness {
        await gate.pass()
        return end ?? .closed
    }
}
