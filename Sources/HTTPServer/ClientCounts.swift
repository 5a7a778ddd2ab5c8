import HTTP

/// How many connections each client has; pure. It holds clients that have one, and no others.
struct ClientCounts: Sendable {
    /// Most connections of one client.
    private let connectionsMax: Int
    private var counts: [ClientAddress: Int] = [:]

    init(connectionsMax: Int) { self.connectionsMax = connectionsMax }

    /// How many clients have connections.
    var clientCount: Int { counts.count }

    /// A connection has come.
    /// - Returns: Whether it may stay; if not, it is not counted and must not be taken away.
    mutating func connectionOpened(from address: ClientAddress) -> Bool {
        let count = counts[address.network, default: 0]
        guard count < connectionsMax else { return false }
        counts[address.network] = count + 1
        return true
    }

    /// A connection that was let stay has ended.
    mutating func connectionEnded(from address: ClientAddress) {
        let count = counts[address.network, default: 0]
        precondition(count > 0, "A connection ended that was not counted.")
        counts[address.network] = count > 1 ? count - 1 : nil
    }
}
