/// A command as it is sent: a list of strings, each with its length before it, so that no octet of
/// them means anything but itself (RESP2).
package struct RedisCommand: Sendable {
    /// What goes to Redis.
    let octets: [UInt8]

    /// Makes a command of a name and its arguments.
    package init(_ name: StaticString, _ arguments: [[UInt8]] = []) {
        var octets = Array("*\(arguments.count + 1)\r\n".utf8)
        name.withUTF8Buffer { Self.append($0, to: &octets) }
        for argument in arguments { Self.append(argument, to: &octets) }
        self.octets = octets
    }

    private static func append(_ string: some Collection<UInt8>, to octets: inout [UInt8]) {
        octets += "$\(string.count)\r\n".utf8
        octets += string
        octets += "\r\n".utf8
    }
}
