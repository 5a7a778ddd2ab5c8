extension ConnectionPool {
    private static let announcement = Statement(
        "announce", .write, "SELECT 1::bigint FROM pg_notify($1, $2)", columns: [.int8])

    /// Sends a notification to all who listen to `channel`; when it returns, it has been committed.
    /// - Parameter payload: At most 7,999 octets, without U+0000.
    /// - Throws: As ``run(_:_:)`` does.
    package func announce(
        _ channel: ChannelName, _ payload: String
    ) async throws(PostgresError) {
        var parameters = Parameters()
        parameters.append(channel.rawValue)
        parameters.append(payload)
        _ = try await run(Self.announcement, parameters)
    }
}
