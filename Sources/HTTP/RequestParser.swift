import HTTPTypes

/// Reads the heads of HTTP/1.1 requests from octets as they arrive (RFC 9112), without I/O.
///
/// Wherever two programs could disagree on what a request is, where it ends or whom it is for, it
/// is refused. That includes what RFC 9112 lets a recipient tolerate: LF without CR, white space
/// other than one space in the request line, folded fields, equal repeated lengths. What a target
/// may hold, ``RequestTarget`` says.
///
/// However the octets are split over calls, the outcome is the same. An error is thrown as soon as
/// the line that holds it is complete; a control or a passed limit as soon as it is there.
package struct RequestParser: Sendable {
    private let limits: RequestLimits
    private var scanner = LineScanner()
    private var lineStart = 0
    private var emptyLineCount = 0
    private var requestLine: RequestLine?
    private var headerStart = 0
    private var lines: ContiguousArray<FieldLine> = []
    private var facts = MessageFacts()

    /// Whether an octet of a request has been seen; empty lines before it are none.
    package private(set) var hasStarted = false

    /// Whether the request is known to be HEAD, so that even its refusal has no content
    /// (RFC 9110 §9.3.2). False again once the head is complete.
    package var isHead: Bool { requestLine?.method == .head }

    /// Makes a parser that waits for the first octet of a request.
    ///
    /// - Precondition: the largest head that `limits` allow is below 2 GiB.
    package init(limits: RequestLimits) {
        precondition(
            limits.requestLineBytesMax + limits.headerBytesMax < Int(Int32.max),
            "A head may not take \(limits.requestLineBytesMax + limits.headerBytesMax) octets.")
        self.limits = limits
    }

    /// The head that begins `bytes`; `nil` when more octets are needed.
    ///
    /// Once it has returned a head, the parser waits for the next request; once it has thrown, it
    /// is of no further use.
    ///
    /// - Parameter bytes: all octets received since the first of this request. Each call gives
    ///   those of the call before and any number of new ones; only the new ones are looked at.
    package mutating func parse(
        _ bytes: Span<UInt8>
    ) throws(RequestParseError) -> ParsedHead? {
        while let lineEnd = try scanner.nextLineEnd(in: bytes, lineRules(bytes)) {
            let line = lineStart..<lineEnd
            lineStart = lineEnd + 2
            if requestLine != nil {
                guard !line.isEmpty else { return try finish(bytes) }
                try append(line, bytes)
            } else if line.isEmpty {
                emptyLineCount += 1
                guard emptyLineCount <= limits.leadingEmptyLinesMax else {
                    throw .malformedRequestLine
                }
            } else {
                requestLine = try RequestLine(
                    parsing: bytes, line, methodBytesMax: limits.methodBytesMax)
                headerStart = lineStart
                lines.reserveCapacity(16)
            }
        }
        hasStarted =
            requestLine != nil
            || (bytes.count > lineStart && bytes[lineStart] != ASCII.carriageReturn)
        return nil
    }

    /// What the next line may be.
    private func lineRules(_ bytes: Span<UInt8>) -> LineScanner.Rules {
        guard requestLine != nil else {
            let methodMax = Swift.min(lineStart + limits.methodBytesMax + 1, bytes.count)
            let hasMethod = bytes.firstIndex(of: ASCII.space, in: lineStart..<methodMax) != nil
            return LineScanner.Rules(
                endIndexMax: lineStart + limits.requestLineBytesMax,
                onControl: .malformedRequestLine,
                onExcess: hasMethod ? .targetTooLong : .unsupportedMethod)
        }
        let fieldEnd = lineStart + limits.fieldBytesMax
        let headerEnd = headerStart + limits.headerBytesMax - 2
        return LineScanner.Rules(
            endIndexMax: Swift.min(fieldEnd, headerEnd),
            onControl: .malformedField,
            onExcess: fieldEnd < headerEnd ? .fieldTooLarge : .headerTooLarge)
    }

    private mutating func append(
        _ line: Range<Int>, _ bytes: Span<UInt8>
    ) throws(RequestParseError) {
        guard lines.count < limits.fieldCountMax else { throw .tooManyFields }
        let field = try FieldLine(parsing: bytes, line)
        try facts.note(field, bytes)
        lines.append(field)
    }

    private mutating func finish(
        _ bytes: Span<UInt8>
    ) throws(RequestParseError) -> ParsedHead? {
        guard let requestLine else { return nil }
        let byteCount = lineStart
        let head = try RequestHead(bytes.array(0..<byteCount), requestLine, lines, facts)
        self = RequestParser(limits: limits)
        return ParsedHead(head: head, byteCount: byteCount)
    }
}
