import Synchronization

/// Threads for what would hold a loop: hashing passwords, connecting to a database, compressing
/// large bodies. The queue is bounded.
package final class OffloadPool: Sendable {
    /// Why a piece of work was not done.
    package enum Refusal: Error, Equatable, Sendable {
        /// The queue is full.
        case queueFull
        /// The pool has been stopped.
        case stopped
    }

    /// What the threads share; each signal of `wakeUp` is one errand, or one thread's order to end.
    private final class Queue: Sendable {
        struct State {
            var errands: [(Errand, job: UnownedJob)] = []
            var isStopped = false
        }

        let wakeUp: WakeUp
        let errandsMax: Int
        let state = Mutex(State())

        init(errandsMax: Int) throws(SystemError) {
            self.errandsMax = errandsMax
            wakeUp = try WakeUp(counts: true, blocks: true)
        }

        /// Runs errands until the pool is stopped and nothing is queued.
        func work() {
            while true {
                wakeUp.wait()
                let next = state.withLock { $0.errands.isEmpty ? nil : $0.errands.removeFirst() }
                guard let (errand, job) = next else { return }
                job.runSynchronously(on: errand.asUnownedSerialExecutor())
            }
        }

        func add(_ errand: Errand, _ job: UnownedJob) throws(Refusal) {
            try state.withLock { state throws(Refusal) in
                if state.isStopped { throw .stopped }
                if state.errands.count >= errandsMax { throw .queueFull }
                state.errands.append((errand, job))
            }
            wakeUp.signal()
        }
    }

    /// One piece of work on its way. It is an actor that is its own executor: the job that calls it
    /// is the caller's task, which goes to a thread of the pool, does the work there, and goes on
    /// where it came from. A continuation would do the same by way of the global executor.
    private actor Errand: SerialExecutor {
        private nonisolated let queue: Queue
        /// Written before the job runs, or not at all.
        private nonisolated let refusal = Mutex<Refusal?>(nil)

        /// The errand itself.
        nonisolated var unownedExecutor: UnownedSerialExecutor { asUnownedSerialExecutor() }

        init(to queue: Queue) { self.queue = queue }

        func carryOut<Value: Sendable>(
            _ work: @Sendable () -> Value
        ) throws(Refusal) -> Value {
            if let refusal = refusal.withLock({ $0 }) { throw refusal }
            return work()
        }

        /// Sends the task to the pool; if it is not taken there, back. For the runtime.
        ///
        /// Once the job runs, on whichever thread, whoever called may have let go of the errand:
        /// nothing may be done with it afterwards. The queue is held by a thread that waits for the
        /// signal, and its lock is released before the job runs here.
        nonisolated func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            do throws(Refusal) {
                try queue.add(self, job)
            } catch {
                refusal.withLock { $0 = error }
                job.runSynchronously(on: asUnownedSerialExecutor())
            }
        }
    }

    private let queue: Queue
    private let threads: [SystemThread]

    /// Makes a pool and starts its threads.
    /// - Parameters:
    ///   - name: Of the threads, at most 15 octets.
    ///   - threads: How many, at least 1.
    ///   - queueMax: Most pieces of work that may wait for a thread.
    ///   - nice: Steps of scheduling priority that its threads give up, 0 to 19.
    package init(name: String, threads: Int, queueMax: Int, nice: Int = 0) throws(SystemError) {
        precondition(threads >= 1, "A pool needs a thread, not \(threads).")
        let queue = try Queue(errandsMax: queueMax)
        self.queue = queue
        var started: [SystemThread] = []
        for _ in 0..<threads {
            started.append(try SystemThread(name: name, nice: CInt(nice)) { queue.work() })
        }
        self.threads = started
    }

    /// How many threads there are.
    package var threadCount: Int { threads.count }

    /// How many pieces of work wait for a thread; any thread may ask.
    package var queuedCount: Int { queue.state.withLock { $0.errands.count } }

    /// Runs `work` on one of the pool's threads and returns what it makes, on the caller's
    /// executor.
    /// - Throws: ``Refusal`` at once when the queue is full or the pool stopped.
    package func run<Value: Sendable>(
        _ work: @Sendable () -> Value
    ) async throws(Refusal) -> Value {
        try await Errand(to: queue).carryOut(work)
    }

    deinit { orderEnd() }

    /// Refuses new work, finishes what is queued and waits for the threads. To be called once.
    ///
    /// Letting go of the pool instead ends its threads too, without waiting for them.
    package func stop() {
        orderEnd()
        for thread in threads { thread.join() }
    }

    private func orderEnd() {
        queue.state.withLock { $0.isStopped = true }
        for _ in threads { queue.wakeUp.signal() }
    }
}
