package import Ambient
import Glibc

/// Why an exchange with another host did not come about.
package enum BlockingFailure: Error, Equatable, Sendable {
    /// The host cannot be found or reached; the reason in a few words.
    case unreachable(String)
    /// The connection was lost.
    case connectionLost
    /// The deadline passed first.
    case timedOut
}

/// Sockets for threads that may block: every call waits, but not beyond its deadline. Only the
/// resolver of the system, getaddrinfo(3), has time limits of its own.
package enum BlockingSocket {
    /// Connects a TCP socket to the first address of a host that takes a connection.
    /// - Parameter host: A name, or an address in numbers, without brackets.
    /// - Returns: A descriptor that does not block.
    package static func connect(
        host: String, port: UInt16, until deadline: MonotonicTime
    ) throws(BlockingFailure) -> FileDescriptor {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICSERV
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &found)
        guard code == 0 else { throw .unreachable(String(cString: gai_strerror(code))) }
        defer { freeaddrinfo(found) }
        var failure = BlockingFailure.timedOut
        var next = found
        while let candidate = next?.pointee, deadline > .now {
            do throws(BlockingFailure) {
                return try connect(
                    family: candidate.ai_family, candidate.ai_addr, candidate.ai_addrlen,
                    until: deadline)
            } catch {
                failure = error
            }
            next = candidate.ai_next
        }
        throw failure
    }

    /// Connects to a socket of this machine, unix(7).
    /// - Parameter path: At most 107 octets, of which none is 0.
    /// - Returns: A descriptor that does not block.
    package static func connect(
        path: String, until deadline: MonotonicTime
    ) throws(BlockingFailure) -> FileDescriptor {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw .unreachable("the path of the socket is too long")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        return try withUnsafePointer(to: &address) { pointer throws(BlockingFailure) in
            let raw = UnsafeRawPointer(pointer).assumingMemoryBound(to: sockaddr.self)
            return try connect(family: AF_UNIX, raw, size, until: deadline)
        }
    }

    /// Sends all of `octets`.
    package static func send(
        _ octets: [UInt8], on socket: CInt, until deadline: MonotonicTime
    ) throws(BlockingFailure) {
        var sentCount = 0
        while sentCount < octets.count {
            let count = octets[sentCount...].withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            if count >= 0 {
                sentCount += count
            } else {
                guard errno == EAGAIN || errno == EINTR else { throw .connectionLost }
                guard socket.isReady(for: POLLOUT, until: deadline) else { throw .timedOut }
            }
        }
    }

    private static func connect(
        family: CInt, _ address: UnsafePointer<sockaddr>?, _ size: socklen_t,
        until deadline: MonotonicTime
    ) throws(BlockingFailure) -> FileDescriptor {
        let type = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        let number = Glibc.socket(family, CInt(type), 0)
        guard number >= 0 else { throw .unreachable("\(SystemError(call: "socket"))") }
        let socket = FileDescriptor(owning: number)
        if Glibc.connect(number, address, size) != 0 {
            guard errno == EINPROGRESS || errno == EINTR else {
                throw .unreachable("\(SystemError(call: "connect"))")
            }
            guard number.isReady(for: POLLOUT, until: deadline) else { throw .timedOut }
            var code: CInt = 0
            var size = socklen_t(MemoryLayout<CInt>.size)
            getsockopt(number, SOL_SOCKET, SO_ERROR, &code, &size)
            guard code == 0 else {
                throw .unreachable("\(SystemError(call: "connect", code: code))")
            }
        }
        return socket
    }
}
