import CLinux
import Glibc

/// A counter that another thread can wait for, eventfd(2).
struct WakeUp: ~Copyable, Sendable {
    let descriptor: FileDescriptor

    /// - Parameter counts: Each ``wait()`` takes one signal (a semaphore) instead of all of them.
    /// - Parameter blocks: ``wait()`` waits for a signal instead of returning at once.
    init(counts: Bool, blocks: Bool) throws(SystemError) {
        var flags = EFD_CLOEXEC
        if counts { flags |= EFD_SEMAPHORE }
        if !blocks { flags |= EFD_NONBLOCK }
        let number = eventfd(0, CInt(flags))
        guard number >= 0 else { throw SystemError(call: "eventfd") }
        descriptor = FileDescriptor(owning: number)
    }

    /// Adds one signal. Safe from any thread.
    func signal() { _ = eventfd_write(descriptor.rawValue, 1) }

    /// Takes a signal.
    func wait() {
        var value = eventfd_t()
        while eventfd_read(descriptor.rawValue, &value) != 0, errno == EINTR {}
    }
}
