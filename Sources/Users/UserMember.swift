/// The members of a user that a request may write, by their names in JSON.
package enum UserMember: String, CaseIterable, Sendable {
    /// An administrator may choose it when creating the user.
    case id
    /// The user's id in another system.
    case externalID = "external_id"
    /// The address.
    case email
    /// The name that others see.
    case displayName = "display_name"
    /// The language.
    case locale
    /// The time zone.
    case timeZone = "time_zone"
    /// Whether the user may log in.
    case status
    /// The roles.
    case roles
    /// What the user may write.
    case metadata
    /// What only administrators see and write.
    case adminMetadata = "admin_metadata"
    /// The password; never read.
    case password

    /// The member's place in a user's JSON (RFC 6901).
    package var pointer: String {
        "/" + rawValue
    }
}
