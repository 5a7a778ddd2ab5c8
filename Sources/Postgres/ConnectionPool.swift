package import Logging
package import Reactor

/// The connections of one loop to PostgreSQL, and the door to them.
///
/// It lives on its loop, so that a request that comes from there changes no thread. The server
/// may be away at any time: callers are told so within their deadlines, and the pool goes on
/// trying.
package actor ConnectionPool {
    /// The loop that this pool and its connections live on.
    package nonisolated let loop: EventLoop
    /// The loop.
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        loop.asUnownedSerialExecutor()
    }

    private let configuration: PoolConfiguration
    private let keywords: [(name: String, value: String)]
    private let connecting: OffloadPool
    private let logger: Logger
    private let outages: OutageLog
    private var state: PoolState
    private var connections: [PostgresConnection?]
    private var waiters: [Int: Caller<Result<PoolState.Lease, PostgresError>>] = [:]
    private var timer: TimerID?
    private var isClosed = false
    private var generator = SystemRandomNumberGenerator()

    /// Makes a pool without connections; ``open()`` starts to connect.
    /// - Parameters:
    ///   - keywords: What PQconnectdbParams takes.
    ///   - connecting: Threads that may block while a connection is made.
    ///   - outages: What the pools of a database share; nil for a pool that is alone.
    package init(
        loop: EventLoop, keywords: [(name: String, value: String)], connecting: OffloadPool,
        configuration: PoolConfiguration, logger: Logger, outages: OutageLog? = nil
    ) {
        self.loop = loop
        self.keywords = keywords
        self.connecting = connecting
        self.configuration = configuration
        self.logger = logger
        self.outages = outages ?? OutageLog(logger: logger)
        state = PoolState(configuration: configuration)
        connections = Array(repeating: nil, count: configuration.connectionsMax)
    }

    /// Starts to connect and returns at once.
    package func open() { carryOutPlan() }

    /// Closes all connections; callers that wait, and those that come, are told
    /// ``PostgresError/closed``.
    package func close() async {
        isClosed = true
        perform(state.expireAll())
        if let timer { loop.cancel(timer) }
        for connection in connections { await connection?.close() }
    }

    /// Runs a statement and returns its rows; a write's come after its commit.
    /// - Throws: ``PostgresError``; ``PostgresError/outcomeUnknown`` for a write that was sent and
    ///   whose result was lost.
    package func run(
        _ statement: StatementText, _ parameters: Parameters = Parameters()
    ) async throws(PostgresError) -> ResultSet {
        let lease = try await acquire(statement.kind == .write ? .exclusive : .shared)
        defer { release(lease) }
        guard let connection = connections[lease.slot] else { throw .connectionLost }
        return try await connection.run(statement, parameters)
    }

    private func acquire(_ use: PoolState.Use) async throws(PostgresError) -> PoolState.Lease {
        guard !isClosed else { throw .closed }
        switch state.acquire(use, turn: loop.turn, now: loop.now) {
        case .granted(let lease): return lease
        case .overloaded: throw .overloaded
        case .waiting(let number):
            let waiter = Caller<Result<PoolState.Lease, PostgresError>>(loop: loop)
            waiters[number] = waiter
            carryOutPlan()
            return try await waiter.answer().get()
        }
    }

    private func release(_ lease: PoolState.Lease) {
        state.release(lease, now: loop.now)
        if state.needsPlan { carryOutPlan() }
    }

    private func carryOutPlan() {
        guard !isClosed else { return }
        perform(state.plan(now: loop.now))
    }

    private func perform(_ actions: [PoolState.Action]) {
        for action in actions {
            switch action {
            case .connect(let slot):
                Task { await self.keepOpen(slot) }
            case .grant(let waiter, let lease):
                waiters.removeValue(forKey: waiter)?.answer(.success(lease))
            case .expire(let waiter):
                let error = isClosed ? PostgresError.closed : .timedOut(.acquire)
                waiters.removeValue(forKey: waiter)?.answer(.failure(error))
            case .close(let slot):
                let retired = connections[slot].take()
                Task { await retired?.close() }
            case .wake(let time):
                if let timer { loop.cancel(timer) }
                timer = loop.schedule(at: time) { [weak self] in
                    self?.assumeIsolated { $0.carryOutPlan() }
                }
            }
        }
    }

    /// Opens the connection of a slot and reads from it until it is lost.
    private func keepOpen(_ slot: Int) async {
        let result = await connect()
        guard !isClosed else { return }
        let jitter = Double.random(in: 0...1, using: &generator)
        switch result {
        case .failure(let error):
            if !state.isFailing { outages.poolFailed(error) }
            state.connectFailed(slot: slot, jitter: jitter, now: loop.now)
        case .success(let handle):
            if state.isFailing { outages.poolRecovered() }
            let connection = PostgresConnection(handle: handle, loop: loop, configuration)
            connections[slot] = connection
            state.connected(slot: slot, jitter: jitter, now: loop.now)
            carryOutPlan()
            await connection.serve()
            guard connections[slot] === connection else { break }
            if !isClosed { logger.warning("Database connection lost") }
            connections[slot] = nil
            state.connectionLost(slot: slot)
        }
        carryOutPlan()
    }

    private func connect() async -> Result<LibpqHandle, PostgresError> {
        do {
            let greeting = Greeting(
                settings: configuration.sessionSettings, timeout: configuration.greetingTimeout)
            return try await connecting.run { [keywords] in
                do throws(PostgresError) {
                    return .success(try LibpqHandle(connecting: keywords, greeting: greeting))
                } catch {
                    return .failure(error)
                }
            }
        } catch {
            return .failure(.overloaded)
        }
    }
}
