import HTTP
import Testing
import Tracing

@testable import TraceExport

@Suite("Spans")
struct OTLPTracerTests {
    private static let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    private let finished = FinishedSpans()

    private func remoteContext(_ flags: String = "01") throws -> InstrumentationContext {
        var context = InstrumentationContext.topLevel
        context.position = SpanPosition(
            try place(Self.parent.dropLast(2) + flags),
            state: try state("a=1"), isRemote: true)
        return context
    }

    @Test func `without a parent a trace begins, of random ids`() throws {
        let tracer = finished.tracer()
        let spans = (0..<2).map { _ in tracer.startSpan("a", context: .topLevel) }
        #expect(spans[0].position.place.traceID != spans[1].position.place.traceID)
        #expect(spans[0].position.place.spanID != spans[1].position.place.spanID)
        #expect(spans[0].position.place.flags == [.sampled, .random])
        spans[0].end()
        #expect(finished.all.map(\.parent) == [nil])
    }

    @Test func `a caller's trace goes on, with its state, and down to the last span`() throws {
        let tracer = finished.tracer()
        let context = try remoteContext()
        let outer = tracer.startSpan("outer", context: context, ofKind: .server)
        let inner = tracer.startSpan("inner", context: outer.context, ofKind: .client)
        inner.end()
        outer.end()
        let given = try place(Self.parent)
        #expect(finished.all.map(\.name) == ["inner", "outer"])
        #expect(finished.all.map(\.position.place.traceID) == [given.traceID, given.traceID])
        #expect(finished.all.map(\.position.state.text) == ["a=1", "a=1"])
        #expect(finished.all[1].parent?.place == given)
        #expect(finished.all[1].parent?.isRemote == true)
        #expect(finished.all[0].parent == outer.position)
        #expect(finished.all[0].parent?.isRemote == false)
        // Whether the ids are random is for whoever began the trace to say.
        #expect(outer.position.place.flags == .sampled)
    }

    @Test func `what the caller does not record has ids and is not exported`() throws {
        let tracer = finished.tracer()
        let context = try remoteContext("02")
        let span = tracer.startSpan("a", context: context)
        #expect(!span.isRecording && span.operationName == "" && span.attributes.isEmpty)
        #expect(span.position.place.flags == .random)
        tracer.startSpan("b", context: span.context).end()
        span.end()
        #expect(finished.all.isEmpty)
    }

    @Test func `a span keeps what it is told until its end, once`() throws {
        let span = finished.tracer().startSpan("a", context: .topLevel, at: Instant(5))
        span.operationName = "b"
        span.attributes["n"] = 1
        span.setStatus(SpanStatus(code: .error, message: "m"))
        for number in 0..<20 { span.addEvent(SpanEvent(name: "\(number)", at: Instant(6))) }
        span.addLink(SpanLink(context: .topLevel, attributes: [:]))
        span.end(at: Instant(9))
        span.end(at: Instant(10))
        span.operationName = "c"
        let record = try #require(finished.all.first)
        #expect(finished.all.count == 1)
        #expect(record.name == "b" && record.attributes == ["n": 1])
        #expect(record.status == SpanStatus(code: .error, message: "m"))
        #expect(record.start == 5 && record.end == 9)
        #expect(record.events.map(\.name) == (0..<16).map(String.init))
        #expect(record.eventsDropped == 4 && record.linksDropped == 1)
    }

    @Test func `a clock that is set back ends no span before it began`() {
        let span = finished.tracer().startSpan("a", context: .topLevel, at: Instant(5))
        span.end(at: Instant(3))
        #expect(finished.all.map(\.end) == [5])
    }

    @Test func `of an error its type is told, and not its text`() {
        struct Failure: Error, CustomStringConvertible { let description = "ada@example.com" }
        let span = finished.tracer().startSpan("a", context: .topLevel)
        span.recordError(Failure())
        span.end()
        #expect(finished.all[0].events.map(\.name) == ["exception"])
        #expect(finished.all[0].events[0].attributes == ["exception.type": "Failure"])
    }

    @Test func `a place goes from header to header`() throws {
        struct Headers: Extractor, Injector {
            func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
            func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) {
                carrier[key] = value
            }
        }
        let tracer = finished.tracer()
        let given = ["traceparent": Self.parent, "tracestate": "a=1 , b=2"]
        var context = InstrumentationContext.topLevel
        tracer.extract(given, into: &context, using: Headers())
        #expect(context.position?.isRemote == true)
        var carrier: [String: String] = [:]
        tracer.inject(context, into: &carrier, using: Headers())
        #expect(carrier == ["traceparent": Self.parent, "tracestate": "a=1,b=2"])
        var empty = InstrumentationContext.topLevel
        tracer.extract(["traceparent": "00-0-0-0"], into: &empty, using: Headers())
        #expect(empty.position == nil)
    }
}
