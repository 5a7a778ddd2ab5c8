package import Ambient
import CLinux
import Glibc

/// A counter that another thread can wait for, eventfd(2).
package struct WakeUp: ~Copyable, Sendable {
    let descriptor: FileDescriptor

    /// Makes one that has no signal.
    /// - Parameters:
    ///   - counts: Each ``wait()`` takes one signal (a semaphore) instead of all of them.
    ///   - blocks: ``wait()`` waits for a signal instead of returning at once.
    package init(counts: Bool, blocks: Bool) throws(SystemError) {
        var flags = EFD_CLOEXEC
        if counts { flags |= EFD_SEMAPHORE }
        if !blocks { flags |= EFD_NONBLOCK }
        let number = eventfd(0, CInt(flags))
        guard number >= 0 else { throw SystemError(call: "eventfd") }
        descriptor = FileDescriptor(owning: number)
    }

    /// Adds one signal. Safe from any thread.
    package func signal() { _ = eventfd_write(descriptor.rawValue, 1) }

    /// Takes a signal.
    package func wait() {
        var value = eventfd_t()
        while eventfd_read(descriptor.rawValue, &value) != 0, errno == EINTR {}
    }

    /// Takes a signal, or returns false when `deadline` has passed without one. Blocks its thread,
    /// which is the only one that waits.
    package func wait(until deadline: MonotonicTime) -> Bool {
        guard descriptor.rawValue.isReady(for: POLLIN, until: deadline) else { return false }
        wait()
        return true
    }
}
