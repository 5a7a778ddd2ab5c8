package import Ambient
package import HTTP

extension Request {
    /// A request as the parser makes it of a client's octets.
    /// - Parameters:
    ///   - line: Method and target, such as `GET /users`.
    ///   - fields: Field lines beside Host, such as `Accept: text/html`.
    ///   - body: The content, of which a Content-Length tells; nil: there is none.
    /// - Throws: What the parser thinks of it.
    package init(
        _ line: String, fields: [String] = [], body: [UInt8]? = nil, id: String = "",
        client: ClientAddress = .unknown, receivedAt: MonotonicTime = .now
    ) throws(RequestParseError) {
        let length = body.map { ["Content-Length: \($0.count)"] } ?? []
        let lines = ["\(line) HTTP/1.1", "Host: example.com"] + length + fields + ["", ""]
        let octets = Array(lines.joined(separator: "\r\n").utf8)
        var parser = RequestParser(limits: RequestLimits())
        guard let parsed = try parser.parse(octets.span) else { throw .malformedRequestLine }
        self.init(
            head: parsed.head, body: RequestBody(bytes: body ?? []), id: id, client: client,
            receivedAt: receivedAt)
    }
}
