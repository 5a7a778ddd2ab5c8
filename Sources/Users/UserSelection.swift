package import Ambient

/// Which users a list shows, and in which order: those who meet every condition that is set.
package struct UserSelection: Hashable, Sendable {
    /// The order of a list; users of one time are in the order of their ids.
    package enum Order: String, CaseIterable, Sendable {
        /// Who was made last comes first.
        case newestFirst = "-created_at"
        /// Who was made first comes first.
        case oldestFirst = "created_at"
    }

    /// The most ids that may be asked for at a time.
    package static let idCountMax = 100
    /// All users, the newest first.
    package static let all = UserSelection()

    /// The order of the list.
    package var order = Order.newestFirst
    /// They were made after this time.
    package var createdAfter: Timestamp?
    /// They were made before this time.
    package var createdBefore: Timestamp?
    /// The address has this one's key.
    package var email: EmailAddress?
    /// The external id is this.
    package var externalID: ExternalID?
    /// The id is one of these, at most ``idCountMax``.
    package var ids: [UserID]?

    /// Makes a selection of all users.
    package init() {}
}
