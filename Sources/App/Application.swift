import Ambient
import Documents
import Glibc
import HTTP
import HTTPServer
import HTTPTypes
import Health
package import JSONLogging
package import Logging
import Middleware
import Monitoring
import PasswordHashing
import Postgres
import PrometheusMetrics
import Reactor
import Routing
import ServiceLifecycle
import UsersPostgres

/// The whole service: it builds everything, runs, and drains.
package struct Application: Service {
    /// The port it listens on.
    package var port: Int { server.port }
    /// The port that `/metrics` has for itself, if it has one.
    package var metricsPort: Int? { metricsServer?.port }

    private let shared: SharedParts
    /// The loops that clients are served on.
    let loops: EventLoopGroup
    /// Every line of the route table, as a router has it.
    let routes: [RouteDeclaration]
    private let graphs: [LoopGraph]
    private let monitor: DatabaseMonitor
    private let server: HTTPServer
    private let metricsServer: MetricsServer?
    private let listener: NotificationListener
    private let firstAdministrator: HandOver<FirstAdministrator>
    private let manager: ServiceManager

    /// All that is counted.
    var metrics: MetricsRegistry { shared.metrics }

    /// Builds the service and begins to listen; nothing is answered before ``run()``.
    /// - Parameters:
    ///   - descriptorsMax: Descriptors that the process may have open.
    ///   - passed: What a service manager has passed to the process.
    package init(
        _ configuration: ServiceConfiguration, logger: Logger, sink: LogSink,
        descriptorsMax: Int = DescriptorLimit.raised(),
        passed: ManagerVariables = ManagerVariables()
    ) throws(StartFailure) {
        let sockets = try passed.sockets(of: getpid())
        let configuration = configuration.served(on: sockets)
        let loopCount = try Self.loopCount(configuration)
        let http = try Self.serverConfiguration(
            configuration, loops: loopCount, descriptorsMax: descriptorsMax, logger: logger)
        let listen = configuration.listen
        let socket = try Self.listener(sockets.http, host: listen.host, port: listen.port, http)
        manager = ServiceManager(passed, logger: logger)
        let metrics = MetricsRegistry(loopCount: loopCount)
        let pools: WorkPools
        let tracing: RequestTracing?
        do throws(SystemError) {
            loops = try EventLoopGroup(
                count: loopCount, metrics: LoopMetrics(in: metrics, loopCount: loopCount))
            pools = try WorkPools(hashingThreads: configuration.accounts.hashingThreads)
            tracing = try RequestTracing(configuration.traces, logger: logger)
        } catch {
            throw .system(error)
        }
        shared = try SharedParts(
            configuration, metrics: metrics, http: http, loops: loops, pools: pools,
            tracing: tracing, logger: logger, sink: sink)
        firstAdministrator = HandOver(
            try FirstAdministrator(
                configuration.bootstrap, policy: configuration.accounts.passwordPolicy))
        graphs = loops.loops.map { [shared] in
            LoopGraph(loop: $0, of: loopCount, shared)
        }
        let operation = OperationRoutes(pool: graphs[0].pool, shared)
        monitor = operation.monitor
        let documents = ServiceDocuments(
            describing: operation.routes + graphs[0].routes, as: shared.limits.describe,
            problems: ProblemKind.all,
            swaggerUI: SwaggerUI(folder: configuration.docsDirectory, logger: logger),
            version: BuildInformation.version, compression: configuration.compression.policy,
            madeOn: pools.compression)
        let routers = graphs.map { $0.router(adding: operation.routes + documents.routes) }
        routes = routers[0].table
        let requests = Self.requestMetrics(of: routers[0], shared)
        let responders = zip(graphs, routers).map { $0.responder(of: $1, counting: requests) }
        let serverMetrics = ServerMetrics(in: shared.metrics)
        server = HTTPServer(
            listener: socket, loops: loops, configuration: http, metrics: serverMetrics,
            shard: { [metrics = shared.metrics] in metrics.shard(ofLoop: $0.index) },
            onShedding: { logger.connectionsShed($0) },
            responder: { responders[$0.index] })
        metricsServer = try configuration.metricsPort.map { [shared] port throws(StartFailure) in
            try MetricsServer(
                listener: Self.listener(sockets.metrics, host: listen.host, port: port, http),
                shared, counting: requests, number: routers[0].templates.count, serverMetrics)
        }
        ServiceMetrics.declare(shared, loops: loops.loops)
        listener = Self.notificationListener(on: loops.loops[0], pool: graphs[0].pool, shared)
    }

    /// Serves until a graceful shutdown is asked for, then drains.
    package func run() async throws {
        // Before anything waits for the loops that clients are served on: who looks why they are
        // stuck is answered all the same.
        try await metricsServer?.start()
        for graph in graphs { await graph.open() }
        await listener.start()
        let (access, events) = (shared.access, listener.events)
        // On a loop, as all that goes on while the service serves: a worker of the global executor
        // ends the process if descriptors run out, libdispatch's _dispatch_workq_monitor_pools.
        let loop = loops.loops[0]
        let following = Task(executorPreference: loop) { [cache = graphs[0].userCache] in
            await access.follow(events, forgettingIn: cache)
        }
        let bootstrapping = Task(executorPreference: loop) {
            [graph = graphs[0], firstAdministrator] in
            guard let administrator = await firstAdministrator.take() else { return }
            await graph.make(administrator)
        }
        try await startServer()
        shared.logger.notice(
            "Serving",
            metadata: .keyed([
                .address: "http://\(server.authority)",
                .eventLoops: "\(loops.loops.count)",
                .version: "\(BuildInformation.version)",
            ]))
        if let metricsServer {
            shared.logger.notice(
                "Serving metrics",
                metadata: .keyed([
                    .address: "http://\(metricsServer.authority)"
                ]))
        }
        warnOfKeptKeys()
        manager.tell(.ready(address: server.authority))
        let living = Task(executorPreference: loop) { [manager, loops] in
            await manager.reportLife(of: loops)
        }
        let watching = Task(executorPreference: loop) { [monitor] in await monitor.watch() }
        let heap = HeapTrimming(on: shared.pools.scraping) { Argon2Memory.shared.trim() }
        let trimming = Task(executorPreference: loop) { await heap.watch(on: loop) }
        try? await gracefulShutdown()
        bootstrapping.cancel()
        await drain()
        await listener.close()
        watching.cancel()
        trimming.cancel()
        await watching.value
        await trimming.value
        await following.value
        for graph in graphs { await graph.close() }
        await bootstrapping.value
        living.cancel()
        await living.value
        stop()
    }

    private func warnOfKeptKeys() {
        if !shared.keys.hasSecret {
            shared.logger.warning(
                """
                SECRET_KEY is not set: keys are derived from one in the database, and are known to \
                whoever reads that; set SECRET_KEY or SECRET_KEY_FILE to at least 32 random bytes, \
                such as `openssl rand -hex 32` prints
                """)
        }
        if !shared.keys.hasSigningKeys {
            shared.logger.warning(
                """
                JWT_SIGNING_KEYS is not set: access tokens are signed with a key in the database, \
                and can be made by whoever reads that; set JWT_SIGNING_KEYS_FILE to a file with a \
                key, such as `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256` prints
                """)
        }
    }

    private func startServer() async throws(StartFailure) {
        do {
            try await server.start()
        } catch {
            throw .system(error)
        }
    }

    /// Lets load balancers notice and answers what is in flight.
    private func drain() async {
        let shutdown = shared.configuration.shutdown
        shared.logger.notice("Draining")
        shared.serving.drainBegan()
        manager.tell(.stopping(within: shutdown.whole + ShutdownWatch.margin))
        // Clients are still served: see run().
        await withTaskExecutorPreference(loops.loops[0]) {
            await server.leave()
            await loops.loops[0].sleep(for: shutdown.delay)
            await server.drain(grace: shutdown.grace)
        }
        await metricsServer?.stop()
    }

    /// Lets go of the threads.
    private func stop() {
        shared.tracing?.stop()
        shared.logger.notice("Stopped")
        loops.stop()
        // A thread that connects may wait for an unreachable server: nobody waits for it.
        shared.pools.hashing.stop()
    }

    private static func notificationListener(
        on loop: EventLoop, pool: ConnectionPool, _ shared: SharedParts
    ) -> NotificationListener {
        NotificationListener(
            to: [AccessWatch.channel, UserChangeChannel.name], on: loop,
            keywords: shared.database.directKeywords,
            connecting: shared.pools.connecting, logger: shared.logger,
            announce: { channel, payload throws(PostgresError) in
                try await pool.announce(channel, payload)
            })
    }

    private static func requestMetrics(
        of router: Router, _ shared: SharedParts
    ) -> RequestMetrics {
        let elsewhere = shared.configuration.metricsPort == nil ? [] : ["/metrics"]
        return RequestMetrics(
            routes: router.templates + elsewhere, statuses: statuses(of: router.table),
            in: shared.metrics)
    }

    /// Every status that an answer may have: of the routes, of problems, and of `OPTIONS`.
    private static func statuses(of routes: [RouteDeclaration]) -> Set<Int> {
        Set(routes.flatMap { $0.operation.answers.map(\.status) })
            .union(ProblemKind.all.map(\.status.code)).union([HTTPResponse.Status.noContent.code])
    }

    /// One loop a processor, unless a number is given or there are fewer database connections.
    static func loopCount(
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
            databaseConnections: configuration.database.pool.size,
            hasMetricsPort: configuration.metricsPort != nil)
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

    /// The socket that a service manager has passed, or one of the service's own.
    private static func listener(
        _ passed: CInt?, host: String, port: Int, _ http: HTTPServerConfiguration
    ) throws(StartFailure) -> Listener {
        do throws(Listener.Failure) {
            guard let passed else {
                return try Listener(host: host, port: port, backlog: http.backlog)
            }
            return try Listener(passed: passed)
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
