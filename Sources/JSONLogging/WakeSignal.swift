import CLinux
import Glibc

/// A signal that one thread gives and another waits for, eventfd(2). Given twice it counts once.
struct WakeSignal: ~Copyable, Sendable {
    private let descriptor: CInt

    init() throws(LogSinkError) {
        descriptor = eventfd(0, CInt(EFD_CLOEXEC | EFD_NONBLOCK))
        guard descriptor >= 0 else { throw .noEventDescriptor(code: errno) }
    }

    deinit { _ = close(descriptor) }

    /// Gives the signal. Safe from any thread.
    func give() { _ = eventfd_write(descriptor, 1) }

    /// Waits for the signal, however long it takes, and takes it.
    func wait() {
        _ = wait(until: nil)
    }

    /// Waits for the signal and takes it; false if `time` passed without one.
    func wait(upTo time: Duration) -> Bool {
        wait(until: ContinuousClock.now + time)
    }

    private func wait(until deadline: ContinuousClock.Instant?) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while true {
            let remaining = deadline.map { Self.milliseconds($0 - .now) } ?? -1
            let count = poll(&request, 1, remaining)
            if count > 0 { break }
            if count == 0 { return false }
            // It was interrupted: the request itself is valid, so nothing else is left of poll(2).
        }
        var value = eventfd_t()
        _ = eventfd_read(descriptor, &value)
        return true
    }

    /// Whole milliseconds, rounded up, 0 to a day.
    private static func milliseconds(_ time: Duration) -> CInt {
        let day = Duration.seconds(86_400)
        let bounded = min(max(time, .zero), day).components
        let fraction = (bounded.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return CInt(bounded.seconds * 1000 + fraction)
    }
}
