package import LogTesting
package import PrometheusMetrics
package import Reactor
package import Redis

/// A client on a loop of its own.
package struct ClientFixture: Sendable {
    /// The client.
    package let client: RedisClient
    /// Its loop.
    package let loop: EventLoop
    /// What was logged.
    package let lines: LogLines
    /// All that it counts.
    package let metrics: MetricsRegistry

    /// Sends a command.
    package func run(_ name: StaticString, _ arguments: String...) async -> Result<
        RedisReply, RedisError
    > {
        await run(name, arguments)
    }

    /// Sends a command.
    package func run(
        _ name: StaticString, _ arguments: [String]
    ) async -> Result<RedisReply, RedisError> {
        let command = RedisCommand(name, arguments.map { Array($0.utf8) })
        return await loop.run { [client] _ in
            do throws(RedisError) {
                return .success(try await client.run(command))
            } catch {
                return .failure(error)
            }
        }
    }

    /// Sends PING, turn after turn, until it is answered; a Redis that starts takes a while.
    package func becomeConnected() async {
        while await run("PING") != .success(.status("PONG")) { await turn() }
    }

    /// Waits until there is a connection, and asks nothing on it.
    package func becomeUp() async {
        while value("redis_connections", "up") != 1 { await turn() }
    }

    /// Lets the loop have a turn.
    package func turn() async { await loop.run { [loop] _ in await loop.yield() } }

    /// The value of a series, such as `answered` of `redis_commands_total`.
    package func value(_ name: String, _ labels: String...) -> Int64? { value(name, labels) }

    /// The value of a series.
    package func value(_ name: String, _ labels: [String]) -> Int64? {
        let family = metrics.families().first { $0.description.name == name }
        guard
            case .number(let number)? = family?.series.first(where: { $0.labelValues == labels })?
                .value
        else { return nil }
        return number.digits
    }

    fileprivate init(url: String, _ configuration: RedisConfiguration) throws {
        metrics = MetricsRegistry(loopCount: 1)
        loop = try EventLoop()
        lines = LogLines()
        client = RedisClient(
            loop: loop, to: try RedisURL(parsing: url),
            connecting: try OffloadPool(name: "connecting", threads: 1, queueMax: 8),
            configuration: configuration, outages: RedisOutageLog(logger: lines.logger),
            metrics: RedisMetrics(in: metrics))
    }
}

extension RedisConfiguration {
    /// Limits that a busy machine keeps too.
    package static var patient: RedisConfiguration {
        var configuration = RedisConfiguration()
        configuration.commandTimeout = .seconds(600)
        configuration.connectTimeout = .seconds(600)
        return configuration
    }
}

/// Runs `body` with a client that has begun to connect, and closes it afterwards.
package func withClient(
    of url: String, _ configuration: RedisConfiguration = .patient,
    _ body: (ClientFixture) async throws -> Void
) async throws {
    let fixture = try ClientFixture(url: url, configuration)
    try fixture.loop.start()
    await fixture.client.open()
    defer { fixture.loop.stop() }
    do { try await body(fixture) } catch {
        await fixture.client.close()
        throw error
    }
    await fixture.client.close()
}
