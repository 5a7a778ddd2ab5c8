import CLibpq

extension SessionConnection {
    /// Listens to `channels` from now on.
    func listen(to channels: [ChannelName]) async throws(PostgresError) {
        let commands = channels.map { #"LISTEN "\#($0.rawValue)""# }
        try await execute(text: commands.joined(separator: "; "))
    }

    /// Waits, without end, for notifications and returns those that have come, one at least.
    func notifications() async throws(PostgresError) -> [Notification] {
        while true {
            let connection = try connection()
            var found: [Notification] = []
            while let notification = PQnotifies(connection) {
                found.append(
                    Notification(
                        channel: String(cString: notification.pointee.relname),
                        payload: String(cString: notification.pointee.extra)))
                PQfreemem(notification)
            }
            guard found.isEmpty else { return found }
            try await receive(within: nil)
        }
    }
}
