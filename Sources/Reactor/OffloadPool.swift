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

    /// What the threads share; each signal of `wakeUp` is one job, or one thread's order to end.
    private final class Queue: Sendable {
        struct State {
            var jobs: [@Sendable () -> Void] = []
            var isStopped = false
        }

        let wakeUp: WakeUp
        let state = Mutex(State())

        init() throws(SystemError) { wakeUp = try WakeUp(counts: true, blocks: true) }

        /// Runs jobs until the pool is stopped and nothing is queued.
        func work() {
            while true {
                wakeUp.wait()
                let job = state.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
                guard let job else { return }
                job()
            }
        }
    }

    private let queueMax: Int
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
        self.queueMax = queueMax
        let queue = try Queue()
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
    package var queuedCount: Int { queue.state.withLock { $0.jobs.count } }

    /// Runs `work` on one of the pool's threads and returns what it makes, on the caller's
    /// executor.
    /// - Throws: ``Refusal`` at once when the queue is full or the pool stopped.
    package func run<Value: Sendable>(
        _ work: @escaping @Sendable () -> Value
    ) async throws(Refusal) -> Value {
        let result: Result<Value, Refusal> = await withUnsafeContinuation { continuation in
            let refusal = submit { continuation.resume(returning: .success(work())) }
            if let refusal { continuation.resume(returning: .failure(refusal)) }
        }
        return try result.get()
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

    private func submit(_ job: @escaping @Sendable () -> Void) -> Refusal? {
        let refusal: Refusal? = queue.state.withLock { state in
            if state.isStopped { return .stopped }
            if state.jobs.count >= queueMax { return .queueFull }
            state.jobs.append(job)
            return nil
        }
        if refusal == nil { queue.wakeUp.signal() }
        return refusal
    }
}
