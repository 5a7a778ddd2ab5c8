package import Ambient

/// A place in a list of users, which is in the order of `created_at` and `id`.
package struct UserCursor: Hashable, Comparable, Sendable {
    /// When the user at the place was made.
    package let createdAt: Timestamp
    /// That user's id, which tells users of one microsecond apart.
    package let id: UserID

    /// Makes a place from its parts.
    package init(createdAt: Timestamp, id: UserID) {
        self.createdAt = createdAt
        self.id = id
    }

    /// Whether `left` is the older place.
    package static func < (left: UserCursor, right: UserCursor) -> Bool {
        (left.createdAt, left.id) < (right.createdAt, right.id)
    }

    /// The place of `user`.
    package init(of user: User) {
        self.init(createdAt: user.createdAt, id: user.id)
    }
}

/// Some users in a row of the list.
package struct UserPage: Hashable, Sendable {
    /// The users, in the order that was asked for.
    package let items: [User]
    /// The place after which the next page begins; nil if this is the last.
    package let next: UserCursor?
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
            throw InvalidValue(.outOfRange, "The limit is 1 to 1000.")
        }
        self.init(unchecked: count)
    }
}
