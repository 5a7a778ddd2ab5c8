import HTTP
import JSON
import Tracing

/// Spans as the body of an export: `ExportTraceServiceRequest` of OTLP 1.x in its JSON encoding.
///
/// That is Protocol Buffers' own mapping to JSON, but ids are hexadecimal and enumerations numbers;
/// what has 64 bits is a string (OpenTelemetry protocol specification, "JSON Protobuf Encoding").
enum OTLPPayload {
    /// Octets of a usual span.
    private static let usualOctets = 640

    /// The body that tells of `spans` of a service.
    static func octets(
        of spans: some Collection<SpanRecord>, resource: TraceResource
    ) -> [UInt8] {
        JSONWriter.object(capacity: (spans.count + 1) * usualOctets) { body in
            body.array("resourceSpans") { groups in
                groups.object { group in
                    group.object("resource") { $0.array("attributes") { $0.elements(resource) } }
                    group.array("scopeSpans") { scopes in
                        scopes.object { scope in
                            scope.object("scope") { $0.member("name", "user-management") }
                            scope.array("spans") { list in
                                for span in spans { list.object { $0.members(of: span) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

extension JSONObjectWriter {
    fileprivate mutating func members(of span: SpanRecord) {
        let place = span.position.place
        member("traceId", place.traceID.description)
        member("spanId", place.spanID.description)
        if span.position.state != .empty { member("traceState", span.position.state.text) }
        if let parent = span.parent { member("parentSpanId", parent.place.spanID.description) }
        member("flags", Int64(span.flags))
        member("name", span.name)
        member("kind", Int64(span.kind.number))
        member("startTimeUnixNano", String(span.start))
        member("endTimeUnixNano", String(span.end))
        array("attributes") { $0.elements(span.attributes) }
        array("events") { list in
            for event in span.events {
                list.object { object in
                    object.member("timeUnixNano", String(event.nanosecondsSinceEpoch))
                    object.member("name", event.name)
                    object.array("attributes") { $0.elements(event.attributes) }
                }
            }
        }
        if span.eventsDropped > 0 { member("droppedEventsCount", Int64(span.eventsDropped)) }
        if span.linksDropped > 0 { member("droppedLinksCount", Int64(span.linksDropped)) }
        if let status = span.status {
            object("status") { object in
                object.member("code", Int64(status.code.number))
                if let message = status.message { object.member("message", message) }
            }
        }
    }
}

extension JSONArrayWriter {
    /// Writes the `KeyValue`s of a resource, sorted.
    fileprivate mutating func elements(_ resource: TraceResource) {
        for (key, value) in resource.attributes.sorted(by: { $0.key < $1.key }) {
            element(key, .string(value))
        }
    }

    /// Writes `KeyValue`s, sorted.
    fileprivate mutating func elements(_ attributes: SpanAttributes) {
        var pairs: [(key: String, value: SpanAttribute)] = []
        attributes.forEach { pairs.append(($0, $1)) }
        for (key, value) in pairs.sorted(by: { $0.key < $1.key }) { element(key, value) }
    }

    private mutating func element(_ key: String, _ value: SpanAttribute) {
        object { pair in
            pair.member("key", key)
            pair.object("value") { $0.anyValue(value) }
        }
    }

    fileprivate mutating func values<Value>(
        _ values: [Value], _ attribute: (Value) -> SpanAttribute
    ) {
        for value in values { object { $0.anyValue(attribute(value)) } }
    }
}

extension JSONObjectWriter {
    /// Writes the member of an `AnyValue`, which is named after its type.
    fileprivate mutating func anyValue(_ value: SpanAttribute) {
        switch value {
        case .string(let text): member("stringValue", text)
        case .bool(let flag): member("boolValue", flag)
        case .int32(let number): member("intValue", String(number))
        case .int64(let number): member("intValue", String(number))
        case .double(let number): anyValue(number)
        case .stringConvertible(let value): member("stringValue", "\(value)")
        case .int32Array(let list): anyArray { $0.values(list) { .int32($0) } }
        case .int64Array(let list): anyArray { $0.values(list) { .int64($0) } }
        case .doubleArray(let list): anyArray { $0.values(list) { .double($0) } }
        case .boolArray(let list): anyArray { $0.values(list) { .bool($0) } }
        case .stringArray(let list): anyArray { $0.values(list) { .string($0) } }
        case .stringConvertibleArray(let list):
            anyArray { $0.values(list) { .string("\($0)") } }
        // The library has a case of no meaning, so that nobody lists all of them.
        default: break
        }
    }

    /// Protocol Buffers spell out the numbers that JSON has not.
    private mutating func anyValue(_ number: Double) {
        if number.isFinite {
            member("doubleValue", double: number)
        } else {
            member("doubleValue", number.isNaN ? "NaN" : number > 0 ? "Infinity" : "-Infinity")
        }
    }

    private mutating func anyArray(_ write: (inout JSONArrayWriter) -> Void) {
        object("arrayValue") { $0.array("values", write) }
    }
}

extension SpanRecord {
    /// `Span.flags`: those of the trace, that it is known whether the parent is another process's
    /// (0x100), and that it is (0x200).
    fileprivate var flags: Int {
        let remote = parent.map { $0.isRemote ? 0x300 : 0x100 } ?? 0x100
        return Int(position.place.flags.rawValue) | remote
    }
}

extension SpanKind {
    /// `SpanKind` of OTLP.
    fileprivate var number: Int {
        switch self {
        case .internal: 1
        case .server: 2
        case .client: 3
        case .producer: 4
        case .consumer: 5
        }
    }
}

extension SpanStatus.Code {
    /// `Status.StatusCode` of OTLP.
    fileprivate var number: Int {
        switch self {
        case .ok: 1
        case .error: 2
        }
    }
}
