import HTTP

/// Reads one request after another from a connection's octets, as a server does.
struct ConnectionReader {
    /// What the octets are so far; it must not depend on the pieces in which they arrived.
    struct Outcome: Equatable {
        var messages: [Message] = []
        var refusal: RequestParseError?
        /// How many octets belong to ``messages``, the last one's content included.
        var taken = 0
        /// Whether the request after the last message has begun.
        var hasStarted = false
    }

    struct Message: Equatable {
        let head: HeadFacts
        /// Where in the connection the head begins.
        let start: Int
        var content: [UInt8] = []
        var isComplete = false
    }

    private(set) var outcome = Outcome()
    private let limits: RequestLimits
    private var parser: RequestParser
    private var decoder: ChunkedDecoder?
    private var remaining = 0
    /// What has arrived and is not taken.
    private var input: [UInt8] = []

    init(limits: RequestLimits) {
        self.limits = limits
        parser = RequestParser(limits: limits)
    }

    /// What `pieces` are when they arrive one after another.
    static func read(_ pieces: [[UInt8]], limits: RequestLimits) -> Outcome {
        var reader = ConnectionReader(limits: limits)
        for piece in pieces { reader.received(piece) }
        return reader.outcome
    }

    mutating func received(_ piece: [UInt8]) {
        guard outcome.refusal == nil else { return }
        // A new array without spare room, for Address Sanitizer.
        input = input + piece
        do throws(RequestParseError) {
            while try step() {}
        } catch {
            outcome.refusal = error
        }
    }

    /// Goes on by a head or by what there is of a content.
    /// - Returns: false when more octets are needed.
    private mutating func step() throws(RequestParseError) -> Bool {
        guard outcome.messages.last?.isComplete == false else { return try readHead() }
        if decoder != nil { return try readChunks() }
        let count = min(remaining, input.count)
        outcome.messages[outcome.messages.count - 1].content += input[..<count]
        remaining -= count
        take(count)
        endMessage(when: remaining == 0)
        return remaining == 0
    }

    private mutating func readHead() throws(RequestParseError) -> Bool {
        // Here and below a copy, because the span keeps `self` from being changed.
        let octets = input
        let parsed = try parser.parse(octets.span)
        outcome.hasStarted = parser.hasStarted
        guard let parsed else { return false }
        let facts = HeadFacts(parsed, Array(octets[..<parsed.byteCount]))
        outcome.messages.append(Message(head: facts, start: outcome.taken))
        take(parsed.byteCount)
        switch facts.framing {
        case .none:
            remaining = 0
            endMessage(when: true)
        case .length(let length):
            guard length <= limits.bodyBytesMax else { throw .bodyTooLarge }
            remaining = length
            endMessage(when: length == 0)
        case .chunked:
            decoder = ChunkedDecoder(limits: limits)
        }
        return true
    }

    private mutating func readChunks() throws(RequestParseError) -> Bool {
        guard var decoder else { return false }
        let octets = input
        let last = outcome.messages.count - 1
        let count = try decoder.decode(
            octets.span, into: &outcome.messages[last].content, bodyBytesMax: limits.bodyBytesMax)
        take(count)
        endMessage(when: decoder.isComplete)
        self.decoder = decoder.isComplete ? nil : decoder
        return decoder.isComplete
    }

    private mutating func take(_ count: Int) {
        input.removeFirst(count)
        outcome.taken += count
    }

    private mutating func endMessage(when isComplete: Bool) {
        outcome.messages[outcome.messages.count - 1].isComplete = isComplete
    }
}
