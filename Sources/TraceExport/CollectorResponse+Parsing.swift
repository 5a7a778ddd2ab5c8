import Ambient
import HTTP

extension CollectorResponse {
    /// How far the octets of a response have been read.
    enum Reading: Equatable {
        /// More are to come.
        case incomplete
        /// The response is there, or as much of it as is looked at.
        case complete(CollectorResponse)
        /// They are no response.
        case malformed
    }

    /// Largest head, and largest content that is looked at, in octets.
    static let headOctetsMax = 16 * 1024
    static let bodyOctetsMax = 64 * 1024
    /// Most octets that are read for one, interim responses and the chunks' heads included.
    static let octetsMax = 512 * 1024
    /// Most interim responses before one.
    static let interimMax = 16

    /// Reads a response of HTTP/1.1 (RFC 9112 §4 and §6.3); interim ones are passed over.
    /// - Parameters:
    ///   - octets: All that has come so far.
    ///   - isEnded: Whether nothing more comes. Then the status counts, even if content is missing.
    ///   - now: The time of day, which a date in `Retry-After` is compared with.
    static func read(_ octets: [UInt8], isEnded: Bool, now: Timestamp) -> Reading {
        var rest = octets[...]
        for _ in 0...interimMax {
            guard let end = headEnd(of: rest) else {
                let isHopeless = isEnded || rest.count > headOctetsMax
                return isHopeless ? .malformed : .incomplete
            }
            guard let head = ResponseHead(rest[..<end], now: now) else { return .malformed }
            rest = rest[(end + 4)...]
            if head.status >= 200 { return read(Array(rest), after: head, isEnded: isEnded) }
        }
        return .malformed
    }

    private static func headEnd(of octets: ArraySlice<UInt8>) -> Int? {
        let emptyLine = Array("\r\n\r\n".utf8)
        return octets.prefix(headOctetsMax + emptyLine.count).firstRange(of: emptyLine)?.lowerBound
    }

    private static func read(
        _ content: [UInt8], after head: ResponseHead, isEnded: Bool
    ) -> Reading {
        func response(_ body: [UInt8], isReusable: Bool) -> Reading {
            .complete(
                CollectorResponse(
                    status: head.status, retryAfter: head.retryAfter, body: body,
                    isReusable: isReusable && head.isPersistent && !isEnded))
        }
        let unread = isEnded ? response([], isReusable: false) : .incomplete
        switch head.framing {
        case .none: return response([], isReusable: content.isEmpty)
        case .length(let count):
            guard count <= bodyOctetsMax else { return response([], isReusable: false) }
            guard content.count >= count else { return unread }
            return response(Array(content.prefix(count)), isReusable: content.count == count)
        case .end:
            guard content.count <= bodyOctetsMax else { return response([], isReusable: false) }
            return isEnded ? response(content, isReusable: false) : .incomplete
        case .chunked:
            var decoder = ChunkedDecoder(limits: RequestLimits())
            var body: [UInt8] = []
            do {
                let count = try decoder.decode(
                    content.span, into: &body, bodyBytesMax: bodyOctetsMax)
                guard decoder.isComplete else { return unread }
                return response(body, isReusable: count == content.count)
            } catch {
                return response([], isReusable: false)
            }
        }
    }
}

/// The head of a response, as far as a client of a collector looks at it.
private struct ResponseHead {
    /// How the end of the content is found.
    enum Framing {
        case none
        case length(Int)
        case chunked
        case end
    }

    let status: Int
    private(set) var framing = Framing.end
    private(set) var isPersistent: Bool
    private(set) var retryAfter: Duration?

    init?(_ octets: ArraySlice<UInt8>, now: Timestamp) {
        let text = String(decoding: octets, as: UTF8.self)
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        guard let match = lines[0].wholeMatch(of: /HTTP\/1\.([01]) ([1-5][0-9][0-9])( .*)?/),
            let status = Int(match.2)
        else { return nil }
        self.status = status
        isPersistent = match.1 == "1"
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].filter { $0 != "\t" }
                .drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
            guard take(line[..<colon].lowercased(), String(value), now: now) else { return nil }
        }
        if status < 200 || status == 204 || status == 304 { framing = .none }
    }

    /// Takes in a field.
    /// - Returns: false if the end of the content cannot be found with it.
    private mutating func take(_ name: String, _ value: String, now: Timestamp) -> Bool {
        switch name {
        case "content-length":
            guard let count = value.wholeNumber else { return false }
            if case .end = framing { framing = .length(count) }
        case "transfer-encoding":
            guard value.lowercased() == "chunked" else { return false }
            framing = .chunked
        case "connection":
            if value.lowercased().contains("close") { isPersistent = false }
        case "retry-after": retryAfter = Duration(retryAfter: value, now: now)
        default: break
        }
        return true
    }
}

extension String {
    /// The number that up to 18 decimal digits make; nil of anything else.
    fileprivate var wholeNumber: Int? {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        return utf8.count <= 18 && utf8.allSatisfy(digits.contains) ? Int(self) : nil
    }
}

extension Duration {
    /// The time that a `Retry-After` asks for, in seconds or as a date in the usual form; nil if it
    /// is neither (RFC 9110 §10.2.3).
    fileprivate init?(retryAfter value: String, now: Timestamp) {
        if let seconds = value.wholeNumber {
            self = .seconds(min(seconds, Int(Int32.max)))
        } else if let time = Timestamp(httpDate: value) {
            let microseconds = time.microsecondsSince1970 - now.microsecondsSince1970
            self = .microseconds(max(0, microseconds))
        } else {
            return nil
        }
    }
}

extension Timestamp {
    /// Reads an IMF-fixdate, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
    fileprivate init?(httpDate text: String) {
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        guard
            let match = text.wholeMatch(
                of: /[A-Z][a-z]{2}, ([0-9]{2}) ([A-Z][a-z]{2}) ([0-9]{4}) ([0-9:]{8}) GMT/),
            let month = months.firstIndex(of: String(match.2))
        else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        self.init(rfc3339: "\(match.3)-\(number)-\(match.1)T\(match.4)Z")
    }
}
