import Glibc

/// A socket that listens on a free port of 127.0.0.1, for the servers that tests play; its calls
/// block.
package struct LoopbackListener: Sendable {
    /// The port.
    package let port: UInt16
    private let socket: CInt

    /// Begins to listen; tcp(7).
    package init() {
        let socket = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        self.socket = socket
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                precondition(bind(socket, pointer, size) == 0, "No port is free: \(errno).")
                precondition(listen(socket, 16) == 0, "Nothing can listen: \(errno).")
                getsockname(socket, pointer, &size)
            }
        }
        port = UInt16(bigEndian: address.sin_port)
    }

    /// Hands one connection after the other to `body`, which closes it, on a thread of its own,
    /// until ``stop()``.
    package func serve(_ body: @escaping @Sendable (_ index: Int, _ connection: CInt) -> Void) {
        startThread { [socket] in
            var index = 0
            while case let connection = accept(socket, nil, nil), connection >= 0 {
                body(index, connection)
                index += 1
            }
            close(socket)
        }
    }

    /// Takes no more connections.
    package func stop() { shutdown(socket, CInt(SHUT_RDWR)) }
}
