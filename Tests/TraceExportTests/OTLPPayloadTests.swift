import HTTP
import JSON
import Testing
import Tracing

@testable import TraceExport

@Suite("Payloads, OTLP in its JSON encoding")
struct OTLPPayloadTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    private let resource = TraceResource(service: "user-management", version: "1.2.3", ["a": "b"])

    private func text(of spans: [SpanRecord]) -> String {
        String(decoding: OTLPPayload.octets(of: spans, resource: resource), as: UTF8.self)
    }

    /// A payload around the text of its spans.
    private func payload(_ spans: String) -> String {
        #"{"resourceSpans":[{"resource":{"attributes":["#
            + #"{"key":"a","value":{"stringValue":"b"}},"#
            + #"{"key":"service.name","value":{"stringValue":"user-management"}},"#
            + #"{"key":"service.version","value":{"stringValue":"1.2.3"}}]},"#
            + #""scopeSpans":[{"scope":{"name":"user-management"},"spans":["# + spans
            + "]}]}]}"
    }

    @Test func `a span that begins a trace has no parent`() throws {
        let span = try FinishedSpans.one()
        #expect(
            text(of: [span])
                == payload(
                    #"{"traceId":"\#(Self.trace)","spanId":"00f067aa0ba902b7","flags":259,"#
                        + #""name":"GET /users/{id}","kind":2,"startTimeUnixNano":"1","#
                        + #""endTimeUnixNano":"1","attributes":[],"events":[]}"#))
    }

    @Test func `all that may be known of a span is told`() throws {
        let handedOn = try state("a=1,b=2")
        var span = SpanRecord(
            "users_by_id", .client,
            at: SpanPosition(
                try place("00-\(Self.trace)-00f067aa0ba902b7-01"), state: handedOn),
            in: SpanPosition(
                try place("00-\(Self.trace)-b7ad6b7169203331-01"), state: handedOn, isRemote: true),
            start: 1_544_712_660_000_000_000)
        span.attributes["s"] = "say \"hi\""
        span.attributes["i"] = Int64.max
        span.attributes["b"] = true
        for number in 0..<18 { span.add(SpanEvent(name: "e\(number)", at: Instant(7))) }
        span.dropLink()
        span.status = SpanStatus(code: .error, message: "no")
        span.end(at: 1_544_712_661_000_000_000)
        let events = (0..<16).map { #"{"timeUnixNano":"7","name":"e\#($0)","attributes":[]}"# }
        #expect(
            text(of: [span])
                == payload(
                    #"{"traceId":"\#(Self.trace)","spanId":"00f067aa0ba902b7","#
                        + #""traceState":"a=1,b=2","parentSpanId":"b7ad6b7169203331","#
                        + #""flags":769,"name":"users_by_id","kind":3,"#
                        + #""startTimeUnixNano":"1544712660000000000","#
                        + #""endTimeUnixNano":"1544712661000000000","attributes":["#
                        + #"{"key":"b","value":{"boolValue":true}},"#
                        + #"{"key":"i","value":{"intValue":"9223372036854775807"}},"#
                        + #"{"key":"s","value":{"stringValue":"say \"hi\""}}],"events":["#
                        + events.joined(separator: ",")
                        + #"],"droppedEventsCount":2,"droppedLinksCount":1,"#
                        + #""status":{"code":2,"message":"no"}}"#))
    }

    @Test(arguments: [
        (SpanAttribute.int32(-1), #"{"intValue":"-1"}"#),
        (.double(0.25), #"{"doubleValue":0.25}"#), (.double(.nan), #"{"doubleValue":"NaN"}"#),
        (.double(.infinity), #"{"doubleValue":"Infinity"}"#),
        (.double(-.infinity), #"{"doubleValue":"-Infinity"}"#),
        (.int64Array([1, 2]), #"{"arrayValue":{"values":[{"intValue":"1"},{"intValue":"2"}]}}"#),
        (.int32Array([3]), #"{"arrayValue":{"values":[{"intValue":"3"}]}}"#),
        (.doubleArray([0.5]), #"{"arrayValue":{"values":[{"doubleValue":0.5}]}}"#),
        (.boolArray([]), #"{"arrayValue":{"values":[]}}"#),
        (.stringArray(["x"]), #"{"arrayValue":{"values":[{"stringValue":"x"}]}}"#),
        (.stringConvertible(7), #"{"stringValue":"7"}"#),
        (
            .stringConvertibleArray([7]),
            #"{"arrayValue":{"values":[{"stringValue":"7"}]}}"#
        ),
    ])
    func `every kind of value has its form`(_ given: SpanAttribute, _ expected: String) throws {
        var span = try FinishedSpans.one()
        span.attributes["k"] = given
        #expect(text(of: [span]).contains(#""attributes":[{"key":"k","value":\#(expected)}]"#))
    }

    @Test(arguments: [
        (SpanKind.internal, 1), (.server, 2), (.client, 3), (.producer, 4), (.consumer, 5),
    ])
    func `kinds are numbers`(_ kind: SpanKind, _ number: Int) throws {
        let one = try FinishedSpans.one()
        let span = SpanRecord("a", kind, at: one.position, in: one.position, start: 1)
        #expect(text(of: [span]).contains(#""flags":259,"name":"a","kind":\#(number),"#))
    }
}
