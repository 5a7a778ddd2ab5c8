/// Reads content in the chunked transfer coding from octets as they arrive (RFC 9112 §7.1).
///
/// Lines end in CRLF and in nothing else. Trailer fields must be as well formed as header fields;
/// they are dropped, as RFC 9110 §6.5.1 allows, so none can pass for a header field.
package struct ChunkedDecoder: Sendable {
    private enum Phase: Equatable {
        case sizeLine
        case data(remaining: Int)
        case dataEnd
        case trailer
        case complete
    }

    private let limits: RequestLimits
    private var phase = Phase.sizeLine
    /// The part of the current line that has arrived.
    private var line: [UInt8] = []
    private var scanner = LineScanner()
    private var decodedBytes = 0
    private var extensionBytes = 0
    private var trailerBytes = 0
    private var trailerCount = 0

    /// Makes a decoder that waits for the first octet of the content.
    ///
    /// - Precondition: the trailer section that `limits` allow is below 2 GiB.
    package init(limits: RequestLimits) {
        precondition(
            limits.trailerBytesMax < Int(Int32.max),
            "A trailer section may not take \(limits.trailerBytesMax) octets.")
        self.limits = limits
    }

    /// Whether the trailer section has ended, and the content with it.
    package var isComplete: Bool {
        phase == .complete
    }

    /// Appends to `body` what `bytes` hold of the content, and returns how many of `bytes` it took:
    /// all of them, unless the content ends before.
    ///
    /// An incomplete line is kept here, so the caller can let go of `bytes`. Once it has thrown,
    /// the decoder is of no further use.
    ///
    /// - Parameters:
    ///   - bytes: The octets behind those that the call before took.
    ///   - body: Receives the decoded octets.
    ///   - bodyBytesMax: Most octets of content, over all calls. A chunk that would pass it is
    ///     refused before any of it is decoded.
    package mutating func decode(
        _ bytes: Span<UInt8>, into body: inout [UInt8], bodyBytesMax: Int
    ) throws(RequestParseError) -> Int {
        var index = 0
        while index < bytes.count, phase != .complete {
            guard case .data(let remaining) = phase else {
                index = try readLine(bytes, from: index, bodyBytesMax: bodyBytesMax)
                continue
            }
            let end = index + Swift.min(remaining, bytes.count - index)
            bytes.extracting(index..<end).withUnsafeBufferPointer { body.append(contentsOf: $0) }
            let rest = remaining - (end - index)
            phase = rest > 0 ? .data(remaining: rest) : .dataEnd
            index = end
        }
        return index
    }

    /// Takes octets up to the end of the current line, and acts on the line once it is complete.
    private mutating func readLine(
        _ bytes: Span<UInt8>, from start: Int, bodyBytesMax: Int
    ) throws(RequestParseError) -> Int {
        let rules = lineRules
        // With CR at its last allowed index, a line has two octets more than that.
        let room = Swift.max(0, rules.endIndexMax + 2 - line.count)
        let available = start..<start + Swift.min(room, bytes.count - start)
        let lineFeed = bytes.firstIndex(of: ASCII.lineFeed, in: available)
        let end = lineFeed.map { $0 + 1 } ?? available.upperBound
        bytes.extracting(start..<end).withUnsafeBufferPointer { line.append(contentsOf: $0) }
        // A copy, because the span keeps `self` from being changed.
        var scanner = scanner
        let lineEnd = try scanner.nextLineEnd(in: line.span, rules)
        self.scanner = scanner
        if let lineEnd {
            try lineArrived(0..<lineEnd, bodyBytesMax: bodyBytesMax)
            line.removeAll(keepingCapacity: true)
            self.scanner = LineScanner()
        }
        return end
    }

    /// What the current line may be.
    private var lineRules: LineScanner.Rules {
        switch phase {
        case .sizeLine:
            LineScanner.Rules(
                endIndexMax: limits.chunkLineBytesMax,
                onControl: .malformedChunk, onExcess: .chunkExtensionsTooLong)
        case .trailer:
            LineScanner.Rules(
                endIndexMax: Swift.min(
                    limits.fieldBytesMax, limits.trailerBytesMax - trailerBytes - 2),
                onControl: .malformedField, onExcess: .trailerTooLarge)
        case .data, .dataEnd, .complete:
            // The end of a chunk's data is an empty line.
            LineScanner.Rules(
                endIndexMax: 0, onControl: .malformedChunk, onExcess: .malformedChunk)
        }
    }

    private mutating func lineArrived(
        _ range: Range<Int>, bodyBytesMax: Int
    ) throws(RequestParseError) {
        switch phase {
        case .sizeLine: try sizeLineArrived(range, bodyBytesMax: bodyBytesMax)
        case .trailer: try trailerLineArrived(range)
        case .data, .dataEnd, .complete: phase = .sizeLine
        }
    }

    private mutating func sizeLineArrived(
        _ range: Range<Int>, bodyBytesMax: Int
    ) throws(RequestParseError) {
        let chunk = try ChunkLine(parsing: line.span, range)
        extensionBytes += chunk.extensionBytes
        guard extensionBytes <= limits.chunkExtensionBytesMax else {
            throw .chunkExtensionsTooLong
        }
        guard chunk.size <= bodyBytesMax - decodedBytes else { throw .bodyTooLarge }
        decodedBytes += chunk.size
        phase = chunk.size > 0 ? .data(remaining: chunk.size) : .trailer
    }

    private mutating func trailerLineArrived(_ range: Range<Int>) throws(RequestParseError) {
        guard !range.isEmpty else {
            phase = .complete
            return
        }
        guard trailerCount < limits.trailerCountMax else { throw .trailerTooLarge }
        trailerCount += 1
        trailerBytes += range.count + 2
        _ = try FieldLine(parsing: line.span, range)
    }
}
