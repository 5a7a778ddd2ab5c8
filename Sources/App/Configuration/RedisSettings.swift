/// How the Redis is reached that processes share, if there is one.
package struct RedisSettings: Equatable, Sendable {
    /// The address with the credentials; nil if there is none.
    package var url: Secret?
    /// The longest that a request waits for it.
    package var timeout: Duration

    /// Reads `REDIS_…`.
    package init(reading reader: inout ConfigurationReader) {
        url = reader.secret(.redisURL)
        timeout = reader.duration(
            .redisTimeout, default: .milliseconds(1), in: .milliseconds(1)...Duration.seconds(1))
    }
}
