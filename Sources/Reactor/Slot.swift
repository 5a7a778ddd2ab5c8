import Ambient

/// Names one registration of a descriptor with a loop.
///
/// It carries a generation, so an event or a call that comes too late for a closed descriptor is
/// recognised, even when its number is already in use again.
package struct SlotID: Hashable, Sendable {
    let index: UInt32
    let generation: UInt32

    /// The 64 bits that epoll carries for us.
    var token: UInt64 { UInt64(generation) << 32 | UInt64(index) }

    init(index: UInt32, generation: UInt32) {
        self.index = index
        self.generation = generation
    }

    init(token: UInt64) {
        index = UInt32(truncatingIfNeeded: token)
        generation = UInt32(truncatingIfNeeded: token >> 32)
    }
}

/// How a wait for a descriptor ended.
package enum Readiness: Sendable {
    /// The descriptor may be used; a call may still say EAGAIN.
    case ready
    /// The deadline passed first.
    case timedOut
    /// The registration is gone.
    case closed
}

/// Somebody who is told when a descriptor is ready, without a task that waits.
package protocol ReadinessObserver: AnyObject, Sendable {
    /// The wait that was asked for has ended; on the loop's thread.
    func waitEnded(_ readiness: Readiness)
}

/// Somebody who is told when the peer of a descriptor has sent its last octet, or is gone.
package protocol HangUpObserver: AnyObject, Sendable {
    /// The kernel has reported it, for the first time; on the loop's thread.
    func peerHungUp()
}

/// One direction of one descriptor: whether it is known to be ready, and who waits for it.
///
/// A reference, like ``Slot``: it is changed in place with every event.
final class Lane {
    var isReady: Bool
    private(set) var deadline: MonotonicTime?
    private var isAwaited = false
    /// How the last wait ended.
    private(set) var outcome = Readiness.closed
    /// Where a task waits; made for the first of them.
    private var gate: Gate?
    /// Who is to be told instead, if no task waits.
    private var observer: (any ReadinessObserver)?

    init(isReady: Bool) { self.isReady = isReady }

    /// Begins the wait of a task.
    /// - Returns: Where to wait for ``end(_:)``.
    func begin(on loop: EventLoop, until deadline: MonotonicTime?) -> Gate {
        beginWait(until: deadline)
        let gate = gate ?? Gate(loop: loop)
        self.gate = gate
        return gate
    }

    /// Begins a wait whose end `observer` is told.
    func begin(_ observer: any ReadinessObserver, until deadline: MonotonicTime?) {
        beginWait(until: deadline)
        self.observer = observer
    }

    /// Ends the wait, if there is one.
    func end(_ readiness: Readiness) {
        guard isAwaited else { return }
        isAwaited = false
        deadline = nil
        outcome = readiness
        if let observer = observer.take() {
            observer.waitEnded(readiness)
        } else {
            gate?.open()
        }
    }

    private func beginWait(until deadline: MonotonicTime?) {
        precondition(!isAwaited, "Two wait for one direction of a descriptor.")
        self.deadline = deadline
        isAwaited = true
    }

}

/// What a loop keeps of one registration of a descriptor.
final class Slot {
    let generation: UInt32
    let descriptor: CInt
    var isHungUp = false
    /// Who is told of the hang-up, if anybody.
    var hangUpObserver: (any HangUpObserver)?
    let reading = Lane(isReady: false)
    let writing = Lane(isReady: true)
    /// The one entry in the timer heap, due no later than either lane's deadline.
    var timer: (id: TimerHeap<EventLoop.Timer>.ID, at: MonotonicTime)?

    init(generation: UInt32, descriptor: CInt) {
        self.generation = generation
        self.descriptor = descriptor
    }

    /// The earlier of the two lanes' deadlines.
    var deadline: MonotonicTime? {
        guard let read = reading.deadline else { return writing.deadline }
        guard let write = writing.deadline else { return read }
        return min(read, write)
    }
}
