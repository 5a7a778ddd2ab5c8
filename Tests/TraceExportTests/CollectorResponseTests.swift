import Ambient
import Testing

@testable import TraceExport

@Suite("Responses of collectors, RFC 9112")
struct CollectorResponseTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let given: String
        var isEnded = false
        var status: Int?
        var body = ""
        var isReusable = false
        var retryAfter: Duration?
        var isIncomplete = false

        var expected: CollectorResponse.Reading {
            if isIncomplete { return .incomplete }
            guard let status else { return .malformed }
            return .complete(
                CollectorResponse(
                    status: status, retryAfter: retryAfter, body: Array(body.utf8),
                    isReusable: isReusable))
        }
    }

    private static let now = Timestamp(microsecondsSince1970: 784_111_777_000_000)
    private static let large = String(repeating: "x", count: CollectorResponse.bodyOctetsMax + 1)
    private static let ok = "HTTP/1.1 200 OK\r\n"

    private static func read(_ text: String, isEnded: Bool = false) -> CollectorResponse.Reading {
        CollectorResponse.read(Array(text.utf8), isEnded: isEnded, now: now)
    }

    private static let whole: [Case] = [
        Case(
            testDescription: "a length", given: ok + "Content-Length: 2\r\n\r\n{}", status: 200,
            body: "{}", isReusable: true),
        Case(
            testDescription: "names in any case, and white space",
            given: ok + "content-LENGTH:\t 2 \r\n\r\n{}", status: 200, body: "{}",
            isReusable: true),
        Case(
            testDescription: "chunks",
            given: ok + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1;x=y\r\n}\r\n0\r\n\r\n",
            status: 200, body: "{}", isReusable: true),
        Case(
            testDescription: "nothing", given: "HTTP/1.1 204 No Content\r\n\r\n", status: 204,
            isReusable: true),
        Case(
            testDescription: "an interim response first",
            given: "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n\(ok)Content-Length: 0\r\n\r\n",
            status: 200, isReusable: true),
        Case(
            testDescription: "the connection closes",
            given: ok + "Connection: Close\r\nContent-Length: 0\r\n\r\n", status: 200),
        Case(
            testDescription: "HTTP/1.0", given: "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
            status: 200),
        Case(
            testDescription: "more than was announced",
            given: ok + "Content-Length: 2\r\n\r\n{}HTTP/1.1", status: 200, body: "{}"),
        Case(
            testDescription: "patience in seconds",
            given: "HTTP/1.1 503 Busy\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n",
            status: 503, isReusable: true, retryAfter: .seconds(120)),
        Case(
            testDescription: "patience until a date",
            given: "HTTP/1.1 429\r\nRetry-After: Sun, 06 Nov 1994 08:50:37 GMT\r\n"
                + "Content-Length: 0\r\n\r\n",
            status: 429, isReusable: true, retryAfter: .seconds(60)),
        Case(
            testDescription: "a date that has passed",
            given: "HTTP/1.1 429 \r\nRetry-After: Sun, 06 Nov 1994 08:48:37 GMT\r\n"
                + "Content-Length: 0\r\n\r\n",
            status: 429, isReusable: true, retryAfter: .zero),
        Case(
            testDescription: "patience that cannot be read",
            given: "HTTP/1.1 503 Busy\r\nRetry-After: +5\r\nContent-Length: 0\r\n\r\n",
            status: 503, isReusable: true),
        Case(
            testDescription: "content without an end, so far", given: ok + "\r\n{}",
            isIncomplete: true),
        Case(
            testDescription: "content that ends with the connection", given: ok + "\r\n{}",
            isEnded: true, status: 200, body: "{}"),
        Case(
            testDescription: "content that breaks off",
            given: ok + "Content-Length: 9\r\n\r\n{}", isEnded: true, status: 200),
        Case(
            testDescription: "chunks that break off",
            given: ok + "Transfer-Encoding: chunked\r\n\r\n9\r\n{", isEnded: true, status: 200),
        Case(
            testDescription: "a large length", given: ok + "Content-Length: 99999999\r\n\r\n",
            status: 200),
        Case(
            testDescription: "a large chunk",
            given: ok + "Transfer-Encoding: chunked\r\n\r\nFFFFFFF\r\n", status: 200),
        Case(
            testDescription: "chunks that are none",
            given: ok + "Transfer-Encoding: chunked\r\n\r\nhello\r\n", status: 200),
        Case(
            testDescription: "large content without an end", given: ok + "\r\n" + large,
            status: 200),
        Case(testDescription: "nothing at all", given: "", isEnded: true),
        Case(testDescription: "a head that breaks off", given: ok, isEnded: true),
        Case(testDescription: "another protocol", given: "SSH-2.0-x\r\n\r\n"),
        Case(testDescription: "another version", given: "HTTP/2 200\r\n\r\n"),
        Case(testDescription: "no status", given: "HTTP/1.1 abc OK\r\n\r\n"),
        Case(testDescription: "a field without a colon", given: ok + "x\r\n\r\n"),
        Case(testDescription: "a negative length", given: ok + "Content-Length: -1\r\n\r\n"),
        Case(testDescription: "another coding", given: ok + "Transfer-Encoding: gzip\r\n\r\n"),
        Case(
            testDescription: "a head without an end",
            given: ok + "x: " + String(repeating: "x", count: CollectorResponse.headOctetsMax)),
    ]

    @Test(arguments: whole)
    func `a response is its status, what it says of patience, and little content`(
        _ given: Case
    ) {
        #expect(Self.read(given.given, isEnded: given.isEnded) == given.expected)
    }

    @Test(arguments: whole.filter { $0.isReusable })
    func `however much of it has come, the rest is waited for`(_ given: Case) {
        let octets = Array(given.given.utf8)
        for count in octets.indices {
            let reading = CollectorResponse.read(
                Array(octets[..<count]), isEnded: false, now: Self.now)
            #expect(reading == .incomplete, "after \(count) octets")
        }
    }
}
