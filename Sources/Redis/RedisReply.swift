/// What Redis answers to one command (RESP2; redis.io, "Redis serialization protocol").
package enum RedisReply: Equatable, Sendable {
    /// A text of its own, such as `OK`.
    case status(String)
    /// Octets that somebody has stored.
    case string([UInt8])
    /// A number.
    case integer(Int64)
    /// There is nothing.
    case null
    /// The command was refused: the first word of why.
    case error(String)
    /// Several, of which none is a list.
    case list([RedisReply])
}
