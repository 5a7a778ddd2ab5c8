import Ambient
import HTTP
import PrometheusMetrics
import Reactor

/// What the connections of one loop have in common, so that each has little of its own.
///
/// `@unchecked Sendable`: made anywhere, then touched on the loop's thread only, by the actors that
/// live there.
final class ConnectionHost: @unchecked Sendable {
    /// Most workers that wait for work; those beyond end with theirs.
    private static let idleWorkersMax = 1024
    /// A worker keeps the memory of what it did last, some 10 KB, so it ends when nobody has needed
    /// it for as long.
    private static let surplusPeriod: Duration = .seconds(5)

    let loop: EventLoop
    let responder: any Responder
    let configuration: HTTPServerConfiguration
    private let metrics: ServerMetrics
    let shard: MetricsShard
    let launcher: WorkerLauncher
    private var clock = DateClock()
    private var idleWorkers = IdleStack<ConnectionWorker>()
    private var isSurplusAwaited = false
    private var isClosed = false

    init(
        loop: EventLoop, responder: any Responder, configuration: HTTPServerConfiguration,
        metrics: ServerMetrics, shard: MetricsShard
    ) {
        self.loop = loop
        self.responder = responder
        self.configuration = configuration
        self.metrics = metrics
        self.shard = shard
        launcher = WorkerLauncher(loop: loop)
    }

    /// The time for an answer's `Date`.
    func date() -> HTTPDate { clock.date() }

    /// Counts octets that have come from a client.
    func bytesRead(_ count: Int) { metrics.bytesRead.add(count, on: shard) }

    /// Counts octets that the kernel has taken for a client.
    func bytesWritten(_ count: Int) { metrics.bytesWritten.add(count, on: shard) }

    /// Counts what could not be read.
    func parsingFailed(_ error: RequestParseError) { metrics.parseErrors.add(error, on: shard) }

    /// Has a worker run `connection` until it waits for its client again, or ends.
    ///
    /// The worker that was idle last is taken: its memory is still in the processor's cache.
    func work(on connection: Connection) -> ConnectionWorker {
        let worker = idleWorkers.pop() ?? ConnectionWorker(host: self)
        worker.begin(connection)
        return worker
    }

    /// A worker has done its work.
    /// - Returns: Whether it is to wait for more.
    func workEnded(_ worker: ConnectionWorker) -> Bool {
        // One that was cancelled for its client would be so for the next one too.
        guard !isClosed, !worker.isCancelled, idleWorkers.count < Self.idleWorkersMax
        else { return false }
        idleWorkers.push(worker)
        if !isSurplusAwaited { awaitSurplus() }
        return true
    }

    /// Has idle workers end, as long as there are more than a few.
    private func awaitSurplus() {
        isSurplusAwaited = idleWorkers.count > IdleStack<ConnectionWorker>.keptMax
        guard isSurplusAwaited else { return }
        _ = loop.schedule(at: loop.now + Self.surplusPeriod) { [weak self] in
            guard let self else { return }
            for worker in idleWorkers.takeSurplus() { worker.end() }
            awaitSurplus()
        }
    }

    /// Lets the workers go: no connection is left, and none will come.
    func close() {
        isClosed = true
        for worker in idleWorkers.takeAll() { worker.end() }
    }
}

/// A task that serves one connection after the other, whenever one has a request: a connection that
/// waits for its client needs none.
///
/// `@unchecked Sendable`: touched on the loop's thread only.
final class ConnectionWorker: @unchecked Sendable {
    private let host: ConnectionHost
    private let gate: Gate
    private var connection: Connection?
    fileprivate var task: Task<Void, Never>?
    /// Whether its task has been cancelled.
    private(set) var isCancelled = false

    init(host: ConnectionHost) {
        self.host = host
        gate = Gate(loop: host.loop)
        // In the launcher's isolation the task begins on the loop, not on another thread.
        host.launcher.assumeIsolated { $0.launch(self) }
    }

    /// Takes up a connection; the worker is idle.
    func begin(_ connection: Connection) {
        self.connection = connection
        gate.open()
    }

    /// Cancels its task, because the client of the connection that it serves is gone. It goes on
    /// with that connection, and ends after it.
    func cancel() {
        isCancelled = true
        task?.cancel()
    }

    /// Ends the idle worker.
    func end() { gate.open() }

    fileprivate func run() async {
        repeat {
            await gate.pass()
            guard let connection = connection.take() else { return }
            await connection.work()
        } while host.workEnded(self)
    }
}

/// Begins the tasks of workers.
actor WorkerLauncher {
    private nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(loop: EventLoop) { self.loop = loop }

    func launch(_ worker: ConnectionWorker) {
        worker.task = Task { await run(worker) }
    }

    private func run(_ worker: ConnectionWorker) async { await worker.run() }
}
