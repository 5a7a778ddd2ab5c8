import Ambient
import Users

/// The text of a place in the list: opaque to clients, who get it from one page and give it back
/// for the next.
///
/// It is 48 hexadecimal digits: the microseconds of `created_at` as 64 bits, then the id.
enum CursorText {
    private static let digitCount = 48
    /// The years 0000 to 9999, which RFC 3339 can write and the database can keep, in microseconds
    /// since 1970. A client may have made the digits up.
    private static let times: ClosedRange<Int64> =
        -62_167_219_200_000_000...253_402_300_799_999_999

    static func text(of cursor: UserCursor) -> String {
        let words = [
            UInt64(bitPattern: cursor.createdAt.microsecondsSince1970), cursor.id.uuid.high,
            cursor.id.uuid.low,
        ]
        return words.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// The place that a text stands for; nil if it is none of ours.
    static func cursor(parsing text: String) -> UserCursor? {
        let digits = Array(text.utf8)
        guard digits.count == digitCount, digits.allSatisfy(\.isLowerHexadecimal) else {
            return nil
        }
        let words = stride(from: 0, to: digitCount, by: 16).compactMap { start in
            UInt64(String(decoding: digits[start..<start + 16], as: UTF8.self), radix: 16)
        }
        guard words.count == 3 else { return nil }
        let time = Int64(bitPattern: words[0])
        guard times.contains(time) else { return nil }
        return UserCursor(
            createdAt: Timestamp(microsecondsSince1970: time),
            id: UserID(UUID(high: words[1], low: words[2])))
    }
}

extension UInt8 {
    fileprivate var isLowerHexadecimal: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
    }
}
