package import Ambient
import CLinux
import Glibc
import Synchronization

/// Where log lines go: bounded buffers in memory, and a thread that writes them to a descriptor.
///
/// Each event loop has a buffer, and all other threads share one. Appending never waits for the
/// output. Lines that find their buffer full are dropped, counted, and told of by a line of their
/// own where they are missing. A line is never split, and those of one loop stay in order.
package final class LogSink: Sendable {
    /// Octets that the buffers of all loops hold, and that of the other threads, unless told
    /// otherwise: 1 MiB, some thousands of lines.
    package static let bufferOctetsMax = 1 << 20

    /// How every line looks.
    package let style: LogStyle

    private let descriptor: CInt
    private let queue: LogQueue
    /// The writer's thread, until the sink is closed.
    private let thread: Mutex<pthread_t?>

    /// Opens a sink.
    ///
    /// - Parameters:
    ///   - descriptor: Where lines are written to. It is borrowed and must stay open until
    ///     ``close(within:)`` has returned.
    ///   - style: How lines look.
    ///   - clock: Gives the time of lines that the sink writes itself.
    ///   - loopCount: Event loops that have a buffer of their own.
    ///   - bufferOctetsMax: The most octets that wait to be written, 1 or more: those of all loops
    ///     together, and as many of the other threads. As many again may be in the writer's hands.
    ///     A loop has 64 KiB at least.
    /// - Throws: ``LogSinkError`` when the system lacks a descriptor or a thread.
    package init(
        descriptor: CInt, style: LogStyle, clock: WallClock,
        loopCount: Int = 0, bufferOctetsMax: Int = LogSink.bufferOctetsMax
    ) throws(LogSinkError) {
        precondition(bufferOctetsMax > 0, "A buffer cannot hold \(bufferOctetsMax) octets.")
        self.descriptor = descriptor
        self.style = style
        let queue = try LogQueue(octetsMax: bufferOctetsMax, loopCount: loopCount)
        self.queue = queue
        thread = Mutex(
            try startThread {
                var writer = LogWriter(
                    queue: queue, output: DescriptorOutput(descriptor: descriptor), style: style,
                    clock: clock)
                writer.run()
            })
    }

    deinit { close(within: .seconds(1)) }

    /// Lines that were dropped since the beginning: the buffer was full, or the output refused.
    package var linesDropped: Int { queue.linesDropped }

    /// Lines that found room in a buffer since the beginning.
    package var linesTaken: Int { queue.linesTaken }

    /// Puts a line with its line break into the buffer of the thread's loop, or drops it. Safe
    /// from any thread; never waits for the output.
    func append(_ line: [UInt8]) {
        queue.append(line)
    }

    /// Has lines that are not written yet written when the process traps, before it ends as it
    /// would without. To be called once in a process, with its own sink.
    /// - Throws: ``LogSinkError`` when the system does not let it.
    package func writeOnTrap() throws(LogSinkError) {
        try queue.memory.writeOnTrap(to: descriptor)
    }

    /// Waits until all lines appended so far are written, or refused by the output.
    ///
    /// Blocks its thread: not for event loops. Returns false if `time` passed before.
    @discardableResult
    package func flush(within time: Duration) -> Bool {
        queue.waitUntilWritten(upTo: time)
    }

    /// Writes what is there and ends the writer; lines appended later are dropped.
    ///
    /// Blocks its thread: not for event loops. Returns false if `time` passed before, as when the
    /// output takes nothing; the thread is then left to itself. Closing again does nothing.
    @discardableResult
    package func close(within time: Duration) -> Bool {
        guard let thread = thread.withLock({ $0.take() }) else { return true }
        queue.close()
        guard queue.waitUntilStopped(upTo: time) else {
            pthread_detach(thread)
            return false
        }
        pthread_join(thread, nil)
        return true
    }
}

/// What a new thread is to do, on its way through `pthread_create`.
private final class ThreadStart: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

/// Starts the writer's thread, which takes no signals, so that a write to a pipe without a reader
/// is an error of its own instead of a SIGPIPE.
private func startThread(_ body: @escaping @Sendable () -> Void) throws(LogSinkError) -> pthread_t {
    var thread = pthread_t()
    let start = Unmanaged.passRetained(ThreadStart(body))
    let code = pthread_create(
        &thread, nil,
        { argument in
            var signals = sigset_t()
            sigfillset(&signals)
            pthread_sigmask(SIG_SETMASK, &signals, nil)
            linux_name_current_thread("log-writer")
            if let argument {
                Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue().body()
            }
            return nil
        }, start.toOpaque())
    guard code == 0 else {
        start.release()
        throw .noThread(code: code)
    }
    return thread
}
