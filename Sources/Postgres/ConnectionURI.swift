/// A connection URI, taken apart as far as this module must before libpq reads it.
struct ConnectionURI {
    /// What stands after the `+` of the scheme; nil without one.
    let driver: String?
    /// What stands between the scheme and the query.
    private let body: Substring
    /// The query's parameters as libpq reads them, still percent-encoded.
    private let parameters: [String]

    /// Takes `text` apart; nil if it is no URI, but perhaps a `key=value` string.
    init?(_ text: String) throws(InvalidDatabaseURL) {
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://"),
            text[..<colon].allSatisfy({ $0.isLetter || $0.isNumber || "+-._".contains($0) })
        else { return nil }
        driver = try Self.driver(ofScheme: text[..<colon])
        let parts = text[colon...].dropFirst(3).split(
            separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        body = parts[0]
        let given = parts.dropFirst().flatMap { $0.split(separator: "&") }.map(Self.withoutSSL)
        parameters = driver == nil ? given : Self.withHostLists(given.map(Self.withoutPluses))
        try checkDelimiters()
    }

    /// The URI as libpq reads it.
    var text: String {
        let query = parameters.isEmpty ? "" : "?\(parameters.joined(separator: "&"))"
        return "postgresql://\(body)\(query)"
    }

    /// What libpq refuses in ``text``.
    ///
    /// A parameter's name is told only where it cannot be the rest of a password with a stray `&`.
    var fault: InvalidDatabaseURL {
        let names = parameters.map { String($0.prefix { $0 != "=" }) }
        let known = ConnectionOptions(parsing: "")?.names ?? []
        guard !names.contains("password"), let unknown = names.first(where: { !known.contains($0) })
        else { return .malformed }
        return .unknownParameter(unknown)
    }

    /// Checks that an `@` stands where the user's name and password end and nowhere else
    /// (RFC 3986 §3.2). libpq guesses otherwise, and takes the rest of a password for a host.
    private func checkDelimiters() throws(InvalidDatabaseURL) {
        let authority = body.prefix { $0 != "/" }
        let count = (body + parameters.joined()).count { $0 == "@" }
        guard count == authority.count(where: { $0 == "@" }), count <= 1 else {
            throw .unencodedDelimiter
        }
    }

    /// The driver in a scheme such as `postgresql+asyncpg`.
    private static func driver(ofScheme scheme: Substring) throws(InvalidDatabaseURL) -> String? {
        let parts = scheme.split(separator: "+", omittingEmptySubsequences: false)
        guard ["postgresql", "postgres"].contains(parts[0]), parts.count <= 2,
            parts.last?.isEmpty == false
        else { throw .unsupportedScheme }
        return parts.count == 2 ? String(parts[1]) : nil
    }

    /// `parameter` with asyncpg's `ssl` written as libpq's `sslmode`. The values are the same, but
    /// asyncpg takes `verify_full` as well; `true` means `require` to libpq itself.
    private static func withoutSSL(_ parameter: Substring) -> String {
        guard parameter.hasPrefix("ssl=") else { return String(parameter) }
        let mode = parameter.dropFirst(4)
        return mode == "true"
            ? "sslmode=require" : "sslmode=\(String(mode.map { $0 == "_" ? "-" : $0 }))"
    }

    /// `parameter` with `+`, SQLAlchemy's other form of a space in a query, as libpq has spaces.
    private static func withoutPluses(_ parameter: String) -> String {
        parameter.split(separator: "+", omittingEmptySubsequences: false).joined(separator: "%20")
    }

    /// `parameters` with SQLAlchemy's `host=a:1&host=b:2` written as libpq's `host=a,b&port=1,2`.
    private static func withHostLists(_ parameters: [String]) -> [String] {
        let isHost = { (parameter: String) in parameter.hasPrefix("host=") }
        let hosts = parameters.filter(isHost).map { host in
            host.dropFirst(5).split(separator: "%3A", omittingEmptySubsequences: false)
                .joined(separator: ":")
                .split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        }
        // More colons are those of an IPv6 address, which SQLAlchemy takes for none either.
        guard hosts.count > 1 || hosts.first?.count == 2,
            hosts.allSatisfy({ $0.last?.contains(":") == false })
        else { return parameters }
        let names = hosts.map { String($0[0]) }.joined(separator: ",")
        let ports = hosts.map { $0.count == 2 ? String($0[1]) : "" }.joined(separator: ",")
        let lists = ["host=\(names)"] + (hosts.contains { $0.count == 2 } ? ["port=\(ports)"] : [])
        return parameters.filter { !isHost($0) } + lists
    }
}
