import CLinux
import Glibc
import Reactor

/// A connected, non-blocking stream socket; closed by its end of life.
struct Socket: ~Copyable, Sendable {
    /// What a read or a write came to.
    enum Transfer: Equatable {
        /// So many octets went through; 0 from a read is the end of the stream.
        case done(Int)
        /// Nothing now; wait until the socket is ready.
        case wouldBlock
        /// The connection is broken.
        case failed
    }

    let descriptor: FileDescriptor

    init(owning number: CInt) {
        descriptor = FileDescriptor(owning: number)
        var enabled: CInt = 1
        // Answers are written whole, so nothing is won by holding them back, tcp(7).
        setsockopt(
            number, CInt(IPPROTO_TCP), TCP_NODELAY, &enabled,
            socklen_t(MemoryLayout<CInt>.size))
    }

    /// Reads what is there into `buffer`; recv(2).
    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
        transfer { recv(descriptor.rawValue, buffer.baseAddress, buffer.count, 0) }
    }

    /// Writes as much of `buffer` as the kernel takes; send(2).
    func send(_ buffer: UnsafeRawBufferPointer) -> Transfer {
        transfer {
            Glibc.send(
                descriptor.rawValue, buffer.baseAddress, buffer.count, CInt(MSG_NOSIGNAL))
        }
    }

    /// Octets that have come and have not been read; ioctl_list(2).
    var unreadCount: Int {
        var count: CInt = 0
        return ioctl(descriptor.rawValue, UInt(FIONREAD), &count) == 0 ? Int(count) : 0
    }

    /// Tells the peer that nothing more comes; shutdown(2).
    func shutDownWriting() {
        _ = shutdown(descriptor.rawValue, CInt(SHUT_WR))
    }

    /// Has the connection broken off by a reset when it is closed; socket(7).
    func resetWhenClosed() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            descriptor.rawValue, SOL_SOCKET, SO_LINGER, &option,
            socklen_t(MemoryLayout<linger>.size))
    }

    private func transfer(_ call: () -> Int) -> Transfer {
        while true {
            let count = call()
            if count >= 0 { return .done(count) }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wouldBlock
            default: return .failed
            }
        }
    }
}
