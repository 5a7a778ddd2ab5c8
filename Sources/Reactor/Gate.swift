/// Where one task waits until something on its loop lets it go on.
///
/// It is an actor that is its own executor and keeps the job of whoever calls it instead of
/// running it: that job is the waiting task. A continuation would do the same, but the runtime
/// resumes it on the global executor, from where an actor's task has to be sent back to its loop.
///
/// One task at a time waits, and everything happens on the loop's thread: that is what protects
/// the two variables.
package actor Gate: SerialExecutor {
    private nonisolated let loop: EventLoop
    private nonisolated(unsafe) var waiter: UnownedJob?
    private nonisolated(unsafe) var isOpen = false

    /// The gate itself.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { asUnownedSerialExecutor() }

    /// Makes a closed gate for tasks that live on `loop`.
    package init(loop: EventLoop) { self.loop = loop }

    /// Waits until the gate is opened, and closes it again. It does not wait when the gate was
    /// opened before.
    package func pass() {
        // The executor has let the task through. That this writes is what keeps an optimiser, which
        // sees nothing else done here, from removing the call.
        isOpen = false
    }

    /// Lets the waiting task go on, or the next one pass; on the loop's thread.
    package nonisolated func open() {
        isOpen = true
        if let job = waiter.take() { loop.resume(job) }
    }

    /// Keeps the task that called ``pass()``; for the runtime.
    package nonisolated func enqueue(_ job: consuming ExecutorJob) {
        precondition(loop.isCurrent, "A task waits that is not on the loop's thread.")
        precondition(waiter == nil, "Two tasks wait at one gate.")
        let job = UnownedJob(job)
        if isOpen { loop.resume(job) } else { waiter = job }
    }
}
