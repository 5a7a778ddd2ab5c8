import Ambient
import Glibc
import HTTP
import PrometheusMetrics
import Reactor

/// Takes connections from the listener, on the first loop, and gives each to the loop that has
/// the fewest.
actor Acceptor {
    /// Most connections taken before the loop's own have their turn.
    static let acceptsAtOnceMax = 32
    /// Most lots of those taken when it stops, so that a flood does not keep it from that.
    private static let lastLotsMax = 256
    /// Wait before the next try when descriptors or memory have run out.
    private static let exhaustedPause: Duration = .milliseconds(50)

    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private let loops: EventLoopGroup
    private let registries: [ConnectionRegistry]
    private let configuration: HTTPServerConfiguration
    private let metrics: ServerMetrics
    private let shard: MetricsShard
    private let onShedding: @Sendable (Shedding) -> Void
    private var listener: Listener?
    private var slot: SlotID?
    private var reports = SheddingReports()
    /// nil when clients may have as many connections as they like.
    private var clients: ClientCounts?

    init(
        listener: consuming Listener, loops: EventLoopGroup, registries: [ConnectionRegistry],
        configuration: HTTPServerConfiguration, metrics: ServerMetrics, shard: MetricsShard,
        onShedding: @escaping @Sendable (Shedding) -> Void
    ) {
        loop = loops.loops[0]
        self.listener = consume listener
        self.loops = loops
        self.registries = registries
        self.configuration = configuration
        self.metrics = metrics
        self.shard = shard
        self.onShedding = onShedding
        clients = configuration.connectionsPerClientMax.map(ClientCounts.init)
    }

    /// Begins to accept, until ``stop()``.
    func start() throws(SystemError) {
        guard let number = listener?.descriptor.rawValue else { return }
        let slot = try loop.register(number)
        self.slot = slot
        Task { await run(slot) }
    }

    /// Stops accepting and closes the listener. Those who wait are taken before, unless another
    /// process will.
    func stop() {
        // A client that waits has connected, and may have sent its request: closing the listener
        // would reset it.
        if listener?.isShared == false {
            for _ in 0..<Self.lastLotsMax { guard case .others = acceptWaiting() else { break } }
        }
        if let slot { loop.deregister(slot) }
        slot = nil
        listener = nil
    }

    private func run(_ slot: SlotID) async {
        while await loop.waitUntilReadable(slot, deadline: nil) == .ready {
            switch acceptWaiting() {
            case .nobody: loop.readingExhausted(slot)
            case .others: await loop.yield()
            case .unavailable: await loop.pause(until: loop.now + Self.exhaustedPause)
            }
        }
    }

    /// Who may wait after some were accepted.
    private enum Waiting {
        case nobody
        case others
        /// Whoever waits cannot be accepted now.
        case unavailable
    }

    private func acceptWaiting() -> Waiting {
        for _ in 0..<Self.acceptsAtOnceMax {
            switch listener?.accept() ?? .nobody {
            case .connection(let number, let address):
                metrics.accepted.add(on: shard)
                place(FileDescriptor(owning: number), from: address)
            case .aborted: continue
            case .shed:
                metrics.accepted.add(on: shard)
                shed(.descriptors)
            case .nobody: return .nobody
            case .outOfDescriptors, .unavailable: return .unavailable
            }
        }
        return .others
    }

    private func place(_ descriptor: consuming FileDescriptor, from address: ClientAddress) {
        let open = loops.loops.reduce(0) { $0 + $1.connectionCount }
        guard open < configuration.connectionsMax else { return shed(.connections) }
        guard clients?.connectionOpened(from: address) ?? true else {
            return shed(.connectionsOfClient)
        }
        let target = loops.leastLoaded()
        target.connectionPlaced()
        let registry = registries[target.index]
        let number = descriptor.relinquish()
        // In the acceptor's isolation the task begins here, not on another thread.
        Task { await handOver(number, to: registry, from: address) }
    }

    private func handOver(
        _ number: CInt, to registry: ConnectionRegistry, from address: ClientAddress
    ) async {
        guard clients != nil else {
            await registry.open(number, from: address)
            return
        }
        await registry.open(number, from: address) { [self] in
            Task(executorPreference: loop) { await self.connectionEnded(from: address) }
        }
    }

    private func connectionEnded(from address: ClientAddress) {
        clients?.connectionEnded(from: address)
    }

    private func shed(_ reason: Shedding.Reason) {
        metrics.refused.add(reason, on: shard)
        guard let report = reports.connectionShed(reason, now: loop.now) else { return }
        onShedding(report)
    }
}
