/// How long each wait for Redis may take, and how much may be under way, on each event loop.
package struct RedisConfiguration: Sendable {
    /// The longest that a command waits for its answer; longer than nothing.
    package var commandTimeout: Duration = .milliseconds(1)
    /// Whether to find out, on each new connection, which server it is: for
    /// ``RedisClient/run(forServer:)``. Redis' user needs `info` then.
    package var asksForServer = false
    /// The longest that connecting may take, with what is said at its beginning.
    package var connectTimeout: Duration = .seconds(1)
    /// How long a connection that owes answers may say nothing before it is given up.
    package var silenceMax: Duration = .seconds(1)
    /// How long commands may fail before that is an outage and logged.
    package var outageAfter: Duration = .seconds(1)
    /// How often Redis is asked whether it is back, if it has been too slow.
    package var probeInterval: Duration = .seconds(1)
    /// Most commands under way, those included that nobody waits for any more.
    package var commandsMax = 1024
    /// Most octets that wait to be sent.
    package var unsentOctetsMax = 1024 * 1024
    /// The wait after the first failed attempt to connect, less up to a half.
    package var backoffMin: Duration = .milliseconds(50)
    /// The longest wait between two attempts to connect.
    package var backoffMax: Duration = .seconds(1)

    /// Makes the standard limits.
    package init() {}
}
