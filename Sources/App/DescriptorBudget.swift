/// How the descriptors that the process may have open are shared out; pure.
struct DescriptorBudget: Equatable {
    /// Kept for the standard streams, what the process was started with, the listener, the log,
    /// the resolution of names and the opening of database connections.
    static let baseReserve = 64
    /// Kept for `/metrics` on a port of its own: the listener, a loop, and those who scrape.
    static let metricsReserve = 2 + reservePerLoop + MetricsServer.connectionsMax
    /// Kept for a loop: its epoll set, its wake-up, and its connection to Redis, which may be lost
    /// and replaced at the same time.
    static let reservePerLoop = 4
    /// Kept for each connection to the database, which may be lost and replaced at the same time.
    static let reservePerDatabaseConnection = 2

    /// What is kept for all that is no client.
    let reserve: Int
    /// Most connections of clients.
    let connectionsMax: Int

    /// - Parameters:
    ///   - limit: Descriptors that the process may have open.
    ///   - connectionsMax: Connections that the operator wants.
    ///   - hasMetricsPort: Whether `/metrics` has a port of its own.
    /// - Throws: ``StartFailure/tooFewDescriptors(_:needed:)`` when not even one client has room.
    init(
        limit: Int, connectionsMax: Int, loops: Int, databaseConnections: Int,
        hasMetricsPort: Bool
    ) throws(StartFailure) {
        reserve =
            Self.baseReserve + Self.reservePerLoop * loops
            + Self.reservePerDatabaseConnection * databaseConnections
            + (hasMetricsPort ? Self.metricsReserve : 0)
        guard limit > reserve else { throw .tooFewDescriptors(limit, needed: reserve + 1) }
        self.connectionsMax = min(connectionsMax, limit - reserve)
    }
}
