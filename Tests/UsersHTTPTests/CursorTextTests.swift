import Ambient
import HTTP
import Testing
import Tokens
import Users

@testable import UsersHTTP

@Suite("Texts of places in lists")
struct CursorTextTests {
    private let texts = CursorText(key: testSecret.key(for: .cursors))
    private static let id = UserID(UUID(high: 7, low: 8))

    private static func selection(_ order: UserSelection.Order) -> UserSelection {
        var selection = UserSelection.all
        selection.order = order
        return selection
    }

    @Test(arguments: [
        (UserSelection.Order.newestFirst, UserCursor.Key.time(Timestamp(microsecondsSince1970: 0))),
        (.oldestFirst, .time(Timestamp(microsecondsSince1970: -1))),
        (.email, .text("a@b.example")), (.displayName, .text("ada\na@b.example")),
        // A search text that is still to be filled.
        (.displayName, .text("")), (.email, .text(String(repeating: "ß", count: 1_024))),
    ])
    func `a place comes back as it went`(
        _ order: UserSelection.Order, _ key: UserCursor.Key
    ) throws {
        let cursor = UserCursor(key, Self.id)
        let selection = Self.selection(order)
        let text = texts.text(of: cursor, in: selection)
        #expect(try texts.cursor(parsing: text, of: selection) == cursor)
    }

    /// Whoever finds two selections of one hash has places that are none in the other.
    @Test(arguments: [
        (UserSelection.Order.newestFirst, UserCursor.Key.text("12345678")),
        (.newestFirst, .text("\u{80}\u{80}\u{80}\u{80}")), (.newestFirst, .text("")),
        (.oldestFirst, .time(Timestamp(microsecondsSince1970: .max))),
        (.email, .time(Timestamp(microsecondsSince1970: 0))),
        (.displayName, .time(Timestamp(microsecondsSince1970: -1))),
    ])
    func `what is no place in an order is refused`(
        _ order: UserSelection.Order, _ key: UserCursor.Key
    ) {
        let selection = Self.selection(order)
        let text = texts.text(of: UserCursor(key, Self.id), in: selection)
        #expect { try texts.cursor(parsing: text, of: selection) } throws: { error in
            (error as? Problem)?.kind.code == "invalid_cursor"
        }
    }
}
