import CLinux
import Glibc

/// Signals that have come to the process, whichever thread they came to, in their order: what
/// their handler can do is write them into a pipe, signal-safety(7). There is one at most.
package struct SignalPipe: ~Copyable, Sendable {
    private let readEnd: FileDescriptor

    /// Catches `signals` from now on until the process ends; sigaction(2).
    /// - Parameter signals: Numbers such as `SIGTERM`.
    package init(catching signals: [CInt]) throws(SystemError) {
        let number = linux_signal_pipe()
        guard number >= 0 else { throw SystemError(call: "pipe2") }
        let descriptor = FileDescriptor(owning: number)
        for signal in signals where linux_catch_signal(signal) != 0 {
            throw SystemError(call: "sigaction")
        }
        readEnd = descriptor
    }

    /// Blocks its thread until a signal comes, and returns its number.
    /// - Parameter limit: The longest wait, in whole milliseconds up to a day; nil for no limit.
    /// - Returns: nil when `limit` has passed without a signal.
    package func next(within limit: Duration? = nil) -> CInt? {
        let deadline = limit.map { ContinuousClock.now + $0 }
        var request = pollfd(fd: readEnd.rawValue, events: Int16(POLLIN), revents: 0)
        while true {
            let wait = deadline.map { max(.zero, $0 - .now) / .milliseconds(1) } ?? -1
            let count = poll(&request, 1, CInt(min(wait.rounded(.up), 86_400_000)))
            guard count != 0 else { return nil }
            var signal: UInt8 = 0
            // poll(2) and read(2) may be interrupted, by a signal of another kind.
            if count > 0, read(readEnd.rawValue, &signal, 1) == 1 { return CInt(signal) }
        }
    }

    /// Whether the process was started with `signal` ignored, as nohup(1) does with SIGHUP.
    package static func isIgnored(_ signal: CInt) -> Bool { linux_is_signal_ignored(signal) != 0 }

    /// Ignores `signal` from now on.
    package static func ignore(_ signal: CInt) { _ = Glibc.signal(signal, SIG_IGN) }
}
