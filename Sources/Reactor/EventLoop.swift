package import Ambient
import CLinux
import Glibc
import Synchronization

/// One thread, one epoll set, one timer heap, one job queue.
///
/// It is the serial executor of the actors that live on it, and the task executor of tasks that
/// have no actor. Who lives on it waits at gates (see ``Gate``), so that a request never changes
/// thread. A turn is: epoll_wait(2), ready descriptors, each with the jobs that it brings about,
/// due timers, other jobs until there are none, and what waits for the end of the turn (see
/// ``TurnParticipant``).
///
/// `@unchecked Sendable`: the variables are touched on the loop's own thread only, which the
/// methods that outsiders call assert; everything else is immutable, atomic or behind a lock.
package final class EventLoop: @unchecked Sendable {
    /// What the timer heap holds.
    enum Timer {
        case slot(SlotID)
        case action(() -> Void)
    }

    /// Octets of ``readBuffer``.
    package static let readBytesMax = 64 * 1024
    /// Most jobs run before descriptors are looked at again.
    static let jobsPerTurnMax = 8192
    /// Room for so many who are told of a turn's end is kept, and not what a flood needed.
    private static let participantsKept = 1024

    /// The position of this loop in its group, from 0.
    package let index: Int
    private let connections = Atomic<Int>(0)
    /// Where whoever reads from a descriptor may put what comes, until it gives way to others; on
    /// the loop's thread. A buffer of its own would cost each idle connection its size.
    package let readBuffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: EventLoop.readBytesMax, alignment: 16)
    let poller: Poller
    let wakeUp: WakeUp
    let clock: @Sendable () -> MonotonicTime
    private let meter: LoopMeter?
    let inbox = Mutex<ContiguousArray<UnownedJob>>([])
    let isWakePending = Atomic<Bool>(false)
    let isStopping = Atomic<Bool>(false)
    private let threadIdentity = Atomic<UInt>(0)
    private let thread = Mutex<SystemThread?>(nil)

    // Touched on the loop's thread only.
    var timers = TimerHeap<Timer>()
    var slots: [Slot?] = []
    /// The generation that the next registration with an index has. It outlives the slots, each of
    /// which would hold a page of memory if they stayed where a flood of connections was.
    var generations: [UInt32] = []
    var freeSlots: [UInt32] = []
    var jobs = ContiguousArray<UnownedJob>()
    var batching: [any TurnParticipant] = []
    var answering: [any TurnParticipant] = []
    /// Those who are being told; empty else. Whoever takes part again meanwhile is told in this
    /// turn if his phase is still to come, else in the next one.
    private var ending: [any TurnParticipant] = []
    /// How many jobs may still run in this turn.
    var jobsLeft = 0
    private var turnTime: MonotonicTime
    /// The number of the current turn; on the loop's thread.
    package private(set) var turn: UInt64 = 0

    /// Makes a loop that does not run yet.
    /// - Parameters:
    ///   - index: Its position among its siblings, from 0.
    ///   - metrics: Where turns and timers are counted; nil for nowhere.
    ///   - clock: What the time is; injected so that a test can hold it still.
    package init(
        index: Int = 0, metrics: LoopMetrics? = nil,
        clock: @escaping @Sendable () -> MonotonicTime = { MonotonicTime.now }
    ) throws(SystemError) {
        self.index = index
        meter = metrics?.meter(ofLoop: index)
        self.clock = clock
        poller = try Poller()
        wakeUp = try WakeUp(counts: false, blocks: false)
        turnTime = clock()
        try poller.add(wakeUp.descriptor.rawValue, token: .max, .reading)
    }

    deinit { readBuffer.deallocate() }

    /// The time at which this turn began; on the loop's thread.
    package var now: MonotonicTime {
        assert(isCurrent, "The turn's time was read off the loop's thread.")
        return turnTime
    }

    /// Whether the caller runs on this loop's thread.
    package var isCurrent: Bool { threadIdentity.load(ordering: .relaxed) == pthread_self() }

    /// How many connections live here; any thread may ask.
    package var connectionCount: Int { connections.load(ordering: .relaxed) }

    /// A connection will live here; from any thread.
    package func connectionPlaced() { connections.add(1, ordering: .relaxed) }

    /// A connection that lived here has ended; from any thread.
    package func connectionEnded() { connections.subtract(1, ordering: .relaxed) }

    /// Starts the loop's thread.
    package func start() throws(SystemError) {
        let started = try SystemThread(name: "loop-\(index)") { [self] in run() }
        thread.withLock { $0 = started }
    }

    /// Asks the loop to end after its current turn and waits for its thread. Jobs that are still
    /// queued are not run.
    package func stop() {
        isStopping.store(true, ordering: .releasing)
        wakeUp.signal()
        if let running = thread.withLock({ $0.take() }) { running.join() }
    }

    private func run() {
        threadIdentity.store(pthread_self(), ordering: .relaxed)
        linux_set_loop_of_current_thread(CInt(index))
        // Whoever wakes it, the database or a client on the same machine, is about to bring more.
        linux_batch_current_thread()
        var turnEnd = clock()
        while !isStopping.load(ordering: .acquiring) {
            let eventCount = poller.wait(milliseconds: pollTimeout(from: turnEnd))
            turnTime = clock()
            turn += 1
            jobsLeft = Self.jobsPerTurnMax
            for index in 0..<eventCount {
                // What an event calls for is done at once, while it is in the processor's cache.
                dispatch(poller.event(at: index))
                runJobs()
            }
            // After a pause of the whole machine, what has come meanwhile counts as having come.
            fireDueTimers()
            runJobs()
            endTurn()
            turnEnd = clock()
            meter?.turnEnded(after: turnEnd - turnTime)
        }
        // The system may give this thread's identity to its next one.
        threadIdentity.store(0, ordering: .relaxed)
    }

    private func fireDueTimers() {
        while let deadline = timers.earliest, let timer = timers.popDue(now: turnTime) {
            // One that this very turn has set, for what comes after its events, cannot be late.
            if deadline < turnTime { meter?.timerFired(late: turnTime - deadline) }
            switch timer {
            case .slot(let id): slotTimerFired(id)
            case .action(let action): action()
            }
        }
    }

    /// Lets the database have its batches first: it works on them while answers are sent.
    private func endTurn() {
        swap(&batching, &ending)
        tellEnding()
        swap(&answering, &ending)
        tellEnding()
    }

    private func tellEnding() {
        guard !ending.isEmpty else { return }
        for participant in ending { participant.turnEnded() }
        ending.removeAll(keepingCapacity: ending.capacity <= Self.participantsKept)
    }

    /// Milliseconds from `now` until the next timer, rounded up; 0 while jobs wait.
    private func pollTimeout(from now: MonotonicTime) -> CInt {
        guard jobs.isEmpty, batching.isEmpty, answering.isEmpty else { return 0 }
        guard let earliest = timers.earliest else { return -1 }
        return (earliest - now).pollMilliseconds
    }

    private func dispatch(_ event: Poller.Event) {
        guard event.token != .max else { return wakeUp.wait() }
        eventArrived(event, for: SlotID(token: event.token))
    }
}

/// What is done at the end of a turn, in this order.
package enum TurnPhase: Sendable {
    /// Sending what was gathered for the database.
    case batches
    /// Sending answers to clients.
    case answers
}

/// Something that gathers work during a turn and hands it on at the turn's end, such as a batch
/// of queries: many at once cost fewer system calls and wake fewer sleepers than one by one.
package protocol TurnParticipant: AnyObject {
    /// Called on the loop's thread after the turn's jobs have run.
    func turnEnded()
}
