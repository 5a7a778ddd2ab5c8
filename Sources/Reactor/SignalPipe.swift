import Ambient
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
    /// - Parameter limit: The longest wait, in whole milliseconds; nil for no limit.
    /// - Returns: nil when `limit` has passed without a signal.
    package func next(within limit: Duration? = nil) -> CInt? {
        let deadline = limit.map { MonotonicTime.now + $0 }
        while true {
            if let deadline, !readEnd.rawValue.isReady(for: POLLIN, until: deadline) { return nil }
            var signal: UInt8 = 0
            // read(2) may be interrupted, by a signal of another kind.
            if read(readEnd.rawValue, &signal, 1) == 1 { return CInt(signal) }
        }
    }

    /// Whether the process was started with `signal` ignored, as nohup(1) does with SIGHUP.
    package static func isIgnored(_ signal: CInt) -> Bool { linux_is_signal_ignored(signal) != 0 }

    /// Ignores `signal` from now on.
    package static func ignore(_ signal: CInt) { _ = Glibc.signal(signal, SIG_IGN) }
}
