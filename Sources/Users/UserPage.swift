package import Ambient

/// A place in a list of users: that of a user, who need not be there any more.
package struct UserCursor: Hashable, Sendable {
    /// By what the user is sorted.
    package enum Key: Hashable, Sendable {
        /// When the user was made.
        case time(Timestamp)
        /// The key of the address, or the search text.
        case text(String)
    }

    /// By what the user is sorted, in the order of the list.
    package let key: Key
    /// The user's id, which tells users of one key apart.
    package let id: UserID

    /// Makes a place from its parts.
    package init(_ key: Key, _ id: UserID) {
        self.key = key
        self.id = id
    }
}

/// Some users in a row of the list.
package struct UserPage: Hashable, Sendable {
    /// The users, in the order that was asked for.
    package let items: [User]
    /// The place after which the next page begins; nil if this is the last.
    package let next: UserCursor?
    /// How many users the whole list has; nil if nobody asked, or if counting took too long.
    package var total: Int64?

    /// Makes a page of what was read.
    /// - Parameters:
    ///   - users: The users, of whom one more than `limit` shows that there is a next page.
    ///   - cursor: The place of the last user that is shown; asked for if there is a next page.
    package init(
        _ users: consuming [User], limit: PageLimit, cursor: (User) -> UserCursor
    ) {
        let beyondCount = max(0, users.count - limit.count)
        users.removeLast(beyondCount)
        next = beyondCount > 0 ? users.last.map(cursor) : nil
        items = users
    }
}

/// How many users a page may have: 1 to 1,000.
package struct PageLimit: Hashable, Sendable {
    /// What may be asked for (docs/api.md).
    package static let range = 1...1_000
    /// The limit of whoever asks for none.
    package static let standard = PageLimit(unchecked: 50)

    /// The most users on the page.
    package let count: Int

    private init(unchecked count: Int) {
        self.count = count
    }

    /// Checks that `count` lies in ``range``.
    package init(parsing count: Int) throws(InvalidValue) {
        guard Self.range.contains(count) else {
            throw InvalidValue(
                .outOfRange, "The limit is \(Self.range.lowerBound) to \(Self.range.upperBound).")
        }
        self.init(unchecked: count)
    }
}
