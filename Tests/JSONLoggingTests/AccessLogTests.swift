import Ambient
import JSON
import Testing

@testable import JSONLogging

@Suite("Lines of requests")
struct AccessLogTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let record: AccessRecord
        var weight = 1
        let expected: String
    }

    private static func record(
        route: String = "/users/{id}", status: Int = 200,
        duration: Duration = .microseconds(1234), userID: UUID? = nil, client: String? = nil,
        traceID: String? = nil, spanID: String? = nil, cause: String? = nil
    ) -> AccessRecord {
        AccessRecord(
            requestID: "req-1", method: "GET", route: route, status: status,
            duration: duration, bodyOctets: 512, userID: userID, client: client,
            traceID: traceID, spanID: spanID, cause: cause)
    }

    @Test(arguments: [
        Case(
            testDescription: "success", record: record(),
            expected: #""INFO","service":"user-management","message":"GET /users/{id} 200","#
                + #""request_id":"req-1","method":"GET","route":"/users/{id}","status":200,"#
                + #""duration_ms":1.234,"bytes":512}"#),
        Case(
            testDescription: "a user, a client, and that it stands for others",
            record: record(userID: UUID(high: 1, low: 2), client: "2001:db8::1"), weight: 10,
            expected: #""INFO","service":"user-management","message":"GET /users/{id} 200","#
                + #""request_id":"req-1","method":"GET","route":"/users/{id}","status":200,"#
                + #""duration_ms":1.234,"bytes":512,"#
                + #""user_id":"00000000-0000-0001-0000-000000000002","client":"2001:db8::1","#
                + #""sample_weight":10}"#),
        Case(
            testDescription: "a trace, and a cause that a 404 does not have",
            record: record(
                status: 404, duration: .zero, traceID: "4bf9", spanID: "00f0", cause: "ignored"),
            expected: #""INFO","service":"user-management","message":"GET /users/{id} 404","#
                + #""request_id":"req-1","method":"GET","route":"/users/{id}","status":404,"#
                + #""duration_ms":0.000,"bytes":512,"trace_id":"4bf9","span_id":"00f0"}"#),
        Case(
            testDescription: "a failure with its cause",
            record: record(
                status: 503, duration: .milliseconds(2050), cause: "no \"connection\"\nin time"),
            expected: #""ERROR","service":"user-management","message":"GET /users/{id} 503","#
                + #""request_id":"req-1","method":"GET","route":"/users/{id}","status":503,"#
                + #""duration_ms":2050.000,"bytes":512,"cause":"no \"connection\"\nin time"}"#),
        Case(
            testDescription: "fractions of a microsecond are dropped",
            record: record(route: "", status: 400, duration: .nanoseconds(10_009_999)),
            expected: #""INFO","service":"user-management","message":"GET  400","#
                + #""request_id":"req-1","method":"GET","route":"","status":400,"#
                + #""duration_ms":10.009,"bytes":512}"#),
    ])
    func `JSON`(_ given: Case) throws {
        let octets = AccessLog.line(
            of: given.record, weight: given.weight, at: Timestamp(microsecondsSince1970: 0),
            in: LogStyle(format: .json), AccessLinePatterns(service: "user-management"))
        let beginning = #"{"timestamp":"1970-01-01T00:00:00.000000Z","log_level":"#
        #expect(String(decoding: octets, as: UTF8.self) == beginning + given.expected + "\n")
        _ = try JSONParser.parse(octets.span)
    }

    @Test(arguments: [
        Case(
            testDescription: "success", record: record(),
            expected: "INFO     GET /users/{id} 200 duration_ms=1.234 bytes=512 request_id=req-1"),
        Case(
            testDescription: "a user, a client, and that it stands for others",
            record: record(userID: UUID(high: 1, low: 2), client: "192.0.2.1"), weight: 10,
            expected: "INFO     GET /users/{id} 200 duration_ms=1.234 bytes=512 request_id=req-1"
                + " user_id=00000000-0000-0001-0000-000000000002 client=192.0.2.1"
                + " sample_weight=10"),
        Case(
            testDescription: "a failure with its cause",
            record: record(
                status: 500, traceID: "4bf9", spanID: "00f0", cause: "connection lost"),
            expected: "ERROR    GET /users/{id} 500 duration_ms=1.234 bytes=512 request_id=req-1"
                + #" trace_id=4bf9 span_id=00f0 cause="connection lost""#),
    ])
    func `text does not repeat the message`(_ given: Case) {
        let octets = AccessLog.line(
            of: given.record, weight: given.weight, at: Timestamp(microsecondsSince1970: 0),
            in: LogStyle(format: .text), AccessLinePatterns(service: "user-management"))
        let text = String(decoding: octets, as: UTF8.self)
        #expect(text == "1970-01-01T00:00:00.000000Z \(given.expected)\n")
    }

    @Test(arguments: [
        (AccessLogPolicy.off, [500, 503]), (.errors, [400, 404, 499, 500, 501, 503, 505]),
        (.all, [100, 200, 304, 399, 400, 404, 499, 500, 501, 503, 505]),
    ])
    func `a policy covers statuses`(policy: AccessLogPolicy, expected: [Int]) {
        let statuses = [100, 200, 304, 399, 400, 404, 499, 500, 501, 503, 505]
        #expect(statuses.filter(policy.covers) == expected)
    }

    @Test func `only what the policy covers is written`() throws {
        let pipe = try TestPipe()
        let sink = try LogSink(
            descriptor: pipe.writeEnd, style: LogStyle(format: .json), clock: .system)
        let log = AccessLog(sink: sink, policy: .errors)
        for status in [200, 404, 304, 500] {
            log.requestFinished(Self.record(status: status), at: WallClock.system.now())
        }
        let lines = try pipe.readLines { $0.count == 2 }
        #expect(lines.map { $0.contains(#""status":404"#) } == [true, false])
        #expect(lines.map { $0.contains(#""status":500"#) } == [false, true])
        #expect(sink.close(within: .seconds(30)))
    }

    @Test func `of what went well a sample is written, of all else everything`() throws {
        let pipe = try TestPipe()
        let sink = try LogSink(
            descriptor: pipe.writeEnd, style: LogStyle(format: .json), clock: .system)
        let log = AccessLog(
            sink: sink, policy: .all, sampling: AccessSampling(oneOf: 10, slowFrom: .seconds(1)))
        for _ in 0..<100 {
            log.requestFinished(Self.record(status: 204), at: WallClock.system.now())
        }
        for status in [304, 404, 503] {
            log.requestFinished(Self.record(status: status), at: WallClock.system.now())
        }
        log.requestFinished(Self.record(duration: .seconds(1)), at: WallClock.system.now())
        let lines = try pipe.readLines { $0.count == 14 }
        let sampled = lines.filter { $0.contains(#""sample_weight":10}"#) }
        #expect(sampled.count == 10 && sampled.allSatisfy { $0.contains(#""status":204"#) })
        #expect(!lines.dropFirst(10).contains { $0.contains("sample_weight") })
        #expect(sink.close(within: .seconds(30)))
    }

    @Test func `of each ten requests one is taken, at changing places`() {
        let sampling = AccessSampling(oneOf: 10, slowFrom: .seconds(1))
        #expect((0..<80).filter(sampling.takes) == [5, 15, 20, 33, 48, 58, 62, 77])
        // One of two clients who take turns is as likely as the other.
        let taken = (0..<2000).filter(sampling.takes)
        #expect(taken.count { $0 % 2 == 0 } == 99 && taken.count { $0 % 2 == 1 } == 101)
    }

    @Test(arguments: [
        (200, 999, true), (299, 0, true), (200, 1000, false), (199, 0, false), (300, 0, false),
        (404, 0, false), (500, 0, false),
    ])
    func `sampled is what went well and was not slow`(
        status: Int, milliseconds: Int, applies: Bool
    ) {
        let sampling = AccessSampling(oneOf: 10, slowFrom: .seconds(1))
        #expect(sampling.applies(toStatus: status, .milliseconds(milliseconds)) == applies)
        #expect(!AccessSampling.everything.applies(toStatus: status, .milliseconds(milliseconds)))
    }
}
