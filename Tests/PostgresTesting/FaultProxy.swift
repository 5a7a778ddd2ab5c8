import Glibc
import Synchronization
import ThreadTesting

/// Stands between a client and the server, on a Unix socket of its own, and breaks what goes
/// through when it is told to.
package final class FaultProxy: Sendable {
    /// What happens to what goes through.
    package enum Mode: Int, Sendable {
        /// Octets pass.
        case pass
        /// Octets are kept back, in both directions, until the mode is ``pass`` again.
        case stall
        /// New connections are closed at once.
        case refuse
    }

    /// The folder of its socket, for the keyword `host`.
    package let folder: String

    private let target: String
    private let listener: CInt
    private let mode = Atomic<Int>(Mode.pass.rawValue)
    private let connections = Mutex<[CInt]>([])

    /// Starts a proxy to the server whose socket is in `serverFolder`, at the usual port.
    package init(serverFolder: String) throws {
        var template = Array("/tmp/fault-proxy-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw ProxyFailure(call: "mkdtemp", code: errno) }
        folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        target = "\(serverFolder)/.s.PGSQL.5432"
        listener = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        let path = "\(folder)/.s.PGSQL.5432"
        let bound = withUnixAddress(path) { bind(listener, $0, $1) }
        guard bound == 0, listen(listener, 64) == 0 else {
            throw ProxyFailure(call: "bind", code: errno)
        }
        chmod(path, 0o777)
        chmod(folder, 0o755)
        startThread { [self] in acceptAll() }
    }

    /// Changes what happens from now on, to open connections too.
    package func set(_ mode: Mode) { self.mode.store(mode.rawValue, ordering: .releasing) }

    /// Breaks every open connection.
    package func cut() {
        connections.withLock { connections in
            for connection in connections { shutdown(connection, CInt(SHUT_RDWR)) }
            connections.removeAll()
        }
    }

    /// Ends the proxy and everything that goes through it.
    package func close() {
        shutdown(listener, CInt(SHUT_RDWR))
        cut()
        unlink("\(folder)/.s.PGSQL.5432")
        rmdir(folder)
    }

    private func acceptAll() {
        while true {
            let client = accept(listener, nil, nil)
            guard client >= 0 else { return }
            let server = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
            let isRefused = mode.load(ordering: .acquiring) == Mode.refuse.rawValue
            guard !isRefused, withUnixAddress(target, { connect(server, $0, $1) }) == 0 else {
                _ = Glibc.close(client)
                _ = Glibc.close(server)
                continue
            }
            connections.withLock { $0 += [client, server] }
            startThread { [self] in pump(from: client, to: server) }
            startThread { [self] in pump(from: server, to: client) }
        }
    }

    /// Passes octets on until either side ends. The descriptors are left to the process's end:
    /// the other direction may still use them.
    private func pump(from source: CInt, to sink: CInt) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(source, &buffer, buffer.count, 0)
            while mode.load(ordering: .acquiring) == Mode.stall.rawValue { usleep(1000) }
            guard count > 0, send(sink, buffer, count, CInt(MSG_NOSIGNAL)) == count else {
                shutdown(sink, CInt(SHUT_RDWR))
                shutdown(source, CInt(SHUT_RDWR))
                return
            }
        }
    }
}

/// A call that the proxy needs and did not get.
private struct ProxyFailure: Error {
    let call: String
    let code: CInt
}

private func withUnixAddress(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt
) -> CInt {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { field in
        precondition(path.utf8.count < field.count, "The path is too long: \(path).")
        field.copyBytes(from: path.utf8)
    }
    return withUnsafeBytes(of: &address) { bytes in
        bytes.withMemoryRebound(to: sockaddr.self) { pointer in
            guard let base = pointer.baseAddress else { return -1 }
            return body(base, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
}
