/// How the Redis is reached that processes share, if there is one.
package struct RedisSettings: Equatable, Sendable {
    /// The address with the credentials; nil if there is none.
    package var url: Secret?
    /// The longest that a request waits for it.
    package var timeout: Duration
    /// How long users are kept in it, in whole milliseconds; nil if they are not.
    package var userLife: Duration?

    /// Reads `REDIS_…` and `USER_CACHE_TTL`.
    package init(reading reader: inout ConfigurationReader) {
        url = reader.secret(.redisURL)
        timeout = reader.duration(
            .redisTimeout, default: .milliseconds(1), in: .milliseconds(1)...Duration.seconds(1))
        userLife = reader.duration(.userCacheTTL, in: .milliseconds(100)...Duration.seconds(10))
    }
}
