import Ambient
import HTTP
import Tokens
import Users

/// The text of a place in a list: opaque to clients, who get it from one page and give it back for
/// the next.
///
/// What is sealed in it is a hash of the selection, so that nobody goes on in another list by
/// mistake, and the place. Whoever makes two selections of one hash may go on in either, as he may
/// read both from their beginnings; a place is no more than a time or a text to the database.
struct CursorText {
    private static let hashOctets = 8
    /// A hash, a time and an id.
    private static let usualOctets = 32

    /// What the texts are sealed with.
    let key: AuthenticationKey

    /// The text of a place in a list.
    func text(of cursor: UserCursor, in selection: UserSelection) -> String {
        var octets: [UInt8] = []
        octets.reserveCapacity(Self.usualOctets)
        octets.append(bigEndian: Self.hash(of: selection))
        cursor.append(to: &octets)
        return key.text(sealing: octets)
    }

    /// The place that a text stands for.
    /// - Throws: 400 for what is none of ours, and for one of another selection.
    func cursor(
        parsing text: String, of selection: UserSelection
    ) throws(Problem) -> UserCursor {
        guard let octets = key.octets(sealedIn: text), octets.count >= Self.hashOctets else {
            throw Self.invalid
        }
        let hash = UInt64(bigEndian: octets.prefix(Self.hashOctets))
        guard hash == Self.hash(of: selection) else { throw Problem(of: .cursorMismatch) }
        guard
            let cursor = UserCursor(octets: octets.dropFirst(Self.hashOctets), in: selection.order)
        else { throw Self.invalid }
        return cursor
    }

    private static let invalid = Problem(
        of: .invalidCursor, detail: "A cursor is what next_cursor of a page gave, unchanged.")

    private static func hash(of selection: UserSelection) -> UInt64 {
        StableHash(QueryParameters.text(of: selection.parameters)).value
    }
}

extension UserCursor {
    private static let idOctets = 16

    /// Appends what the list is sorted by, microseconds or a text, and the id.
    fileprivate func append(to octets: inout [UInt8]) {
        switch key {
        case .time(let time):
            octets.append(bigEndian: UInt64(bitPattern: time.microsecondsSince1970))
        case .text(let text): octets += text.utf8
        }
        octets.append(bigEndian: id.uuid.high)
        octets.append(bigEndian: id.uuid.low)
    }

    /// The place that ``append(to:)`` has written for a list of this order; nil if it was none, but
    /// that of another version.
    fileprivate init?(octets: ArraySlice<UInt8>, in order: UserSelection.Order) {
        guard octets.count >= Self.idOctets else { return nil }
        let id = octets.suffix(Self.idOctets)
        let octets = octets.dropLast(Self.idOctets)
        let key: Key
        switch order {
        case .newestFirst, .oldestFirst:
            guard octets.count == 8 else { return nil }
            let time = Int64(bitPattern: UInt64(bigEndian: octets))
            guard PageQuery.times.contains(time) else { return nil }
            key = .time(Timestamp(microsecondsSince1970: time))
        case .email, .displayName:
            guard let text = String(validating: octets, as: UTF8.self), !octets.contains(0) else {
                return nil
            }
            key = .text(text)
        }
        let (high, low) = (UInt64(bigEndian: id.prefix(8)), UInt64(bigEndian: id.suffix(8)))
        self.init(key, UserID(UUID(high: high, low: low)))
    }
}
