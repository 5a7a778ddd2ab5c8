import Ambient
import HTTP
import Synchronization
import Tracing

@testable import TraceExport

/// A place in a trace, as `traceparent` names it.
func place(_ text: String) throws -> TraceParent {
    guard let place = TraceParent(parsing: Array(text.utf8).span) else { throw NoPlace() }
    return place
}

/// What a trace hands on, as `tracestate` has it.
func state(_ text: String) throws -> TraceState {
    guard let state = TraceState(parsing: Array(text.utf8).span) else { throw NoPlace() }
    return state
}

struct NoPlace: Error {}

/// A point in time.
struct Instant: TracerInstant {
    let nanosecondsSinceEpoch: UInt64

    init(_ nanosecondsSinceEpoch: UInt64) { self.nanosecondsSinceEpoch = nanosecondsSinceEpoch }

    static func < (left: Instant, right: Instant) -> Bool {
        left.nanosecondsSinceEpoch < right.nanosecondsSinceEpoch
    }
}

/// The spans that have ended.
final class FinishedSpans: Sendable {
    private let records = Mutex<[SpanRecord]>([])

    var all: [SpanRecord] { records.withLock { $0 } }

    /// A tracer that hands its spans over, with ids that each test gets again.
    func tracer(_ sampler: TraceSampler.Name = .parentOrAlwaysOn) -> OTLPTracer {
        OTLPTracer(sampler: TraceSampler(sampler, ratio: 1), entropy: .seeded(1)) { record in
            self.records.withLock { $0.append(record) }
        }
    }

    /// A span that has ended.
    static func one(_ name: String = "GET /users/{id}") throws -> SpanRecord {
        SpanRecord(
            name, .server,
            at: SpanPosition(
                try place("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03")),
            in: nil, start: 1)
    }
}
