import Ambient
package import Logging
package import Reactor
import Tracing

/// The connections of one loop to PostgreSQL, and the door to them.
///
/// It lives on its loop, so that a request that comes from there changes no thread. The server
/// may be away at any time: callers are told so within their deadlines, and the pool goes on
/// trying.
package actor ConnectionPool: StatementRunner {
    /// The loop that this pool and its connections live on.
    package nonisolated let loop: EventLoop
    /// The loop.
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        loop.asUnownedSerialExecutor()
    }

    let configuration: PoolConfiguration
    private let keywords: [(name: String, value: String)]
    private let connecting: OffloadPool
    private let cancelling: OffloadPool
    private let logger: Logger
    private let outages: OutageLog
    private let metrics: DatabaseMetrics?
    var state: PoolState
    private var connections: [PostgresConnection?]
    /// The connection whose place a newer one took, while it still has users.
    private var replaced: PostgresConnection?
    /// What connections carried that have ended.
    private var endedTraffic = PipelineStatistics()
    private var waiters: [Int: Caller<Result<PoolState.Lease, PostgresError>>] = [:]
    private var timer: TimerID?
    private var isClosed = false
    var meter: PoolMeter?
    var isTurnEndAwaited = false
    private var generator = SystemRandomNumberGenerator()

    /// Makes a pool without connections; ``open()`` starts to connect.
    /// - Parameters:
    ///   - keywords: What PQconnectdbParams takes.
    ///   - connecting: Threads that may block while a connection is made.
    ///   - cancelling: Threads that may block while a cancellation is sent, for as long as a
    ///     network that says nothing lets them: so not those that connect, unless nil.
    ///   - outages: What the pools of a database share; nil for a pool that is alone.
    ///   - metrics: Where everything is counted; nil for nowhere.
    package init(
        loop: EventLoop, keywords: [(name: String, value: String)], connecting: OffloadPool,
        cancelling: OffloadPool? = nil,
        configuration: PoolConfiguration, logger: Logger, outages: OutageLog? = nil,
        metrics: DatabaseMetrics? = nil
    ) {
        self.loop = loop
        self.keywords = keywords
        self.connecting = connecting
        self.cancelling = cancelling ?? connecting
        self.configuration = configuration
        self.logger = logger
        self.outages = outages ?? OutageLog(logger: logger)
        self.metrics = metrics
        meter = metrics.map {
            PoolMeter($0, loop: loop.index, connectionsMax: configuration.connectionsMax)
        }
        state = PoolState(configuration: configuration)
        connections = Array(repeating: nil, count: configuration.connectionsMax)
    }

    /// Starts to connect and returns at once.
    package func open() { carryOutPlan() }

    /// Closes all connections; callers that wait, and those that come, are told
    /// ``PostgresError/closed``.
    package func close() async {
        isClosed = true
        perform(state.expireAll(now: loop.now))
        statisticsChanged()
        if let timer { loop.cancel(timer) }
        for connection in connections + [replaced] { await connection?.close() }
    }

    /// What the connections are doing, and what has become of the callers so far.
    package var statistics: PoolStatistics {
        var statistics = state.statistics
        statistics.traffic = endedTraffic
        for connection in connections + [replaced] {
            statistics.traffic += connection?.assumeIsolated { $0.pipeline.statistics } ?? .init()
        }
        return statistics
    }

    /// Runs a statement and returns its rows; a write's come after its commit.
    /// - Throws: ``PostgresError``; ``PostgresError/outcomeUnknown`` for a write that was sent and
    ///   whose result was lost.
    package func run(
        _ statement: StatementText, _ parameters: Parameters = Parameters()
    ) async throws(PostgresError) -> ResultSet {
        let use: PoolState.Use
        switch statement.kind {
        case .shortRead: use = .shared
        case .bulkRead: use = .bulk
        case .write:
            if let batched = statement.batched, state.takesBatches,
                let result = try await writeBatched(batched, parameters)
            {
                return result
            }
            use = state.useOfWrites
        case .longRead(let timeout):
            return try await runAlone(statement, parameters, timeout: timeout)
        }
        let lease = try await acquire(use)
        defer { release(lease, discarding: fault(after: lease)) }
        return try await requireConnection(of: lease).run(statement, parameters)
    }

    /// Runs a write in a transaction that it may share with others.
    /// - Returns: nil if it changed nothing, be it that its batch was rolled back: then it is to be
    ///   run alone.
    private func writeBatched(
        _ statement: StatementText, _ parameters: Parameters
    ) async throws(PostgresError) -> ResultSet? {
        let lease = try await acquire(.batched)
        defer { release(lease, discarding: fault(after: lease)) }
        let connection = try requireConnection(of: lease)
        let result = try await connection.runBatched(statement, parameters)
        guard let result, result.affectedCount > 0 else {
            state.writeLeftBatch()
            return nil
        }
        return result
    }

    /// Why the connection of a lease is not to be used again; nil if it may be, and if others still
    /// use it.
    private func fault(after lease: PoolState.Lease) -> DiscardReason? {
        guard state.isInspected(afterLast: lease) else { return nil }
        return connection(of: lease)?.assumeIsolated { $0.fault }
    }

    /// The connection that a lease is for, unless it has been lost: that of its slot, or the one
    /// whose place this one has taken.
    private func connection(of lease: PoolState.Lease) -> PostgresConnection? {
        if state.isValid(lease) { return connections[lease.slot] }
        return state.isOfReplaced(lease) ? replaced : nil
    }

    /// The connection that a lease is for.
    /// - Throws: ``PostgresError/connectionLost``.
    func requireConnection(of lease: PoolState.Lease) throws(PostgresError) -> PostgresConnection {
        if let connection = connection(of: lease) { return connection }
        meter?.failed(.connectionLost)
        throw .connectionLost
    }

    /// Waits for a connection.
    /// - Parameter isAbandonable: The wait ends with ``PostgresError/cancelled`` when the caller's
    ///   task is cancelled. A client that has finished sending still wants the answers that cost
    ///   little, so those do not heed it.
    func acquire(
        _ use: PoolState.Use, isAbandonable: Bool = false
    ) async throws(PostgresError) -> PoolState.Lease {
        do throws(PostgresError) {
            guard !isClosed else { throw .closed }
            let acquisition = state.acquire(use, turn: loop.turn, now: loop.now)
            statisticsChanged()
            switch acquisition {
            case .granted(let lease):
                if state.needsPlan { carryOutPlan() }
                return lease
            case .overloaded: throw .overloaded
            case .waiting(let number): return try await wait(number, isAbandonable: isAbandonable)
            }
        } catch {
            meter?.failed(error)
            throw error
        }
    }

    private func wait(
        _ number: Int, isAbandonable: Bool
    ) async throws(PostgresError) -> PoolState.Lease {
        let waiter = Caller<Result<PoolState.Lease, PostgresError>>(loop: loop)
        waiters[number] = waiter
        if state.needsPlan { carryOutPlan() }
        let start = loop.now
        let span = DatabaseSpan(waitBy: configuration.tracer)
        let answer =
            if isAbandonable {
                // By a method of this actor, or the closure would run on another thread.
                await withTaskCancellationHandler(
                    operation: { await self.answer(to: waiter) },
                    onCancel: { Task(executorPreference: loop) { await self.waiterLeft(number) } })
            } else {
                await waiter.answer()
            }
        meter?.waitEnded(after: loop.now - start)
        if case .failure(let error) = answer { span?.end(after: error) } else { span?.end() }
        return try answer.get()
    }

    private func answer(
        to waiter: Caller<Result<PoolState.Lease, PostgresError>>
    ) async -> Result<PoolState.Lease, PostgresError> {
        await waiter.answer()
    }

    private func waiterLeft(_ number: Int) {
        // Who has been granted a connection already gives it back himself.
        guard state.waiterLeft(number, now: loop.now) else { return }
        waiters.removeValue(forKey: number)?.answer(.failure(.cancelled))
        if state.needsPlan { carryOutPlan() }
        statisticsChanged()
    }

    /// Gives a connection back.
    /// - Parameter fault: Why it is not to be used again, if so.
    func release(_ lease: PoolState.Lease, discarding fault: DiscardReason? = nil) {
        perform(state.release(lease, discarding: fault, turn: loop.turn, now: loop.now))
        if state.needsPlan { carryOutPlan() }
        statisticsChanged()
    }

    /// A random number from 0 to 1.
    func randomPart() -> Double { Double.random(in: 0...1, using: &generator) }

    func carryOutPlan() {
        guard !isClosed else { return }
        perform(state.plan(turn: loop.turn, now: loop.now))
        statisticsChanged()
    }

    private func perform(_ actions: [PoolState.Action]) {
        for action in actions { perform(action) }
    }

    private func perform(_ action: PoolState.Action) {
        switch action {
        case .connect(let slot):
            // It outlives the request that asks for it, and is no part of its trace.
            _ = InstrumentationContext.withValue(nil) { Task { await self.keepOpen(slot) } }
        case .grant(let waiter, let lease):
            waiters.removeValue(forKey: waiter)?.answer(.success(lease))
        case .expire(let waiter):
            let error = isClosed ? PostgresError.closed : .timedOut(.acquire)
            waiters.removeValue(forKey: waiter)?.answer(.failure(error))
        case .close(let slot): close(connections[slot].take())
        case .closeReplaced: close(replaced.take())
        case .wake(let time):
            if let timer { loop.cancel(timer) }
            timer = loop.schedule(at: time) { [weak self] in
                self?.assumeIsolated { $0.carryOutPlan() }
            }
        }
    }

    /// Closes a connection that has left the pool.
    private func close(_ connection: PostgresConnection?) {
        connection?.assumeIsolated { $0.close() }
        noteEnd(of: connection)
    }

    private func noteEnd(of connection: PostgresConnection?) {
        endedTraffic += connection?.assumeIsolated { $0.pipeline.statistics } ?? .init()
    }

    /// Opens the connection of a slot and reads from it until it is lost.
    private func keepOpen(_ slot: Int) async {
        let result = await connect()
        guard !isClosed else { return }
        let jitter = randomPart()
        switch result {
        case .failure(let error):
            if !state.isFailing { outages.poolFailed(error) }
            state.connectFailed(slot: slot, jitter: jitter, now: loop.now)
        case .success(let handle):
            if state.isFailing { outages.poolRecovered() }
            let connection = PostgresConnection(
                handle: handle, loop: loop, cancelling: cancelling, configuration, metrics)
            replaced = connections[slot] ?? replaced
            connections[slot] = connection
            state.connected(slot: slot, jitter: jitter, now: loop.now)
            carryOutPlan()
            await connection.serve()
            let reason = await connection.lossReason
            guard connections[slot] === connection else { break }
            if !isClosed { logger.warning("Database connection lost") }
            connections[slot] = nil
            noteEnd(of: connection)
            state.connectionLost(slot: slot, reason)
        }
        carryOutPlan()
    }

    private func connect() async -> Result<LibpqHandle, PostgresError> {
        let greeting = Greeting(
            settings: configuration.sessionSettings, timeout: configuration.greetingTimeout)
        return await LibpqHandle.open(
            keywords, greeting: greeting, isPipelined: true, on: connecting)
    }
}
