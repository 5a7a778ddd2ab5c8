import Glibc
import HTTPTesting
import Reactor

/// A client's socket by itself: it costs no thread, and may be made before it is connected.
final class TestSocket: Sendable {
    private let descriptor: FileDescriptor

    /// Makes a socket of a client at `address`, one of this machine's.
    init(at address: String = "127.0.0.1") throws {
        let number = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { throw SystemError(call: "socket") }
        descriptor = FileDescriptor(owning: number)
        let code = Self.withAddress(address, port: 0) { bind(number, $0, $1) }
        guard code == 0 else { throw SystemError(call: "bind") }
    }

    /// Connects it to a port of this machine.
    func connect(port: Int) throws {
        let code = Self.withAddress("127.0.0.1", port: port) {
            Glibc.connect(descriptor.rawValue, $0, $1)
        }
        guard code == 0 else { throw SystemError(call: "connect") }
    }

    /// Sends a text that fits the kernel's buffer.
    func send(_ text: String) throws {
        let count = Glibc.send(
            descriptor.rawValue, text, text.utf8.count, CInt(MSG_NOSIGNAL))
        guard count == text.utf8.count else { throw SystemError(call: "send") }
    }

    /// Asks the kernel for a receive buffer of about `count` octets, socket(7).
    func limitReceiving(to count: CInt) {
        var count = count
        setsockopt(
            descriptor.rawValue, SOL_SOCKET, SO_RCVBUF, &count,
            socklen_t(MemoryLayout<CInt>.size))
    }

    /// A client that speaks over this socket, once that is connected.
    func client() throws -> RawHTTPClient {
        let number = dup(descriptor.rawValue)
        guard number >= 0 else { throw SystemError(call: "dup") }
        return try RawHTTPClient(owning: number)
    }

    private static func withAddress(
        _ text: String, port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt
    ) -> CInt {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr(text)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}

/// Many connections at once, which say what all are told to.
struct Flood: Sendable {
    private let sockets: [TestSocket]

    /// Connects `count` clients to a port of this machine, with receive buffers of about
    /// `receiveBytes` if that is given.
    init(of count: Int, port: Int, receiveBytes: CInt? = nil) throws {
        // The process holds both ends of each.
        _ = DescriptorLimit.raised()
        sockets = try (0..<count).map { _ in
            let socket = try TestSocket()
            if let receiveBytes { socket.limitReceiving(to: receiveBytes) }
            try socket.connect(port: port)
            return socket
        }
    }

    /// Has each send a text that fits the kernel's buffer.
    func send(_ text: String) throws {
        for socket in sockets { try socket.send(text) }
    }

    /// What each has been sent, up to the end of its stream.
    func remainders() async throws -> [[UInt8]] {
        var remainders: [[UInt8]] = []
        for socket in sockets { remainders.append(try await socket.client().remainder()) }
        return remainders
    }
}

/// Every descriptor that the process may still open, opened, until it is let go of.
struct Exhaustion: ~Copyable {
    private var taken: [CInt] = []

    /// - Parameter limit: The process's descriptors from now on, setrlimit(2).
    init(limit: Int) throws {
        var limits = rlimit()
        getrlimit(CInt(RLIMIT_NOFILE.rawValue), &limits)
        limits.rlim_cur = rlim_t(limit)
        guard setrlimit(CInt(RLIMIT_NOFILE.rawValue), &limits) == 0 else {
            throw SystemError(call: "setrlimit")
        }
        while case let number = dup(STDIN_FILENO), number >= 0 { taken.append(number) }
        guard errno == EMFILE else { throw SystemError(call: "dup") }
    }

    deinit { for number in taken { close(number) } }
}
