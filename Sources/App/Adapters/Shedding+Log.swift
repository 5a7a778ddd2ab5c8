import HTTPServer
import JSONLogging
import Logging

extension Logger {
    /// Writes a line about connections that were closed for want of room.
    func connectionsShed(_ shedding: Shedding) {
        let remedy: Message =
            switch shedding.reason {
            case .descriptors:
                "Connections closed at once: no descriptor is left; raise the limit (ulimit -n)"
            case .connections:
                "Connections closed at once: HTTP_CONNECTIONS_MAX are open"
            case .connectionsOfClient:
                "Connections closed at once: their client has HTTP_CONNECTIONS_PER_ADDRESS_MAX"
            }
        warning(remedy, metadata: .keyed([.connections: "\(shedding.count)"]))
    }
}
