package import HTTP
package import PrometheusMetrics
package import Reactor

/// The server: takes connections and spreads them over the loops.
package final class HTTPServer: Sendable {
    /// The port that it listens on.
    package let port: Int
    /// Address and port as a URL has them, such as `127.0.0.1:8000` or `[::]:8000`.
    package let authority: String

    private let acceptor: Acceptor
    private let registries: [ConnectionRegistry]

    /// Makes a server that does not accept yet.
    /// - Parameters:
    ///   - listener: Where connections come from; it is closed when the server drains.
    ///   - loops: Where connections live.
    ///   - metrics: What is counted.
    ///   - shard: Where a loop counts; called once for each.
    ///   - onShedding: Hears, on the first loop, that connections are closed for want of room.
    ///   - responder: Makes what answers the requests of one loop; called once for each.
    package init(
        listener: consuming Listener, loops: EventLoopGroup,
        configuration: HTTPServerConfiguration,
        metrics: ServerMetrics, shard: (EventLoop) -> MetricsShard,
        onShedding: @escaping @Sendable (Shedding) -> Void, responder: (EventLoop) -> any Responder
    ) {
        port = listener.port
        authority = listener.authority
        let hosts = loops.loops.map { loop in
            ConnectionHost(
                loop: loop, responder: responder(loop), configuration: configuration,
                metrics: metrics, shard: shard(loop))
        }
        registries = hosts.map(ConnectionRegistry.init)
        acceptor = Acceptor(
            listener: listener, loops: loops, registries: registries,
            configuration: configuration, metrics: metrics, shard: hosts[0].shard,
            onShedding: onShedding)
    }

    /// Begins to accept connections. To be called once.
    /// - Throws: What keeps the first loop from watching the listener.
    package func start() async throws(SystemError) { try await acceptor.start() }

    /// Makes every answer from now on the last one of its connection, and goes on serving.
    ///
    /// A drain that comes later then finds few idle connections to close: one that is closed in the
    /// moment in which a proxy sends a request on it costs that request.
    package func leave() async {
        for registry in registries { await registry.leave() }
    }

    /// Stops accepting, closes idle connections, lets requests in flight end and after `grace`
    /// closes what is left.
    package func drain(grace: Duration) async {
        await acceptor.stop()
        await withTaskGroup { group in
            for registry in registries {
                group.addTask { await registry.drain(grace: grace) }
            }
        }
    }
}
