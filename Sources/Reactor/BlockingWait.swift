package import Ambient
import Glibc

extension CInt {
    /// Waits until the descriptor of this number is ready, or broken, so that the next call tells;
    /// poll(2). Blocks its thread: not for event loops.
    /// - Parameter events: `POLLIN` or `POLLOUT`.
    /// - Returns: false when `deadline` has passed before.
    package func isReady(for events: CInt, until deadline: MonotonicTime) -> Bool {
        var request = pollfd(fd: self, events: Int16(events), revents: 0)
        while true {
            let count = poll(&request, 1, Self.milliseconds(until: deadline))
            if count > 0 { return true }
            if count == 0, MonotonicTime.now >= deadline { return false }
            // It was interrupted, or the deadline is farther than poll(2) can wait: the request
            // itself is valid, so nothing else is left.
        }
    }

    /// Whole milliseconds, rounded up, 0 to an hour.
    private static func milliseconds(until deadline: MonotonicTime) -> CInt {
        let rest = Swift.min(Swift.max(deadline - .now, .zero), .seconds(3600)).components
        let fraction = (rest.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return CInt(rest.seconds * 1000 + fraction)
    }
}
