import Ambient
import HTTP
import Users

/// The text of a place in a list: opaque to clients, who get it from one page and give it back for
/// the next.
///
/// It is in hexadecimal digits: a hash of the selection, so that nobody goes on in another list,
/// the id, and what the list is sorted by, the microseconds of a time as 64 bits or a text.
enum CursorText {
    /// Octets of the longest cursor: no text that lists are sorted by is longer.
    private static let octetCountMax = 24 + 2_048
    /// The years 0000 to 9999, which RFC 3339 can write and the database can keep, in microseconds
    /// since 1970. A client may have made the digits up.
    static let times: ClosedRange<Int64> =
        -62_167_219_200_000_000...253_402_300_799_999_999

    static func text(of cursor: UserCursor, in selection: UserSelection) -> String {
        var octets: [UInt8] = []
        octets.append(word: hash(of: selection))
        octets.append(word: cursor.id.uuid.high)
        octets.append(word: cursor.id.uuid.low)
        switch cursor.key {
        case .time(let time): octets.append(word: UInt64(bitPattern: time.microsecondsSince1970))
        case .text(let text): octets += text.utf8
        }
        return String(decoding: octets.flatMap(\.hexadecimal), as: UTF8.self)
    }

    /// The place that a text stands for.
    /// - Throws: 400 for what is none of ours, and for one of another selection.
    static func cursor(
        parsing text: String, of selection: UserSelection
    ) throws(Problem) -> UserCursor {
        let invalid = Problem(
            of: .invalidCursor,
            detail: "A cursor is what next_cursor of a page gave, unchanged.")
        guard let octets = octets(of: text), octets.count > 24 else { throw invalid }
        guard octets.word(at: 0) == hash(of: selection) else {
            throw Problem(of: .cursorMismatch)
        }
        guard let key = key(Array(octets[24...]), in: selection.order) else { throw invalid }
        return UserCursor(key, UserID(UUID(high: octets.word(at: 8), low: octets.word(at: 16))))
    }

    private static func key(
        _ octets: [UInt8], in order: UserSelection.Order
    ) -> UserCursor.Key? {
        switch order {
        case .newestFirst, .oldestFirst:
            guard octets.count == 8 else { return nil }
            let microseconds = Int64(bitPattern: octets.word(at: 0))
            guard times.contains(microseconds) else { return nil }
            return .time(Timestamp(microsecondsSince1970: microseconds))
        case .email, .displayName:
            guard let text = String(validating: octets, as: UTF8.self), !octets.contains(0) else {
                return nil
            }
            return .text(text)
        }
    }

    private static func octets(of text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2), digits.count <= 2 * octetCountMax,
            digits.allSatisfy(\.isLowerHexadecimal)
        else { return nil }
        return stride(from: 0, to: digits.count, by: 2).compactMap { start in
            UInt8(String(decoding: digits[start..<start + 2], as: UTF8.self), radix: 16)
        }
    }

    private static func hash(of selection: UserSelection) -> UInt64 {
        StableHash(QueryParameters.text(of: selection.parameters)).value
    }
}

extension UInt8 {
    fileprivate var isLowerHexadecimal: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
    }

    /// The octet's two digits.
    fileprivate var hexadecimal: [UInt8] {
        [self >> 4, self & 0xF].map {
            $0 < 10 ? $0 + UInt8(ascii: "0") : $0 - 10 + UInt8(ascii: "a")
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(word: UInt64) {
        for shift in stride(from: 56, through: 0, by: -8) { append(UInt8(word >> shift & 0xFF)) }
    }

    fileprivate func word(at start: Int) -> UInt64 {
        self[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }
}
