import Glibc
import HTTP
import Reactor

/// Takes connections from the listener, on the first loop, and gives each to the loop that has
/// the fewest.
actor Acceptor {
    /// Wait before the next try when descriptors or memory have run out.
    private static let exhaustedPause: Duration = .milliseconds(50)

    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private let loops: EventLoopGroup
    private let registries: [ConnectionRegistry]
    private let responders: [any Responder]
    private let configuration: HTTPServerConfiguration
    private var listener: Listener?
    private var slot: SlotID?

    init(
        listener: consuming Listener, loops: EventLoopGroup, registries: [ConnectionRegistry],
        responders: [any Responder], configuration: HTTPServerConfiguration
    ) {
        loop = loops.loops[0]
        self.listener = consume listener
        self.loops = loops
        self.registries = registries
        self.responders = responders
        self.configuration = configuration
    }

    /// Accepts until ``stop()``.
    func run() async {
        guard let number = listener?.descriptor.rawValue, let slot = try? loop.register(number)
        else { return }
        self.slot = slot
        while await loop.waitUntilReadable(slot, deadline: nil) == .ready {
            if !acceptWaiting(slot) { await loop.pause(until: loop.now + Self.exhaustedPause) }
        }
    }

    /// Stops accepting and closes the listener.
    func stop() {
        if let slot { loop.deregister(slot) }
        slot = nil
        listener = nil
    }

    /// - Returns: false when descriptors or memory have run out.
    private func acceptWaiting(_ slot: SlotID) -> Bool {
        while true {
            switch listener?.accept() ?? .none {
            case .connection(let number): place(Socket(owning: number))
            case .outOfResources: return false
            case .none:
                loop.readingExhausted(slot)
                return true
            }
        }
    }

    private func place(_ socket: consuming Socket) {
        let open = loops.loops.reduce(0) { $0 + $1.connectionCount }
        guard open < configuration.connectionsMax else { return }
        let target = loops.leastLoaded()
        target.connectionPlaced()
        let connection = Connection(
            socket: socket, loop: target, responder: responders[target.index],
            configuration: configuration)
        let registry = registries[target.index]
        Task { await registry.serve(connection) }
    }
}
