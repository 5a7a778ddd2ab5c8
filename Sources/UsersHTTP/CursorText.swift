import Ambient
import HTTP
import Users

/// The text of a place in a list: opaque to clients, who get it from one page and give it back for
/// the next.
///
/// It is 64 hexadecimal digits: the microseconds of `created_at` as 64 bits, the id, and a hash of
/// the selection, so that nobody goes on in another list.
enum CursorText {
    private static let digitCount = 64
    /// The years 0000 to 9999, which RFC 3339 can write and the database can keep, in microseconds
    /// since 1970. A client may have made the digits up.
    static let times: ClosedRange<Int64> =
        -62_167_219_200_000_000...253_402_300_799_999_999

    static func text(of cursor: UserCursor, in selection: UserSelection) -> String {
        let words = [
            UInt64(bitPattern: cursor.createdAt.microsecondsSince1970), cursor.id.uuid.high,
            cursor.id.uuid.low, hash(of: selection),
        ]
        return words.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// The place that a text stands for.
    /// - Throws: 400 for what is none of ours, and for one of another selection.
    static func cursor(
        parsing text: String, of selection: UserSelection
    ) throws(Problem) -> UserCursor {
        guard let words = words(of: text), times.contains(Int64(bitPattern: words[0])) else {
            throw Problem(
                of: .invalidCursor,
                detail: "A cursor is what next_cursor of a page gave, unchanged.")
        }
        guard words[3] == hash(of: selection) else { throw Problem(of: .cursorMismatch) }
        return UserCursor(
            createdAt: Timestamp(microsecondsSince1970: Int64(bitPattern: words[0])),
            id: UserID(UUID(high: words[1], low: words[2])))
    }

    private static func words(of text: String) -> [UInt64]? {
        let digits = Array(text.utf8)
        guard digits.count == digitCount, digits.allSatisfy(\.isLowerHexadecimal) else {
            return nil
        }
        return stride(from: 0, to: digitCount, by: 16).compactMap { start in
            UInt64(String(decoding: digits[start..<start + 16], as: UTF8.self), radix: 16)
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
}
