/// A program that Redis runs as one command, between which and others nothing happens (redis.io,
/// "Scripting with Lua").
package struct RedisScript: Sendable {
    let text: StaticString
    let digest: StaticString

    /// Makes a script.
    /// - Parameter digest: The SHA-1 of `text` in lower-case hexadecimal digits, by which Redis
    ///   knows a script that it has seen before.
    package init(_ text: StaticString, digest: StaticString) {
        self.text = text
        self.digest = digest
    }

    /// The command that a Redis takes that knows the script.
    fileprivate func short(_ key: [UInt8], _ arguments: [[UInt8]]) -> RedisCommand {
        RedisCommand("EVALSHA", [Array("\(digest)".utf8), Self.one, key] + arguments)
    }

    /// The command that every Redis takes, and knows the script afterwards.
    fileprivate func whole(_ key: [UInt8], _ arguments: [[UInt8]]) -> RedisCommand {
        RedisCommand("EVAL", [Array("\(text)".utf8), Self.one, key] + arguments)
    }

    /// How many keys there are.
    private static let one = Array("1".utf8)
}

extension RedisClient {
    /// Runs a script on one key, in one round trip; in two if Redis has been started since it last
    /// did. Waits at most as long as that many commands.
    /// - Parameter read: What the answer says; nil if the script has no such answer.
    package nonisolated(nonsending) func run<Value: Sendable>(
        _ script: RedisScript, on key: [UInt8], _ arguments: [[UInt8]] = [],
        reading read: @Sendable (RedisReply) -> Value?
    ) async throws(RedisError) -> Value {
        do throws(RedisError) {
            return try await run(script.short(key, arguments), reading: read)
        } catch .refused("NOSCRIPT") {
            return try await run(script.whole(key, arguments), reading: read)
        }
    }

    /// Runs a script on the key that `key` makes for the server that will execute it, as
    /// ``run(forServer:reading:)`` does with a command.
    package nonisolated(nonsending) func run<Value: Sendable>(
        _ script: RedisScript, onKeyForServer key: @Sendable (RedisServer) -> [UInt8],
        _ arguments: [[UInt8]] = [], reading read: @Sendable (RedisReply) -> Value?
    ) async throws(RedisError) -> Value {
        do throws(RedisError) {
            return try await run(
                forServer: { script.short(key($0), arguments) }, reading: read)
        } catch .refused("NOSCRIPT") {
            return try await run(
                forServer: { script.whole(key($0), arguments) }, reading: read)
        }
    }
}
