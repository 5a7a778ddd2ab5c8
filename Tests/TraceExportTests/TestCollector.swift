import Glibc
import Synchronization
import Testing
import ThreadTesting

/// A collector that answers as a test says, connection by connection, on a thread of its own.
final class TestCollector: Sendable {
    /// What it does with the next request.
    enum Behaviour: Sendable {
        /// It answers so, and goes on.
        case answer(String)
        /// It answers so, and closes the connection.
        case answerAndClose(String)
        /// It closes the connection.
        case close
    }

    let port: UInt16
    private let listener: CInt
    private let state: Mutex<(requests: [String], behaviours: [Behaviour], connections: Int)>

    static let accepted = "HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n{\"partialSuccess\":{}}"

    /// Starts one; after `behaviours` it takes everything.
    init(_ behaviours: [Behaviour] = []) throws {
        state = Mutex(([], behaviours, 0))
        listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, size) | listen(descriptor, 16)
                    | getsockname(descriptor, pointer, &size)
            }
        }
        try #require(result == 0)
        port = UInt16(bigEndian: address.sin_port)
        startThread { [self] in serve() }
    }

    /// The requests so far: heads and bodies.
    var requests: [String] { state.withLock { $0.requests } }

    /// How many connections there have been.
    var connectionCount: Int { state.withLock { $0.connections } }

    /// Takes no more connections.
    func stop() { shutdown(listener, CInt(SHUT_RDWR)) }

    private func serve() {
        while case let connection = accept(listener, nil, nil), connection >= 0 {
            state.withLock { $0.connections += 1 }
            while let request = Self.request(on: connection), answer(request, on: connection) {}
            close(connection)
        }
        close(listener)
    }

    private func answer(_ request: String, on connection: CInt) -> Bool {
        let behaviour: Behaviour = state.withLock { state in
            state.requests.append(request)
            return state.behaviours.isEmpty
                ? .answer(Self.accepted) : state.behaviours.removeFirst()
        }
        switch behaviour {
        case .answer(let text):
            return send(connection, text, text.utf8.count, CInt(MSG_NOSIGNAL)) == text.utf8.count
        case .answerAndClose(let text):
            send(connection, text, text.utf8.count, CInt(MSG_NOSIGNAL))
            return false
        case .close: return false
        }
    }

    /// Reads a request with a length; nil at the end of the connection.
    private static func request(on connection: CInt) -> String? {
        var octets: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let text = String(decoding: octets, as: UTF8.self)
            if let head = text.firstRange(of: "\r\n\r\n"),
                let match = text.firstMatch(of: /Content-Length: ([0-9]+)/),
                let length = Int(match.1), text[head.upperBound...].utf8.count >= length
            {
                return text
            }
            let count = recv(connection, &chunk, chunk.count, 0)
            guard count > 0 else { return nil }
            octets += chunk[..<count]
        }
    }
}
