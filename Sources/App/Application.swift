import Ambient
import Documents
import HTTP
import HTTPServer
import Health
package import JSONLogging
package import Logging
import Middleware
import Postgres
import Reactor
import Routing
import ServiceLifecycle

/// The whole service: it builds everything, runs, and drains.
package struct Application: Service {
    /// The only address it listens on, whatever `HOST` says: as long as nobody has to log in,
    /// nobody but this machine may reach it.
    static let host = "127.0.0.1"
    /// Threads that connect to the database, and attempts that may wait for one.
    private static let connecting = (threads: 2, queueMax: 64)
    /// Cancellations that may wait for the thread that sends them.
    private static let cancellingQueueMax = 64
    /// Passwords that may wait to be hashed.
    private static let hashingQueueMax = 256
    /// Priority that hashing gives up, so that reads keep their latency, nice(2).
    private static let hashingNice = 10

    /// The port it listens on.
    package var port: Int { server.port }

    private let shared: SharedParts
    private let loops: EventLoopGroup
    /// Every line of the route table, as a router has it.
    let routes: [RouteDeclaration]
    private let graphs: [LoopGraph]
    private let server: HTTPServer
    private let hashing: OffloadPool

    /// Builds the service and begins to listen; nothing is answered before ``run()``.
    /// - Parameter descriptorsMax: Descriptors that the process may have open.
    package init(
        _ configuration: ServiceConfiguration, logger: Logger, sink: LogSink,
        descriptorsMax: Int = DescriptorLimit.raised()
    ) throws(StartFailure) {
        let database = try DatabaseAddress(configuration.database) { logger.notice("\($0)") }
        let loopCount = try Self.loopCount(configuration)
        let http = try Self.serverConfiguration(
            configuration, loops: loopCount, descriptorsMax: descriptorsMax, logger: logger)
        let listener = try Self.listener(port: configuration.listen.port, http)
        do throws(SystemError) {
            loops = try EventLoopGroup(count: loopCount)
            hashing = try OffloadPool(
                name: "hashing", threads: ProcessorCount.available(),
                queueMax: Self.hashingQueueMax, nice: Self.hashingNice)
            let connecting = try OffloadPool(
                name: "connecting", threads: Self.connecting.threads,
                queueMax: Self.connecting.queueMax)
            let cancelling = try OffloadPool(
                name: "cancelling", threads: 1, queueMax: Self.cancellingQueueMax)
            shared = SharedParts(
                configuration: configuration, http: http, database: database,
                outages: OutageLog(logger: logger), connecting: connecting,
                cancelling: cancelling,
                hasher: OffloadedPasswordHasher(pool: hashing),
                keys: KeyRing(configuration.secretKey),
                serving: ServingState(),
                accessLog: AccessLog(sink: sink, policy: configuration.logging.accessLog),
                logger: logger, clock: .system,
                userIDs: UUIDv7Generator(clock: .system, entropy: .system),
                requestIDs: RequestIDGenerator(entropy: .system))
        } catch {
            throw .system(error)
        }
        graphs = loops.loops.map { [shared] in
            LoopGraph(loop: $0, of: loopCount, shared)
        }
        let documents = ServiceDocuments(
            describing: graphs[0].routes, problems: ProblemKind.all,
            swaggerUI: SwaggerUI(folder: configuration.docsDirectory, logger: logger),
            version: BuildInformation.version)
        let routers = graphs.map { Router($0.routes + documents.routes) }
        routes = routers[0].table
        let responders = zip(graphs, routers).map { $0.responder(of: $1) }
        server = HTTPServer(
            listener: listener, loops: loops, configuration: http,
            onShedding: { logger.connectionsShed($0) },
            responder: { responders[$0.index] })
    }

    /// Serves until a graceful shutdown is asked for, then drains.
    package func run() async throws {
        for graph in graphs { await graph.pool.open() }
        try await startServer()
        shared.logger.notice(
            "Serving",
            metadata: .keyed([
                .address: "http://\(Self.host):\(port)", .eventLoops: "\(loops.loops.count)",
                .version: "\(BuildInformation.version)",
            ]))
        shared.logger.notice(
            "Listening on \(Self.host) only: until users have to log in, other machines may not")
        if shared.configuration.secretKey == nil {
            shared.logger.warning(
                """
                SECRET_KEY is not set: keys are derived from one in the database, and are known to \
                whoever reads that; set SECRET_KEY or SECRET_KEY_FILE to at least 32 random bytes, \
                such as `openssl rand -hex 32` prints
                """)
        }
        try? await gracefulShutdown()
        await stop()
    }

    private func startServer() async throws(StartFailure) {
        do {
            try await server.start()
        } catch {
            throw .system(error)
        }
    }

    /// Lets load balancers notice, answers what is in flight, and lets go of everything.
    private func stop() async {
        let shutdown = shared.configuration.shutdown
        shared.logger.notice("Draining")
        shared.serving.drainBegan()
        await server.leave()
        let loop = loops.loops[0]
        await loop.run { _ in await loop.pause(until: loop.now + shutdown.delay) }
        await server.drain(grace: shutdown.grace)
        for graph in graphs { await graph.pool.close() }
        shared.logger.notice("Stopped")
        loops.stop()
        // A thread that connects may wait for an unreachable server: nobody waits for it.
        hashing.stop()
    }

    /// One loop a processor, unless a number is given or there are fewer database connections.
    private static func loopCount(
        _ configuration: ServiceConfiguration
    ) throws(StartFailure) -> Int {
        let connections = configuration.database.pool.size
        guard let given = configuration.eventLoops else {
            return min(ProcessorCount.available(), connections)
        }
        guard given <= connections else {
            throw .tooManyLoops(given, connections: connections)
        }
        return given
    }

    /// The limits of HTTP, with no more connections than there are descriptors for.
    private static func serverConfiguration(
        _ configuration: ServiceConfiguration, loops: Int, descriptorsMax: Int, logger: Logger
    ) throws(StartFailure) -> HTTPServerConfiguration {
        var http = HTTPServerConfiguration(configuration.http)
        let budget = try DescriptorBudget(
            limit: descriptorsMax, connectionsMax: http.connectionsMax, loops: loops,
            databaseConnections: configuration.database.pool.size)
        if budget.connectionsMax < http.connectionsMax {
            logger.warning(
                """
                No more than \(budget.connectionsMax) connections, not the \(http.connectionsMax) \
                of HTTP_CONNECTIONS_MAX: the process may open \(descriptorsMax) descriptors \
                (ulimit -n), of which it keeps \(budget.reserve) for other things
                """)
        }
        http.connectionsMax = budget.connectionsMax
        return http
    }

    private static func listener(
        port: Int, _ http: HTTPServerConfiguration
    ) throws(StartFailure) -> Listener {
        do {
            return try Listener(host: host, port: port, backlog: http.backlog)
        } catch {
            throw .listen(error)
        }
    }
}

extension Application: CustomStringConvertible {
    /// A name. `ServiceGroup` describes its services when it starts: without one it would spell out
    /// all that they are made of, down to each octet of the documents.
    package var description: String { "user-management" }
}
