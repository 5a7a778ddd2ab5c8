/// What the fields of a request say about the message itself: whom it is for, where its content
/// ends, and whether the connection outlives it.
struct MessageFacts: Sendable {
    private(set) var host: OctetRange?
    private var contentLength: Int?
    private var codings = TransferCodings()
    private var closes = false
    private var keepsAlive = false
    private var expectsContinue = false
    private var expectsSomethingElse = false

    /// Takes note of a field line, if it is one of the five that matter.
    mutating func note(_ line: FieldLine, _ bytes: Span<UInt8>) throws(RequestParseError) {
        let name = line.name
        switch name.count {
        case 4 where bytes.equalsIgnoringCase(name, "host"):
            guard host == nil else { throw .repeatedHost }
            guard line.value.isEmpty || Authority.isValid(bytes, line.value) else {
                throw .malformedHost
            }
            host = OctetRange(line.value)
        case 6 where bytes.equalsIgnoringCase(name, "expect"):
            noteExpectations(line.value, bytes)
        case 10 where bytes.equalsIgnoringCase(name, "connection"):
            noteConnectionOptions(line.value, bytes)
        case 14 where bytes.equalsIgnoringCase(name, "content-length"):
            guard contentLength == nil else { throw .repeatedContentLength }
            contentLength = try Self.contentLength(line.value, bytes)
        case 17 where bytes.equalsIgnoringCase(name, "transfer-encoding"):
            try codings.note(line.value, bytes)
        default:
            break
        }
    }

    /// Refuses a request whose Host field RFC 9112 §3.2 does not allow.
    ///
    /// An empty value is what a client sends whose target has no authority. Every `http` target
    /// has one (RFC 9110 §4.2.1), so an empty value is let pass only where the target in the
    /// absolute form brings its own, which is then used instead (RFC 9112 §3.2.2).
    func checkHost(_ requestLine: RequestLine) throws(RequestParseError) {
        guard let host else {
            guard requestLine.minorVersion == 0 else { throw .missingHost }
            return
        }
        guard !host.indices.isEmpty || requestLine.target.form == .absolute else {
            throw .malformedHost
        }
    }

    /// How the end of the content is found (RFC 9112 §6.3).
    func framing(minorVersion: Int) throws(RequestParseError) -> BodyFraming {
        guard codings.isPresent else { return contentLength.map(BodyFraming.length) ?? .none }
        guard contentLength == nil else { throw .ambiguousFraming }
        guard minorVersion > 0 else { throw .transferCodingInHTTP10 }
        try codings.requireChunkedAlone()
        return .chunked
    }

    /// Whether the connection may carry another request after this one (RFC 9112 §9.3).
    func isPersistent(minorVersion: Int) -> Bool {
        !closes && (minorVersion > 0 || keepsAlive)
    }

    /// Whether the client waits for `100 Continue`; from HTTP/1.0 that expectation is ignored
    /// (RFC 9110 §10.1.1).
    func expectsContinue(minorVersion: Int) throws(RequestParseError) -> Bool {
        guard !expectsSomethingElse else { throw .unsupportedExpectation }
        return expectsContinue && minorVersion > 0
    }

    private mutating func noteConnectionOptions(_ value: Range<Int>, _ bytes: Span<UInt8>) {
        var options = ListMembers(value)
        while let option = options.next(in: bytes) {
            if bytes.equalsIgnoringCase(option, "close") { closes = true }
            if bytes.equalsIgnoringCase(option, "keep-alive") { keepsAlive = true }
        }
    }

    private mutating func noteExpectations(_ value: Range<Int>, _ bytes: Span<UInt8>) {
        var expectations = ListMembers(value)
        while let expectation = expectations.next(in: bytes) {
            if bytes.equalsIgnoringCase(expectation, "100-continue") {
                expectsContinue = true
            } else if !expectation.isEmpty {
                expectsSomethingElse = true
            }
        }
    }

    /// Reads `1*DIGIT` (RFC 9110 §8.6): no sign, no list, at most 18 digits, which fit `Int`.
    private static func contentLength(
        _ value: Range<Int>, _ bytes: Span<UInt8>
    ) throws(RequestParseError) -> Int {
        guard (1...18).contains(value.count) else { throw .malformedContentLength }
        var length = 0
        for index in value {
            guard ASCII.isDigit(bytes[index]) else { throw .malformedContentLength }
            length = length * 10 + Int(bytes[index] - ASCII.zero)
        }
        return length
    }
}
