import Glibc
import Reactor
import Synchronization

/// The client's end of a connection, used by the client's thread only, which may be held by it.
final class Conversation: Sendable {
    /// Longest wait for the server, in seconds. Only a test that fails waits so long.
    static let patience: CInt = 30

    private struct State: ~Copyable {
        var socket: FileDescriptor?
        /// What has come and has not been returned.
        var received: [UInt8] = []
    }

    private let state: Mutex<State>

    init(owning number: CInt) {
        var patience = timeval(tv_sec: Int(Self.patience), tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(
                number, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        state = Mutex(State(socket: FileDescriptor(owning: number)))
    }

    /// Connects to a port of this machine; connect(2).
    static func connect(port: Int) throws(RawHTTPError) -> Conversation {
        let type = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let number = socket(AF_INET, type, 0)
        guard number >= 0 else { throw .system(call: "socket", code: errno) }
        let conversation = Conversation(owning: number)
        var enabled: CInt = 1
        // Each call sends at once, so that a test decides how octets are split, tcp(7).
        setsockopt(
            number, CInt(IPPROTO_TCP), TCP_NODELAY, &enabled,
            socklen_t(MemoryLayout<CInt>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        let code = withUnsafeBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) {
                Glibc.connect(number, $0.baseAddress, socklen_t(bytes.count))
            }
        }
        guard code == 0 else {
            throw errno == ECONNREFUSED ? .refused : .system(call: "connect", code: errno)
        }
        return conversation
    }

    /// Sends all of `octets`, each `pieceLength` of them with a call of its own; send(2).
    func send(_ octets: [UInt8], pieceLength: Int) throws(RawHTTPError) {
        try withSocket { number, _ throws(RawHTTPError) in
            var start = 0
            while start < octets.count {
                let piece = octets[start..<min(octets.count, start + pieceLength)]
                let count = piece.withUnsafeBytes {
                    Glibc.send(number, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
                }
                guard count > 0 else { throw Self.failure(of: "send") }
                start += count
            }
        }
    }

    /// The next response, read to its last octet.
    func response(toHead: Bool) throws(RawHTTPError) -> RawResponse {
        try withSocket { number, received throws(RawHTTPError) in
            while true {
                if let (response, length) = try RawResponse.parse(received, toHead: toHead) {
                    received.removeFirst(length)
                    return response
                }
                guard try Self.receive(number, into: &received) else {
                    throw .ended(after: String(decoding: received.prefix(1000), as: UTF8.self))
                }
            }
        }
    }

    /// Everything that comes up to the end of the stream.
    func remainder() throws(RawHTTPError) -> [UInt8] {
        try withSocket { number, received throws(RawHTTPError) in
            while try Self.receive(number, into: &received) {}
            defer { received = [] }
            return received
        }
    }

    /// Whether something has come, or the stream has ended, before `milliseconds` have passed.
    func hasNews(within milliseconds: CInt) throws(RawHTTPError) -> Bool {
        try withSocket { number, received throws(RawHTTPError) in
            var request = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
            return !received.isEmpty || poll(&request, 1, milliseconds) > 0
        }
    }

    /// Tells the server that nothing more comes; shutdown(2).
    func finishSending() throws(RawHTTPError) {
        try withSocket { number, _ in _ = shutdown(number, CInt(SHUT_WR)) }
    }

    /// Closes the connection: the usual way, or with a reset, socket(7).
    func close(resets: Bool) {
        state.withLock { state in
            if resets, let number = state.socket?.rawValue {
                var option = linger(l_onoff: 1, l_linger: 0)
                setsockopt(
                    number, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
            }
            state.socket = nil
        }
    }

    private func withSocket<Value: Sendable>(
        _ body: (CInt, inout [UInt8]) throws(RawHTTPError) -> Value
    ) throws(RawHTTPError) -> Value {
        try state.withLock { state throws(RawHTTPError) in
            guard let number = state.socket?.rawValue else {
                throw .system(call: "socket", code: EBADF)
            }
            return try body(number, &state.received)
        }
    }

    /// Waits for octets and takes them; recv(2).
    /// - Returns: false at the end of the stream.
    private static func receive(
        _ number: CInt, into received: inout [UInt8]
    ) throws(RawHTTPError) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 64 * 1024)
        let count = recv(number, &chunk, chunk.count, 0)
        guard count >= 0 else { throw failure(of: "recv") }
        received += chunk[..<count]
        return count > 0
    }

    private static func failure(of call: String) -> RawHTTPError {
        switch errno {
        case EAGAIN: .timedOut
        case ECONNRESET, EPIPE: .reset
        case let code: .system(call: call, code: code)
        }
    }
}
