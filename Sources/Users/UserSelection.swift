package import Ambient

/// Which users a list shows, and in which order: those who meet every condition that is set.
package struct UserSelection: Hashable, Sendable {
    /// The order of a list; users who are equal in it are in the order of their ids.
    /// Names that are equal to a search are in the order of their addresses.
    package enum Order: String, CaseIterable, Sendable {
        /// Who was made last comes first.
        case newestFirst = "-created_at"
        /// Who was made first comes first.
        case oldestFirst = "created_at"
        /// By the keys of the addresses, octet by octet.
        case email
        /// By the names as a search sees them, code point by code point.
        case displayName = "display_name"
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
    /// The status is this.
    package var status: UserStatus?
    /// This is among the roles.
    package var role: RoleName?
    /// The name or the address has this.
    package var term: SearchTerm?
    /// Deleted users are among them.
    package var includesDeleted = false

    /// Makes a selection of all users.
    package init() {}
}

/// How exactly a list tells how many users there are in all.
package enum TotalKind: String, CaseIterable, Sendable {
    /// Not at all.
    case none
    /// As far as it costs nothing: what the storage expects.
    case estimate
    /// By counting, if that does not take too long.
    case exact
}
