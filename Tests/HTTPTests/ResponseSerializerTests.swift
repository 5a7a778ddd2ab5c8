import HTTP
import HTTPTypes
import Testing

@Suite("Responses as octets")
struct ResponseSerializerTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var status: HTTPResponse.Status = .ok
        var body = "{}"
        var isHead = false
        var closes = false
        var minorVersion = 1
        var policy: String?
        let expected: String
    }

    /// The lines of the head, without those that every head has, and what follows them.
    static let rows = [
        Row(
            testDescription: "content",
            expected: "HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 2\r\n\r\n{}"),
        Row(
            testDescription: "no content", body: "",
            expected: "HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 0\r\n\r\n"),
        Row(
            testDescription: "HEAD", isHead: true,
            expected: "HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 2\r\n\r\n"),
        Row(
            testDescription: "the last response", closes: true,
            expected:
                "HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"),
        Row(
            testDescription: "the last response in HTTP/1.0", closes: true, minorVersion: 0,
            expected:
                "HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"),
        Row(
            testDescription: "a response in HTTP/1.0", minorVersion: 0,
            expected:
                "HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n{}"),
        Row(
            testDescription: "204", status: .noContent,
            expected: "HTTP/1.1 204 No Content\r\nX: y\r\n\r\n"),
        Row(
            testDescription: "304", status: .notModified,
            expected: "HTTP/1.1 304 Not Modified\r\nX: y\r\n\r\n"),
        Row(
            testDescription: "304 to HEAD", status: .notModified, isHead: true,
            expected: "HTTP/1.1 304 Not Modified\r\nX: y\r\n\r\n"),
        Row(
            testDescription: "103", status: HTTPResponse.Status(code: 103, reasonPhrase: "Hints"),
            expected: "HTTP/1.1 103 Hints\r\nX: y\r\n\r\n"),
        Row(
            testDescription: "a known code without a phrase", status: 404,
            expected: "HTTP/1.1 404 Not Found\r\nX: y\r\nContent-Length: 2\r\n\r\n{}"),
        Row(
            testDescription: "an unknown code without a phrase", status: 299,
            expected: "HTTP/1.1 299 \r\nX: y\r\nContent-Length: 2\r\n\r\n{}"),
        Row(
            testDescription: "a phrase with a line break",
            status: HTTPResponse.Status(code: 299, reasonPhrase: "a\r\nb"),
            expected: "HTTP/1.1 299 a  b\r\nX: y\r\nContent-Length: 2\r\n\r\n{}"),
        Row(
            testDescription: "a policy of its own", policy: "default-src 'self'",
            expected: "HTTP/1.1 200 OK\r\nX: y\r\nContent-Security-Policy: default-src 'self'\r\n"
                + "Content-Length: 2\r\n\r\n{}"),
    ]

    private func serialize(_ row: Row, into output: inout [UInt8]) {
        var response = Response(status: row.status, body: octets(row.body))
        response.fields.append(HTTPField.Name(constant: "X"), "y")
        if let policy = row.policy {
            response.fields.append(.contentSecurityPolicy, policy)
        }
        ResponseSerializer.append(
            response, to: &output, isHead: row.isHead, closes: row.closes,
            minorVersion: row.minorVersion, date: HTTPDate(unixSeconds: 784_111_777))
    }

    @Test(arguments: rows)
    func `a response is these octets`(_ row: Row) throws {
        var output: [UInt8] = []
        serialize(row, into: &output)
        let text = String(decoding: output, as: UTF8.self)
        var fixed = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nX-Content-Type-Options: nosniff\r\n"
        if row.policy == nil {
            fixed += "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
        }
        let statusEnd = try #require(row.expected.firstIndex(of: "\r\n"))
        let statusLine = row.expected[...statusEnd]
        #expect(text == statusLine + fixed + row.expected.dropFirst(statusLine.count))
    }

    @Test func `responses follow each other in one buffer`() {
        var one: [UInt8] = []
        serialize(Self.rows[0], into: &one)
        var three: [UInt8] = []
        for _ in 0..<3 { serialize(Self.rows[0], into: &three) }
        #expect(three == one + one + one)
    }

    @Test func `the interim response has no fields`() {
        #expect(ResponseSerializer.continueResponse == octets("HTTP/1.1 100 Continue\r\n\r\n"))
    }

    @Test(arguments: [
        200, 201, 202, 204, 304, 400, 401, 403, 404, 405, 406, 408, 409, 411, 412, 413, 414, 415,
        417, 422, 428, 429, 431, 500, 501, 503, 505,
    ])
    func `a status line carries its code`(_ code: Int) {
        var output: [UInt8] = []
        ResponseSerializer.append(
            Response(status: HTTPResponse.Status(code: code)), to: &output, isHead: false,
            closes: false, minorVersion: 1, date: HTTPDate(unixSeconds: 0))
        #expect(output.starts(with: octets("HTTP/1.1 \(code) ")))
        #expect(!output.starts(with: octets("HTTP/1.1 \(code) \r\n")))
    }
}
