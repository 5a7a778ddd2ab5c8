import Glibc
import Synchronization
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

    var port: UInt16 { listener.port }
    private let listener = LoopbackListener()
    private let state: Mutex<(requests: [String], behaviours: [Behaviour], connections: Int)>

    static let accepted = "HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n{\"partialSuccess\":{}}"

    /// Starts one; after `behaviours` it takes everything.
    init(_ behaviours: [Behaviour] = []) {
        state = Mutex(([], behaviours, 0))
        listener.serve { [self] _, connection in serve(connection) }
    }

    /// The requests so far: heads and bodies.
    var requests: [String] { state.withLock { $0.requests } }

    /// How many connections there have been.
    var connectionCount: Int { state.withLock { $0.connections } }

    /// Takes no more connections.
    func stop() { listener.stop() }

    private func serve(_ connection: CInt) {
        state.withLock { $0.connections += 1 }
        while let request = Self.request(on: connection), answer(request, on: connection) {}
        close(connection)
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
