extension Timestamp {
    private static let microsecondsPerSecond: Int64 = 1_000_000
    private static let secondsPerDay: Int64 = 86_400

    /// The time in UTC with exactly microseconds: `2026-11-22T20:46:00.123456Z` (RFC 3339 §5.6).
    package var rfc3339: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Most octets of ``rfc3339``.
    package static let textOctetsMax = 30

    /// Appends ``rfc3339`` to `bytes`: 27 octets for the years 0000 to 9999.
    ///
    /// RFC 3339 has no form for other years; they get ISO 8601's expanded one, a sign and six
    /// digits, which holds every value.
    package func append(to bytes: inout [UInt8]) {
        bytes.append(atMost: Self.textOctetsMax) { write(to: $0) }
    }

    /// Writes ``rfc3339`` as ``append(to:)`` does, and returns how many octets it takes, at most
    /// ``textOctetsMax``.
    package func write(to start: UnsafeMutablePointer<UInt8>) -> Int {
        let (seconds, microsecond) = Self.floored(
            microsecondsSince1970, by: Self.microsecondsPerSecond)
        let (days, secondOfDay) = Self.floored(seconds, by: Self.secondsPerDay)
        let date = CivilDate(daysSince1970: Int(days))
        let time = Int(secondOfDay)
        var next = start
        if (0...9_999).contains(date.year) {
            Digits.write(twoDigits: date.year / 100, to: next)
            next += 2
        } else {
            next[0] = date.year < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+")
            Digits.write(twoDigits: abs(date.year) / 10_000, to: next + 1)
            Digits.write(twoDigits: abs(date.year) / 100 % 100, to: next + 3)
            next += 5
        }
        Digits.write(twoDigits: abs(date.year) % 100, to: next)
        Self.write(UInt8(ascii: "-"), date.month, to: next + 2)
        Self.write(UInt8(ascii: "-"), date.day, to: next + 5)
        Self.write(UInt8(ascii: "T"), time / 3_600, to: next + 8)
        Self.write(UInt8(ascii: ":"), time / 60 % 60, to: next + 11)
        Self.write(UInt8(ascii: ":"), time % 60, to: next + 14)
        Self.write(UInt8(ascii: "."), Int(microsecond) / 10_000, to: next + 17)
        Digits.write(twoDigits: Int(microsecond) / 100 % 100, to: next + 20)
        Digits.write(twoDigits: Int(microsecond) % 100, to: next + 22)
        next[24] = UInt8(ascii: "Z")
        return next - start + 25
    }

    /// Writes a separator and two digits.
    @inline(__always)
    private static func write(
        _ separator: UInt8, _ value: Int, to start: UnsafeMutablePointer<UInt8>
    ) {
        start[0] = separator
        Digits.write(twoDigits: value, to: start + 1)
    }

    /// Quotient and remainder of a division that rounds down, so the remainder is never negative.
    private static func floored(_ value: Int64, by divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

extension Timestamp {
    /// Parses a time as RFC 3339 §5.6 writes it, or returns nil.
    ///
    /// Any numeric offset is accepted and taken into account. Finer fractions than microseconds
    /// and leap seconds are refused, because a ``Timestamp`` cannot hold them; so are a lower-case
    /// `t` or `z` and a space for the `T`, which the RFC leaves to applications.
    package init?(rfc3339 text: String) {
        let utf8 = text.utf8Span
        self.init(rfc3339: utf8.span)
    }

    /// Parses a time from its UTF-8 text, as ``init(rfc3339:)-(String)`` does.
    package init?(rfc3339 text: Span<UInt8>) {
        guard text.count >= 20,
            let year = text.digits(at: 0, count: 4), text[4] == UInt8(ascii: "-"),
            let month = text.digits(at: 5, count: 2), text[7] == UInt8(ascii: "-"),
            let day = text.digits(at: 8, count: 2), text[10] == UInt8(ascii: "T"),
            let hour = text.digits(at: 11, count: 2), hour < 24, text[13] == UInt8(ascii: ":"),
            let minute = text.digits(at: 14, count: 2), minute < 60, text[16] == UInt8(ascii: ":"),
            let second = text.digits(at: 17, count: 2), second < 60,
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        var end = 19
        guard let microsecond = Self.fraction(of: text, endingAt: &end),
            let offset = Self.offsetSeconds(of: text, from: end)
        else { return nil }
        let seconds = date.daysSince1970 * 86_400 + hour * 3_600 + minute * 60 + second - offset
        self.init(
            microsecondsSince1970: Int64(seconds) * Self.microsecondsPerSecond + Int64(microsecond))
    }

    /// The fraction at `position`, in microseconds, 0 if there is none; moves `position` past it.
    private static func fraction(of text: Span<UInt8>, endingAt position: inout Int) -> Int? {
        guard text[position] == UInt8(ascii: ".") else { return 0 }
        position += 1
        let start = position
        var microsecond = 0
        while position < text.count, let digit = text.digits(at: position, count: 1) {
            guard position - start < 6 else { return nil }
            microsecond = microsecond * 10 + digit
            position += 1
        }
        guard position > start else { return nil }
        for _ in (position - start)..<6 { microsecond *= 10 }
        return microsecond
    }

    /// The offset from UTC that fills `text` from `start` on, in seconds.
    private static func offsetSeconds(of text: Span<UInt8>, from start: Int) -> Int? {
        guard start < text.count else { return nil }
        if text[start] == UInt8(ascii: "Z") { return text.count == start + 1 ? 0 : nil }
        guard text.count == start + 6,
            text[start] == UInt8(ascii: "+") || text[start] == UInt8(ascii: "-"),
            let hours = text.digits(at: start + 1, count: 2), hours < 24,
            text[start + 3] == UInt8(ascii: ":"),
            let minutes = text.digits(at: start + 4, count: 2), minutes < 60
        else { return nil }
        let seconds = hours * 3_600 + minutes * 60
        return text[start] == UInt8(ascii: "-") ? -seconds : seconds
    }
}

extension Span<UInt8> {
    /// The number that `count` decimal digits at `start` make, or nil if one is not a digit.
    fileprivate func digits(at start: Int, count: Int) -> Int? {
        var value = 0
        for index in start..<(start + count) {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self[index]) else { return nil }
            value = value * 10 + Int(self[index] - UInt8(ascii: "0"))
        }
        return value
    }
}
