/// A user to be made. What is not set is what a newly registered user has.
package struct UserDraft: Sendable {
    /// The chosen id; nil for one that the service makes.
    package var id: UserID?
    /// The user's id in another system.
    package var externalID: ExternalID?
    /// The address.
    package var email: EmailAddress
    /// The name that others see.
    package var displayName: DisplayName
    /// The language.
    package var locale: LanguageTag?
    /// The time zone.
    package var timeZone: TimeZoneName?
    /// Whether the user may log in.
    package var status = UserStatus.active
    /// The roles.
    package var roles = RoleSet.initial
    /// What the user may write.
    package var metadata = Metadata.empty
    /// What only administrators see and write.
    package var adminMetadata = Metadata.empty
    /// The password; without one the user cannot log in.
    package var password: Password?

    /// Makes a draft of what every user has.
    package init(email: EmailAddress, displayName: DisplayName) {
        self.email = email
        self.displayName = displayName
    }

    /// The members in which this user differs from any newly registered one.
    var unusualMembers: [UserMember] {
        var members: [UserMember] = []
        if id != nil { members.append(.id) }
        if externalID != nil { members.append(.externalID) }
        if status != .active { members.append(.status) }
        if roles != .initial { members.append(.roles) }
        if adminMetadata != .empty { members.append(.adminMetadata) }
        return members
    }
}
