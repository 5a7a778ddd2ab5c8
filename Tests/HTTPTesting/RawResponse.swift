/// A response as it came over the wire.
package struct RawResponse: Equatable, Sendable {
    /// One field line.
    package struct Field: Equatable, Sendable {
        /// The name as sent.
        package let name: String
        /// The value without the space around it.
        package let value: String
    }

    /// The first line, without its CRLF.
    package let statusLine: String
    /// The status code.
    package let status: Int
    /// The field lines in their order.
    package let fields: [Field]
    /// The content; empty when the response has none.
    package let body: [UInt8]

    /// The content as text.
    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The value of the one field of this name, whatever its case; nil when there is none, or
    /// more than one, which no test wants.
    package subscript(name: String) -> String? {
        let values = fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
        return values.count == 1 ? values[0] : nil
    }

    /// Reads the response that begins `octets`.
    /// - Parameter toHead: The request's method was HEAD, so no content follows.
    /// - Returns: The response and the octets that it took; nil while some are missing.
    static func parse(
        _ octets: [UInt8], toHead: Bool
    ) throws(RawHTTPError) -> (response: RawResponse, length: Int)? {
        guard let head = head(of: octets) else { return nil }
        var lines = head.text.split(separator: "\r\n", omittingEmptySubsequences: false)
        let statusLine = String(lines.removeFirst())
        let words = statusLine.split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
            throw .malformed(statusLine)
        }
        var fields: [Field] = []
        for line in lines { fields.append(try field(line)) }
        let partial = RawResponse(statusLine: statusLine, status: status, fields: fields, body: [])
        let bodyLength = toHead ? 0 : try partial.contentLength()
        guard octets.count >= head.length + bodyLength else { return nil }
        let body = Array(octets[head.length..<head.length + bodyLength])
        let response = RawResponse(
            statusLine: statusLine, status: status, fields: fields, body: body)
        return (response, head.length + bodyLength)
    }

    private static func head(of octets: [UInt8]) -> (text: String, length: Int)? {
        let end = Array("\r\n\r\n".utf8)
        var start = 0
        while start + end.count <= octets.count {
            if octets[start..<start + end.count].elementsEqual(end) {
                return (String(decoding: octets[..<start], as: UTF8.self), start + end.count)
            }
            start += 1
        }
        return nil
    }

    private static func field(_ line: Substring) throws(RawHTTPError) -> Field {
        guard let colon = line.firstIndex(of: ":") else { throw .malformed(String(line)) }
        let value = line[line.index(after: colon)...].drop { $0 == " " }
        return Field(name: String(line[..<colon]), value: String(value))
    }

    /// The length of the content. A response that may have content must say it: these tests know
    /// no other framing.
    private func contentLength() throws(RawHTTPError) -> Int {
        switch status {
        case 100...199, 204, 304: return 0
        default:
            guard let text = self["Content-Length"], let length = Int(text) else {
                throw .malformed("No Content-Length in \(statusLine)")
            }
            return length
        }
    }
}
