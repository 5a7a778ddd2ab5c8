import HTTPTypes

/// Makes octets of responses (RFC 9112 §4 to §6).
package enum ResponseSerializer {
    /// The interim answer to `Expect: 100-continue` (RFC 9110 §15.2.1).
    package static let continueResponse = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

    /// How the client finds the end of a response's content (RFC 9112 §6.3).
    package enum ContentFraming: Equatable, Sendable {
        /// Its status has no content.
        case none
        /// It has so many octets.
        case length(Int)
        /// It is chunked.
        case chunked
        /// It ends with the connection: the content is streamed to a client of HTTP/1.0.
        case end
    }

    /// How the end of a response's content is told to a client of HTTP/1.`minorVersion`.
    package static func framing(of response: Response, minorVersion: Int) -> ContentFraming {
        guard hasContent(response) else { return .none }
        guard let stream = response.stream else { return .length(response.body.count) }
        if let length = stream.length { return .length(length) }
        return minorVersion > 0 ? .chunked : .end
    }

    /// Appends a whole response to `output`, or the head of one whose content is a stream.
    ///
    /// - Parameters:
    ///   - response: What to send.
    ///   - output: What is to be written to the connection; responses may stand in it already.
    ///   - isHead: Whether it answers HEAD: the length is that of GET's answer, no content follows.
    ///   - closes: Whether this is the last response on its connection.
    ///   - minorVersion: The request's. The status line says HTTP/1.1 in any case
    ///     (RFC 9110 §2.5), but a client of HTTP/1.0 is told when the connection stays open.
    ///   - date: When the response was made.
    package static func append(
        _ response: Response, to output: inout [UInt8], isHead: Bool, closes: Bool,
        minorVersion: Int, date: HTTPDate
    ) {
        let sendsContent = !isHead && hasContent(response)
        output.makeRoom(
            for: headBytesExpected + response.fields.lines.count
                + (sendsContent ? response.body.count : 0))
        appendHead(
            response, to: &output, closes: closes, minorVersion: minorVersion, date: date)
        if sendsContent { output.append(octets: response.body) }
    }

    /// Room for whatever a head holds beside the handler's fields, but for a long reason phrase.
    private static let headBytesExpected = 320

    /// What follows the date: that the content is of its media type and of no other (Fetch
    /// Standard, `X-Content-Type-Options`), so that nobody's text becomes a script.
    private static let fixedLines: StaticString = "\r\nX-Content-Type-Options: nosniff\r\n"

    /// The same, and that the content, shown as a page, may load nothing and is embedded nowhere
    /// (Content Security Policy Level 3).
    private static let fixedLinesWithPolicy: StaticString = """
        \r
        X-Content-Type-Options: nosniff\r
        Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r

        """

    private static func appendHead(
        _ response: Response, to output: inout [UInt8], closes: Bool, minorVersion: Int,
        date: HTTPDate
    ) {
        StatusLine.append(response.status, to: &output)
        output.append("Date: ")
        output.append(octets: date.bytes)
        output.append(response.fields.hasPolicy ? fixedLines : fixedLinesWithPolicy)
        output.append(octets: response.fields.lines)
        switch framing(of: response, minorVersion: minorVersion) {
        case .none, .end: break
        case .chunked: output.append("Transfer-Encoding: chunked\r\n")
        case .length(let count):
            output.append("Content-Length: ")
            output.appendDecimal(count)
            output.append("\r\n")
        }
        if closes {
            output.append("Connection: close\r\n")
        } else if minorVersion == 0 {
            output.append("Connection: keep-alive\r\n")
        }
        output.append("\r\n")
    }

    /// Whether the status allows content: 1xx, 204 and 304 do not, nor a Content-Length for what
    /// is not sent (RFC 9110 §6.4.1 and §8.6).
    private static func hasContent(_ response: Response) -> Bool {
        switch response.status.code {
        case 100...199, 204, 304: false
        default: true
        }
    }

    /// Appends a chunk of content in the chunked coding (RFC 9112 §7.1).
    ///
    /// - Precondition: the chunk is not empty: an empty one would end the content.
    package static func appendChunk(_ chunk: [UInt8], to output: inout [UInt8]) {
        precondition(!chunk.isEmpty, "An empty chunk ends the content.")
        output.makeRoom(for: chunk.count + 20)
        output.append(contentsOf: String(chunk.count, radix: 16).utf8)
        output.append("\r\n")
        output.append(octets: chunk)
        output.append("\r\n")
    }

    /// Appends the end of content in the chunked coding.
    package static func appendLastChunk(to output: inout [UInt8]) {
        output.append("0\r\n\r\n")
    }
}
