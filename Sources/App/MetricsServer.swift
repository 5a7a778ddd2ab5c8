import HTTP
import HTTPServer
import Middleware
import PrometheusMetrics
import Reactor
import Routing

/// `/metrics` on a port of its own, and on a loop of its own: it is served as well while the other
/// loops are at their limits.
struct MetricsServer: Sendable {
    /// Most connections of those who scrape.
    static let connectionsMax = 16
    /// The longest that a scrape in flight has to finish when the service stops.
    private static let grace: Duration = .seconds(1)

    private let loops: EventLoopGroup
    private let server: HTTPServer

    /// The port that it listens on.
    var port: Int { server.port }
    /// The address and the port that it listens on.
    var authority: String { server.authority }

    /// Makes a server that does not accept yet.
    /// - Parameters:
    ///   - number: The number of the route among all of the service's.
    init(
        listener: consuming Listener, _ shared: SharedParts, counting requests: RequestMetrics,
        number: Int, _ metrics: ServerMetrics
    ) throws(StartFailure) {
        var http = shared.http
        http.connectionsMax = Self.connectionsMax
        http.connectionsPerClientMax = nil
        do throws(SystemError) {
            loops = try EventLoopGroup(count: 1)
        } catch {
            throw .system(error)
        }
        // The loop is not one of those that have a shard.
        let shard = shared.metrics.sharedShard
        let recorder = RequestRecorder(
            next: Router([shared.metricsRoute], firstNumber: number), ids: shared.requestIDs,
            log: shared.accessLog(), metrics: requests, shard: shard, wallClock: shared.clock)
        server = HTTPServer(
            listener: listener, loops: loops, configuration: http, metrics: metrics,
            shard: { _ in shard },
            onShedding: { [logger = shared.logger] in logger.connectionsShed($0) },
            responder: { _ in recorder })
    }

    /// Begins to serve.
    func start() async throws(StartFailure) {
        do {
            try await server.start()
        } catch {
            throw .system(error)
        }
    }

    /// Ends, the last of all, so that what happened until then can be seen.
    func stop() async {
        await server.drain(grace: Self.grace)
        loops.stop()
    }
}
