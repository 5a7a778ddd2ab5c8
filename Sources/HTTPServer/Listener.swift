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
        /// The descriptor that was passed to the process is no TCP socket that listens.
        case notListening(CInt)
        /// A system call failed.
        case system(SystemError)

        /// One line for an operator.
        package var description: String {
            switch self {
            case .malformedHost(let host): "HOST=\(host) is not a numeric IP address"
            case .portInUse(let port):
                "port \(port) is in use by another process; stop it or choose another"
            case .notListening(let number):
                "descriptor \(number), which was passed to the service, is no TCP socket that "
                    + "listens"
            case .system(let error): "cannot listen: \(error)"
            }
        }
    }

    let descriptor: FileDescriptor
    private var spare: SpareDescriptor
    /// The port that it listens on: the one given, or what the kernel chose for 0.
    package let port: Int
    /// Address and port as a URL has them, such as `127.0.0.1:8000` or `[::]:8000`.
    package let authority: String
    /// Whether others have the socket too, and accept from it when this process does no more.
    let isShared: Bool

    /// Binds and listens; bind(2), listen(2).
    /// - Parameters:
    ///   - host: A numeric address, such as `127.0.0.1` or `::`.
    ///   - port: 0 to 65535; 0 lets the kernel choose.
    package init(host: String, port: Int, backlog: Int32) throws(Failure) {
        try self.init(
            Self.listening(host: host, port: port, backlog: backlog), isShared: false)
    }

    /// Takes a socket that listens already and was passed to the process, as systemd does
    /// (sd_listen_fds(3)), and that whoever passed it keeps open.
    /// - Parameter number: Its descriptor, owned by the listener from now on.
    package init(passed number: CInt) throws(Failure) {
        guard Self.option(SO_TYPE, of: number) == CInt(SOCK_STREAM.rawValue),
            Self.option(SO_ACCEPTCONN, of: number) == 1,
            [AF_INET, AF_INET6].contains(Self.option(SO_DOMAIN, of: number))
        else { throw .notListening(number) }
        let flags = fcntl(number, F_GETFL)
        guard flags >= 0, fcntl(number, F_SETFL, flags | O_NONBLOCK) == 0,
            fcntl(number, F_SETFD, FD_CLOEXEC) == 0
        else { throw .system(SystemError(call: "fcntl")) }
        try self.init(FileDescriptor(owning: number), isShared: true)
    }

    private init(_ descriptor: consuming FileDescriptor, isShared: Bool) throws(Failure) {
        let spare = try Self.spareDescriptor()
        (authority, port) = try Self.boundAddress(of: descriptor.rawValue)
        self.descriptor = descriptor
        self.spare = spare
        self.isShared = isShared
    }

    /// The value of an option of a socket, socket(7); nil if it has none, or is no socket.
    private static func option(_ name: CInt, of number: CInt) -> CInt? {
        var value: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        return getsockopt(number, SOL_SOCKET, name, &value, &length) == 0 ? value : nil
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

    /// Where a socket is bound to: address and port as a URL has them, and the port.
    private static func boundAddress(of number: CInt) throws(Failure) -> (String, Int) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        var service = [CChar](repeating: 0, count: Int(NI_MAXSERV))
        let failed = withUnsafeMutableBytes(of: &storage) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { address -> String? in
                guard getsockname(number, address.baseAddress, &length) == 0 else {
                    return "getsockname"
                }
                let code = getnameinfo(
                    address.baseAddress, length, &host, socklen_t(host.count), &service,
                    socklen_t(service.count), NI_NUMERICHOST | NI_NUMERICSERV)
                return code == 0 ? nil : "getnameinfo"
            }
        }
        if let failed { throw .system(SystemError(call: failed)) }
        let (name, port) = (text(of: host), text(of: service))
        let isIPv6 = CInt(storage.ss_family) == AF_INET6
        return (isIPv6 ? "[\(name)]:\(port)" : "\(name):\(port)", Int(port) ?? 0)
    }

    /// What a C function has written, up to its NUL.
    private static func text(of characters: [CChar]) -> String {
        String(
            decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
