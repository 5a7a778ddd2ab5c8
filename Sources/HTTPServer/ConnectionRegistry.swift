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
    /// Where whoever drains waits for the last connection.
    private var drained: Gate?

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
        if loop.connectionCount == 0 { drained?.open() }
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
        // Looking comes after the last `await`, at which connections may have ended. Those that
        // were placed here and have not been opened yet count.
        if loop.connectionCount > 0 {
            let gate = Gate(loop: loop)
            drained = gate
            let timer = loop.schedule(at: loop.now + grace) { gate.open() }
            await gate.pass()
            loop.cancel(timer)
            drained = nil
        }
        for connection in connections.values { await connection.abort() }
        host.close()
    }
}
