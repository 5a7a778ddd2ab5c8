package import Ambient

/// A user as the service keeps one (docs/api.md).
///
/// `Optional` is spelled out where a member may be nil: a `var` with a question mark is nil before
/// an initializer sets it, and then to make a user takes a copy of it.
package struct User: Hashable, Sendable {
    /// What the user is known by; never changes.
    package let id: UserID
    /// The user's id in another system; unique.
    package var externalID: Optional<ExternalID>
    /// The address; its key is unique among users not deleted.
    package var email: EmailAddress
    /// Whether the user has shown that mail to `email` arrives.
    package var isEmailVerified: Bool
    /// The name that others see.
    package var displayName: DisplayName
    /// The user's language, or nil.
    package var locale: Optional<LanguageTag>
    /// The user's time zone, or nil.
    package var timeZone: Optional<TimeZoneName>
    /// Whether the user may log in.
    package var status: UserStatus
    /// The roles that the user holds.
    package var roles: RoleSet
    /// What the user may write.
    package var metadata: Metadata
    /// What only administrators see and write.
    package var adminMetadata: Metadata
    /// When the user was made.
    package let createdAt: Timestamp
    /// When the user last changed; `createdAt` at first.
    package var updatedAt: Timestamp
    /// When the password was last set; nil without one.
    package var passwordChangedAt: Optional<Timestamp>
    /// When the user was deleted; nil unless that has happened.
    package var deletedAt: Optional<Timestamp>
    /// The count of changes made through the API, from 1; the source of the `ETag`.
    package var version: Int64

    /// Makes a user of all members.
    package init(
        id: UserID, externalID: ExternalID?, email: EmailAddress, isEmailVerified: Bool,
        displayName: DisplayName, locale: LanguageTag?, timeZone: TimeZoneName?,
        status: UserStatus, roles: RoleSet, metadata: Metadata, adminMetadata: Metadata,
        createdAt: Timestamp, updatedAt: Timestamp, passwordChangedAt: Timestamp?,
        deletedAt: Timestamp?, version: Int64
    ) {
        self.id = id
        self.externalID = externalID
        self.email = email
        self.isEmailVerified = isEmailVerified
        self.displayName = displayName
        self.locale = locale
        self.timeZone = timeZone
        self.status = status
        self.roles = roles
        self.metadata = metadata
        self.adminMetadata = adminMetadata
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.passwordChangedAt = passwordChangedAt
        self.deletedAt = deletedAt
        self.version = version
    }

    /// Makes the user that a draft describes, at version 1.
    package init(_ draft: UserDraft, id: UserID, at time: Timestamp) {
        self.init(
            id: id, externalID: draft.externalID, email: draft.email, isEmailVerified: false,
            displayName: draft.displayName, locale: draft.locale, timeZone: draft.timeZone,
            status: draft.status, roles: draft.roles, metadata: draft.metadata,
            adminMetadata: draft.adminMetadata, createdAt: time, updatedAt: time,
            passwordChangedAt: draft.password == nil ? nil : time, deletedAt: nil, version: 1)
    }
}
