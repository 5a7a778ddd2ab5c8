package import Ambient
import Glibc
import Synchronization

extension EventLoop: SerialExecutor, TaskExecutor {
    /// Queues a job; safe from any thread. From another thread it wakes the loop.
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent {
            jobs.append(job)
        } else {
            inbox.withLock { $0.append(job) }
            let wasPending = isWakePending.exchange(true, ordering: .acquiringAndReleasing)
            if !wasPending { wakeUp.signal() }
        }
    }

    /// Traps unless the caller runs on this loop's thread.
    package func checkIsolated() {
        precondition(isCurrent, "Not on the thread of loop \(index).")
    }

    /// Whether the caller runs on this loop's thread.
    package func isIsolatingCurrentContext() -> Bool? { isCurrent }

    /// Queues a job that waited at a gate; on the loop's thread.
    func resume(_ job: UnownedJob) {
        assert(isCurrent, "Off the loop's thread.")
        jobs.append(job)
    }

    /// Runs queued jobs, those that they queue in turn included, until there are none or
    /// ``jobsPerTurnMax`` have run in this turn.
    func runJobs() {
        var ran = 0
        repeat {
            takeInbox()
            while ran < jobs.count, jobsLeft > 0 {
                let job = jobs[ran]
                ran += 1
                jobsLeft -= 1
                job.runSynchronously(on: asUnownedSerialExecutor())
            }
        } while jobsLeft > 0 && isWakePending.load(ordering: .relaxed)
        jobs.removeFirst(ran)
    }

    private func takeInbox() {
        guard isWakePending.exchange(false, ordering: .acquiringAndReleasing) else { return }
        inbox.withLock { inbox in
            jobs.append(contentsOf: inbox)
            inbox.removeAll(keepingCapacity: true)
        }
    }
}

extension EventLoop {
    /// Has `participant` called once, at the end of this turn; on the loop's thread.
    package func callAtEndOfTurn(_ participant: any TurnParticipant, _ phase: TurnPhase) {
        assert(isCurrent, "Off the loop's thread.")
        switch phase {
        case .batches: batching.append(participant)
        case .answers: answering.append(participant)
        }
    }

    /// Runs `action` on the loop's thread at `deadline` or soon after; on the loop's thread.
    package func schedule(
        at deadline: MonotonicTime, _ action: @escaping () -> Void
    ) -> TimerID {
        assert(isCurrent, "Off the loop's thread.")
        return TimerID(id: timers.insert(at: deadline, .action(action)))
    }

    /// Waits until `deadline`; on the loop's thread.
    package func pause(until deadline: MonotonicTime) async {
        let gate = Gate(loop: self)
        _ = schedule(at: deadline) { gate.open() }
        await gate.pass()
    }

    /// Waits for some time, or until the task is cancelled; from any thread.
    package func sleep(for time: Duration) async { await Resident(loop: self).sleep(for: time) }

    /// Waits until what has come by now has been dealt with, later in this turn or in the next one,
    /// so that others have theirs; on the loop's thread.
    package func yield() async { await pause(until: now) }

    /// Runs `body` on the loop's thread, for those who have no actor there.
    package func run<Value: Sendable>(
        _ body: @Sendable (isolated Resident) async throws -> Value
    ) async rethrows -> Value {
        try await Resident(loop: self).run(body)
    }

    /// Takes a timer back; one that has fired is left alone. On the loop's thread.
    package func cancel(_ timer: TimerID) {
        assert(isCurrent, "Off the loop's thread.")
        timers.cancel(timer.id)
    }
}

/// Names one scheduled action of a loop.
package struct TimerID: Sendable {
    let id: TimerHeap<EventLoop.Timer>.ID
}

/// An actor without state, on a loop.
package actor Resident {
    private nonisolated let loop: EventLoop
    /// The loop.
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        loop.asUnownedSerialExecutor()
    }

    init(loop: EventLoop) { self.loop = loop }

    func run<Value: Sendable>(
        _ body: @Sendable (isolated Resident) async throws -> Value
    ) async rethrows -> Value {
        try await body(self)
    }

    func sleep(for time: Duration) async {
        let gate = Gate(loop: loop)
        let timer = loop.schedule(at: loop.now + time) { gate.open() }
        // By a method of this actor, or the closure would run on another thread.
        await withTaskCancellationHandler {
            await self.pass(gate)
        } onCancel: {
            Task(executorPreference: loop) { await self.open(gate) }
        }
        loop.cancel(timer)
    }

    private func pass(_ gate: Gate) async { await gate.pass() }

    private func open(_ gate: Gate) { gate.open() }
}
