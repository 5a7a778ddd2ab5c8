import Ambient
import HTTP
import Reactor

/// The open connections of one loop, so that they can be told to end.
actor ConnectionRegistry {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private let host: ConnectionHost
    private var connections: [ObjectIdentifier: Connection] = [:]
    private var isLeaving = false
    private var isDraining = false
    private var drained: UnsafeContinuation<Void, Never>?

    init(host: ConnectionHost) {
        self.host = host
        loop = host.loop
    }

    /// Begins to serve a connected socket that was placed on the loop (see
    /// ``EventLoop/connectionPlaced()``), and that becomes the connection's own.
    /// - Parameter onEnd: Told, on the loop's thread, when it has been closed.
    @discardableResult
    func open(
        _ number: CInt, from client: ClientAddress, onEnd: (@Sendable () -> Void)? = nil
    ) -> Connection {
        let socket = Socket(owning: number)
        let connection = Connection(socket: socket, from: client, host: host) { [self] ended in
            assumeIsolated { $0.connectionEnded(ended) }
            onEnd?()
        }
        connections[ObjectIdentifier(connection)] = connection
        connection.assumeIsolated { [isLeaving, isDraining] connection in
            if isLeaving { connection.leave() }
            if isDraining { connection.drain() }
            connection.start()
        }
        return connection
    }

    private func connectionEnded(_ connection: Connection) {
        connections[ObjectIdentifier(connection)] = nil
        loop.connectionEnded()
        if loop.connectionCount == 0 { drained.take()?.resume() }
    }

    /// Makes the next answer of every connection its last, of new ones too.
    func leave() {
        isLeaving = true
        for connection in connections.values { connection.assumeIsolated { $0.leave() } }
    }

    /// Lets what is in flight end, closes what is idle, and after `grace` closes the rest.
    func drain(grace: Duration) async {
        isDraining = true
        for connection in connections.values { await connection.drain() }
        var timer: TimerID?
        await withUnsafeContinuation { continuation in
            // To look and to begin to wait is one step, or the last end could be missed: at any
            // `await` before, connections may have ended.
            // Those that were placed here and have not been opened yet count.
            guard loop.connectionCount > 0 else { return continuation.resume() }
            drained = continuation
            timer = loop.schedule(at: loop.now + grace) { [weak self] in
                self?.assumeIsolated { $0.drained.take()?.resume() }
            }
        }
        if let timer { loop.cancel(timer) }
        for connection in connections.values { await connection.abort() }
        host.close()
    }
}
