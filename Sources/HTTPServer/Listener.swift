import CLinux
import Glibc
import HTTP
package import Reactor

/// A socket that listens for connections.
package struct Listener: ~Copyable, Sendable {
    /// Why a listener could not be made.
    package enum Failure: Error, Equatable, CustomStringConvertible {
        /// The host is not a numeric IPv4 or IPv6 address.
        case malformedHost(String)
        /// Another process has the port.
        case portInUse(Int)
        /// A system call failed.
        case system(SystemError)

        /// One line for an operator.
        package var description: String {
            switch self {
            case .malformedHost(let host): "HOST=\(host) is not a numeric IP address"
            case .portInUse(let port):
                "port \(port) is in use by another process; stop it or set PORT"
            case .system(let error): "cannot listen: \(error)"
            }
        }
    }

    let descriptor: FileDescriptor
    private var spare: SpareDescriptor
    /// The port that it listens on: the one given, or what the kernel chose for 0.
    package let port: Int

    /// Binds and listens; bind(2), listen(2).
    /// - Parameters:
    ///   - host: A numeric address, such as `127.0.0.1` or `::`.
    ///   - port: 0 to 65535; 0 lets the kernel choose.
    package init(host: String, port: Int, backlog: Int32) throws(Failure) {
        let descriptor = try Self.listening(host: host, port: port, backlog: backlog)
        let spare = try Self.spareDescriptor()
        self.port = try Self.boundPort(of: descriptor.rawValue)
        self.descriptor = descriptor
        self.spare = spare
    }

    private static func spareDescriptor() throws(Failure) -> SpareDescriptor {
        do {
            return try SpareDescriptor()
        } catch {
            throw .system(error)
        }
    }

    private static func listening(
        host: String, port: Int, backlog: Int32
    ) throws(Failure) -> FileDescriptor {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let address = found else {
            throw .malformedHost(host)
        }
        defer { freeaddrinfo(address) }
        let type = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        let number = socket(address.pointee.ai_family, CInt(type), 0)
        guard number >= 0 else { throw .system(SystemError(call: "socket")) }
        let descriptor = FileDescriptor(owning: number)
        var enabled: CInt = 1
        setsockopt(
            number, SOL_SOCKET, SO_REUSEADDR, &enabled, socklen_t(MemoryLayout<CInt>.size))
        guard bind(number, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0 else {
            throw errno == EADDRINUSE ? .portInUse(port) : .system(SystemError(call: "bind"))
        }
        guard listen(number, backlog) == 0 else {
            throw errno == EADDRINUSE ? .portInUse(port) : .system(SystemError(call: "listen"))
        }
        return descriptor
    }

    /// Takes a connection that waits, if there is one. Without a descriptor for it, it is closed:
    /// its client then learns at once that it is not served.
    mutating func accept() -> Acceptance {
        let number = descriptor.rawValue
        let acceptance = Self.accept(from: number)
        guard case .outOfDescriptors = acceptance else { return acceptance }
        // accept4(2) says that also when nobody waits: it takes a descriptor before it looks.
        return spare.lend { Self.shed(from: number) } ?? .outOfDescriptors
    }

    private static func shed(from listener: CInt) -> Acceptance {
        let acceptance = accept(from: listener)
        guard case .connection(let number, _) = acceptance else { return acceptance }
        _ = close(number)
        return .shed
    }

    /// Takes a connection that waits, if there is one; accept4(2).
    private static func accept(from listener: CInt) -> Acceptance {
        var address = sockaddr_storage()
        let number = linux_accept4(
            listener, &address, UInt32(MemoryLayout<sockaddr_storage>.size),
            CInt(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue))
        guard number < 0 else { return .connection(number, from: ClientAddress(address)) }
        switch errno {
        case EAGAIN: return .nobody
        case EMFILE, ENFILE: return .outOfDescriptors
        // What has become of a connection in the meantime is told here, accept(2).
        case EINTR, ECONNABORTED, EPROTO, EPERM, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, ENONET,
            EHOSTUNREACH, EOPNOTSUPP, ENETUNREACH:
            return .aborted
        default: return .unavailable
        }
    }

    /// What there was to accept.
    enum Acceptance {
        /// A connected socket, owned by whoever receives this, and its peer.
        case connection(CInt, from: ClientAddress)
        /// One that had ended before it was taken.
        case aborted
        /// One that was closed at once, because no descriptor is left.
        case shed
        /// Nobody waits.
        case nobody
        /// No descriptor is left, not even one to close a connection with.
        case outOfDescriptors
        /// None can be accepted now, most likely for want of memory.
        case unavailable
    }

    private static func boundPort(of number: CInt) throws(Failure) -> Int {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let code = withUnsafeMutableBytes(of: &storage) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) {
                getsockname(number, $0.baseAddress, &length)
            }
        }
        guard code == 0 else { throw .system(SystemError(call: "getsockname")) }
        // The port stands at the same place in both families.
        let port = withUnsafeBytes(of: storage) {
            $0.loadUnaligned(fromByteOffset: 2, as: UInt16.self)
        }
        return Int(UInt16(bigEndian: port))
    }
}
