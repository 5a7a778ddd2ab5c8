import Ambient
import Tokens
import Users

@testable import UsersHTTP

/// What holds of the cursors of lists.
enum CursorProperties {
    private static let key = SecretKey(Array(repeating: 7, count: SecretKey.octetCountMin))
        .key(for: .cursors)
    private static let texts = CursorText(key: key)
    private static let selections = UserSelection.Order.allCases.map { order in
        var selection = UserSelection.all
        selection.order = order
        return selection
    }

    static func check(_ input: FuzzInput) throws(BrokenProperty) {
        let forged = String(decoding: input.bytes, as: UTF8.self)
        for (index, selection) in selections.enumerated() {
            try require(
                (try? texts.cursor(parsing: forged, of: selection)) == nil,
                "\(forged.debugDescription) is a cursor that nobody has made.")
            let cursor = cursor(input, in: selection.order)
            let text = texts.text(of: cursor, in: selection)
            try require(
                (try? texts.cursor(parsing: text, of: selection)) == cursor,
                "\(text) is not \(cursor).")
            let other = selections[(index + 1) % selections.count]
            try require(
                (try? texts.cursor(parsing: text, of: other)) == nil,
                "\(text) is a place in two lists.")
            try checkChanges(to: Array(text.utf8), input, selection)
            try checkSealed(input.bytes, likeThatIn: text, selection)
        }
    }

    /// A place whose parts are what the fuzzer says.
    private static func cursor(
        _ input: FuzzInput, in order: UserSelection.Order
    ) -> UserCursor {
        let padded = input.bytes + Array(repeating: 0, count: 24)
        let id = UserID(
            UUID(high: UInt64(bigEndian: padded[0..<8]), low: UInt64(bigEndian: padded[8..<16])))
        switch order {
        case .newestFirst, .oldestFirst:
            let time = Int64(bitPattern: UInt64(bigEndian: padded[16..<24]))
            let times = PageQuery.times
            let clamped = min(max(time, times.lowerBound), times.upperBound)
            return UserCursor(.time(Timestamp(microsecondsSince1970: clamped)), id)
        case .email, .displayName:
            // No user's text has a NUL in it.
            let text = input.bytes.filter { $0 != 0 }
            return UserCursor(.text(String(decoding: text, as: UTF8.self)), id)
        }
    }

    /// A text that differs from ours in anything is none of ours.
    private static func checkChanges(
        to text: [UInt8], _ input: FuzzInput, _ selection: UserSelection
    ) throws(BrokenProperty) {
        for octets in input.changes(of: text) {
            let text = String(decoding: octets, as: UTF8.self)
            try require(
                (try? texts.cursor(parsing: text, of: selection)) == nil,
                "\(text.debugDescription) is a cursor, though it was changed.")
        }
    }

    /// Whatever we may have sealed once, for the same list, is the place of which it is the text.
    private static func checkSealed(
        _ octets: [UInt8], likeThatIn text: String, _ selection: UserSelection
    ) throws(BrokenProperty) {
        guard let hash = key.octets(sealedIn: text)?.prefix(8) else {
            throw BrokenProperty(description: "\(text) is not sealed.")
        }
        let text = key.text(sealing: Array(hash) + octets)
        guard let cursor = try? texts.cursor(parsing: text, of: selection) else { return }
        try require(
            texts.text(of: cursor, in: selection) == text, "\(octets) is not \(cursor).")
    }
}
