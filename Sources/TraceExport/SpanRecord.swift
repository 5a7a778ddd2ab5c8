package import Tracing

/// All that is exported of one span.
package struct SpanRecord: Sendable {
    /// Most events that are kept of a span; the others are counted.
    static let eventsMax = 16

    /// Where it stands.
    package let position: SpanPosition
    /// The span that it is a part of; nil if its trace begins with it.
    package let parent: SpanPosition?
    /// What was done, without names of people or things: few different values.
    package var name: String
    /// Its role in a conversation.
    package let kind: SpanKind
    /// When it began, in nanoseconds since 1970.
    package let start: UInt64
    /// When it ended, in nanoseconds since 1970; not before ``start``.
    package private(set) var end: UInt64
    /// Facts of it.
    package var attributes = SpanAttributes()
    /// What happened meanwhile, in the order of telling.
    package private(set) var events: [SpanEvent] = []
    /// How many events were not kept.
    package private(set) var eventsDropped = 0
    /// How many links to other spans were not kept: none is.
    package private(set) var linksDropped = 0
    /// Whether it went well; nil if nobody says.
    package var status: SpanStatus?

    init(
        _ name: String, _ kind: SpanKind, at position: SpanPosition, in parent: SpanPosition?,
        start: UInt64
    ) {
        self.name = name
        self.kind = kind
        self.position = position
        self.parent = parent
        self.start = start
        end = start
    }

    mutating func add(_ event: SpanEvent) {
        guard events.count < Self.eventsMax else { return eventsDropped += 1 }
        events.append(event)
    }

    mutating func dropLink() { linksDropped += 1 }

    /// A clock that was set back does not make it end before it began.
    mutating func end(at time: UInt64) { end = max(start, time) }
}
