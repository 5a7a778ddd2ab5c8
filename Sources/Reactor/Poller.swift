import CLinux
import Glibc

/// The epoll set of one loop, epoll(7): edge-triggered, both directions, one registration for a
/// descriptor's whole life.
struct Poller: ~Copyable {
    /// What one descriptor has to report.
    struct Event {
        /// The number given at registration.
        let token: UInt64
        /// There may be something to read, the end of the stream included.
        let isReadable: Bool
        /// There may be room to write.
        let isWritable: Bool
        /// The peer is done writing or the connection is broken: reading on will show which.
        let isHangUp: Bool
    }

    /// Most events taken in one turn; the rest is reported in the next.
    static let eventsPerTurnMax = 256

    private let descriptor: FileDescriptor
    private let buffer: UnsafeMutablePointer<epoll_event>

    init() throws(SystemError) {
        let number = epoll_create1(CInt(EPOLL_CLOEXEC))
        guard number >= 0 else { throw SystemError(call: "epoll_create1") }
        descriptor = FileDescriptor(owning: number)
        buffer = .allocate(capacity: Self.eventsPerTurnMax)
        buffer.initialize(repeating: epoll_event(), count: Self.eventsPerTurnMax)
    }

    deinit { buffer.deallocate() }

    /// Which directions of a descriptor are watched.
    enum Interest {
        case reading
        case both
    }

    /// Watches `number` and reports it as `token`; EPOLL_CTL_ADD.
    func add(_ number: CInt, token: UInt64, _ interest: Interest) throws(SystemError) {
        var event = epoll_event()
        event.events = EPOLLIN.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        if interest == .both { event.events |= EPOLLOUT.rawValue }
        event.data.u64 = token
        guard epoll_ctl(descriptor.rawValue, EPOLL_CTL_ADD, number, &event) == 0 else {
            throw SystemError(call: "epoll_ctl")
        }
    }

    /// Forgets `number`; EPOLL_CTL_DEL.
    func remove(_ number: CInt) {
        var event = epoll_event()
        _ = epoll_ctl(descriptor.rawValue, EPOLL_CTL_DEL, number, &event)
    }

    /// Waits for events, at most `milliseconds` (0: not at all; -1: without end); epoll_wait(2).
    /// - Returns: How many there are; none after an interrupted wait.
    func wait(milliseconds: CInt) -> Int {
        let count = epoll_wait(
            descriptor.rawValue, buffer, CInt(Self.eventsPerTurnMax), milliseconds)
        // What else it may say is that the descriptor or the buffer is none, and both are ours.
        precondition(count >= 0 || errno == EINTR, "epoll_wait failed: \(errno).")
        return max(0, Int(count))
    }

    /// One of the events of the last wait.
    func event(at index: Int) -> Event {
        let flags = buffer[index].events
        let isHangUp = flags & (EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0
        return Event(
            token: buffer[index].data.u64,
            isReadable: isHangUp || flags & EPOLLIN.rawValue != 0,
            isWritable: flags & (EPOLLOUT.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0,
            isHangUp: isHangUp)
    }
}
