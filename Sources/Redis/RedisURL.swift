import HTTP

/// The address of a Redis, as operators write it in `REDIS_URL`.
///
/// It is `redis://[[user]:password@]host[:port][/database]`, or for a socket of this machine
/// `unix://[[user]:password@]/path[?db=database]`; what stands before the `@` is percent-encoded
/// where need be (RFC 3986 §2.1). Neither the description nor a reflection shows the password.
package struct RedisURL: Equatable, Sendable {
    /// Where Redis listens.
    enum Location: Equatable, Sendable {
        case host(String, port: UInt16)
        case path(String)
    }

    /// Databases that a server may be configured to have.
    private static let databases = 0...65_535
    private static let standardPort: UInt16 = 6379
    /// Of a path, unix(7).
    private static let pathOctetsMax = 107

    let location: Location
    /// Nil for the user `default`.
    let user: String?
    let password: String?
    /// The number of the database.
    let database: Int

    /// Parses `text`. Nothing is looked up and nothing is connected.
    package init(parsing text: String) throws(InvalidRedisURL) {
        guard let scheme = text.firstRange(of: "://") else { throw .malformed }
        var rest = text[scheme.upperBound...]
        guard !rest.utf8.contains(0) else { throw .malformed }
        switch text[..<scheme.lowerBound] {
        case "redis":
            let slash = rest.firstIndex(of: "/") ?? rest.endIndex
            let path = rest[slash...].dropFirst()
            rest = rest[..<slash]
            (user, password) = try Self.takeCredentials(from: &rest)
            location = try Self.host(rest)
            database = path.isEmpty ? 0 : try Self.database(path)
        case "unix":
            let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            rest = parts[0]
            (user, password) = try Self.takeCredentials(from: &rest)
            guard rest.hasPrefix("/"), rest.utf8.count <= Self.pathOctetsMax else {
                throw .malformed
            }
            location = .path(String(rest))
            guard parts.count == 2 else {
                database = 0
                return
            }
            guard parts[1].hasPrefix("db=") else { throw .malformed }
            database = try Self.database(parts[1].dropFirst(3))
        case "rediss": throw .needsTLS
        default: throw .unsupportedScheme
        }
    }

    /// Takes what stands before an `@` away, as user and password.
    private static func takeCredentials(
        from rest: inout Substring
    ) throws(InvalidRedisURL) -> (user: String?, password: String?) {
        let parts = rest.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count > 1 else { return (nil, nil) }
        let credentials = parts[0].split(
            separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, credentials.count == 2, !credentials[1].isEmpty,
            let user = percentDecoded(credentials[0]), let password = percentDecoded(credentials[1])
        else { throw .malformedCredentials }
        rest = parts[1]
        return (user.isEmpty ? nil : user, password)
    }

    private static func host(_ text: Substring) throws(InvalidRedisURL) -> Location {
        var host = text
        var port = Substring()
        if let bracket = text.lastIndex(of: "]") {
            host = text[..<bracket].dropFirst()
            port = text[bracket...].dropFirst()
            guard text.first == "[", host.allSatisfy({ $0.isHexDigit || ":.".contains($0) }) else {
                throw .malformed
            }
        } else if let colon = text.firstIndex(of: ":") {
            (host, port) = (text[..<colon], text[colon...])
        }
        guard !host.isEmpty, !host.contains(where: { "?#[ ".contains($0) }) else {
            throw .malformed
        }
        guard !port.isEmpty else { return .host(String(host), port: standardPort) }
        guard port.first == ":", let number = number(port.dropFirst(), in: 1...65_535) else {
            throw .invalidPort
        }
        return .host(String(host), port: UInt16(number))
    }

    private static func database(_ text: Substring) throws(InvalidRedisURL) -> Int {
        guard let number = number(text, in: databases) else { throw .invalidDatabase }
        return number
    }

    private static func number(_ text: Substring, in range: ClosedRange<Int>) -> Int? {
        guard text.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains),
            text.utf8.count <= 5, let number = Int(text), range.contains(number)
        else { return nil }
        return number
    }
}

/// The text that a part of an address stands for; nil if that is no text in UTF-8.
private func percentDecoded(_ text: Substring) -> String? {
    let octets = Array(text.utf8)
    return PercentEncoding.decode(octets.span, octets.indices, plusIsSpace: false)
        .flatMap { String(validating: $0, as: UTF8.self) }
}

extension RedisURL: CustomStringConvertible, CustomReflectable {
    /// Where Redis listens, for logs.
    package var description: String {
        switch location {
        case .host(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .path(let path): path
        }
    }

    /// Nothing but the description, so that no dump of a value that holds this one tells more.
    package var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}

/// Why a text is not the address of a Redis; never a part of it that could be a password.
package enum InvalidRedisURL: Error, Equatable, Sendable {
    /// It has not the form of such an address.
    case malformed
    /// The scheme is neither `redis` nor `unix`.
    case unsupportedScheme
    /// The scheme is `rediss`: the library for Redis speaks no TLS.
    case needsTLS
    /// What stands before the `@` is not a user and a password, percent-encoded.
    case malformedCredentials
    /// The port is no number from 1 to 65535.
    case invalidPort
    /// The database is no number from 0 to 65535.
    case invalidDatabase
}

extension InvalidRedisURL: CustomStringConvertible {
    /// One line for the operator that says what is accepted.
    package var description: String {
        switch self {
        case .malformed:
            "it is not of the form redis://user:password@host:6379/0 or unix:///path?db=0"
        case .unsupportedScheme: "its scheme is neither redis:// nor unix://"
        case .needsTLS:
            "TLS to Redis (rediss://) is not supported; use redis:// in a network of your own, or "
                + "through a tunnel such as stunnel"
        case .malformedCredentials:
            "before the @ must stand user:password or :password, with @ as %40, / as %2F, : as %3A "
                + "and % as %25"
        case .invalidPort: "its port is not a number from 1 to 65535; in a password write / as %2F"
        case .invalidDatabase: "its database is not a number from 0 to 65535"
        }
    }
}
