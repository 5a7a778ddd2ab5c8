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
            let count = poll(&request, 1, (deadline - .now).pollMilliseconds)
            if count > 0 { return true }
            if count == 0, MonotonicTime.now >= deadline { return false }
            // It was interrupted, or the deadline is farther than poll(2) can wait: the request
            // itself is valid, so nothing else is left.
        }
    }
}

extension Duration {
    /// How long poll(2) and epoll_wait(2) are to wait: whole milliseconds, rounded up, from 0 to an
    /// hour.
    var pollMilliseconds: CInt {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        guard seconds < 3600 else { return 3_600_000 }
        return CInt(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
