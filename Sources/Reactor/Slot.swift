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

/// One direction of one descriptor: whether it is known to be ready, and who waits for it.
struct Lane {
    var isReady = false
    var waiter: UnsafeContinuation<Readiness, Never>?
    var deadline: ContinuousClock.Instant?

    /// Ends the wait, if there is one.
    mutating func end(_ readiness: Readiness) {
        deadline = nil
        waiter.take()?.resume(returning: readiness)
    }
}

/// What a loop keeps of one descriptor.
struct Slot {
    var generation: UInt32 = 0
    var descriptor: CInt = -1
    var isHungUp = false
    var reading = Lane()
    var writing = Lane()
    /// The one entry in the timer heap, due no later than either lane's deadline.
    var timer: (id: TimerHeap<EventLoop.Timer>.ID, at: ContinuousClock.Instant)?

    /// The earlier of the two lanes' deadlines.
    var deadline: ContinuousClock.Instant? {
        guard let read = reading.deadline else { return writing.deadline }
        guard let write = writing.deadline else { return read }
        return min(read, write)
    }
}
