import Glibc
import ThreadTesting

/// Something that listens where a Redis should, and does what it is told to with each connection.
package final class FakeRedis: Sendable {
    /// What it does with the connection of an index, on a thread of its own.
    package typealias Script = @Sendable (_ index: Int, _ connection: FakeConnection) -> Void

    /// Its address, as `REDIS_URL` has it.
    package let url: String
    private let listener = LoopbackListener()

    /// Starts it on a free port of this machine.
    package init(_ script: @escaping Script) {
        url = "redis://127.0.0.1:\(listener.port)"
        listener.serve { index, client in
            startThread {
                script(index, FakeConnection(client))
                _ = Glibc.close(client)
            }
        }
    }

    /// Ends it; connections that are open end with their scripts.
    package func close() { listener.stop() }
}

/// One connection of a ``FakeRedis``; its calls block.
package struct FakeConnection: Sendable {
    private let socket: CInt

    fileprivate init(_ socket: CInt) { self.socket = socket }

    /// Waits for something from the client.
    /// - Returns: It, or nothing when the client is gone.
    @discardableResult
    package func receive() -> String {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(socket, &buffer, buffer.count, 0)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }

    /// Waits until the client is gone.
    package func receiveAll() { while !receive().isEmpty {} }

    /// Sends a text, or as much of it as the client takes before it is gone.
    package func send(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Answers the first words of a client.
    package func greet() {
        receive()
        send("+PONG\r\n")
    }
}
