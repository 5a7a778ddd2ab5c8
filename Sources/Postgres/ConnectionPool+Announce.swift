extension ConnectionPool {
    private static let announcement = Statement<(channel: ChannelName, payload: String), Int64>(
        "announce", .write, "SELECT 1::bigint FROM pg_notify($1, $2)", columns: [.int8],
        encode: { announcement, parameters throws(PostgresError) in
            try parameters.append(announcement.channel.rawValue)
            try parameters.append(announcement.payload)
        }, decode: { row throws(PostgresError) in try row.int64() })

    /// Sends a notification to all who listen to `channel`; when it returns, it has been committed.
    /// - Parameter payload: At most 7,999 octets, without U+0000.
    /// - Throws: As ``row(_:_:)`` does.
    package func announce(
        _ channel: ChannelName, _ payload: String
    ) async throws(PostgresError) {
        _ = try await row(Self.announcement, (channel, payload))
    }
}
