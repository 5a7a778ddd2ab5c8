/// Something that has been done with users or roles, for the log: ids and names of roles, and
/// nothing else of anybody.
package enum UserEvent: Hashable, Sendable {
    /// A user was made.
    case userRegistered(UserID)
    /// A user's status was set, perhaps to what it was.
    case userStatusSet(UserID, UserStatus)
    /// All of a user's roles were set at once.
    case userRolesSet(UserID)
    /// A user was given a role that it did not hold.
    case roleGranted(UserID, RoleName)
    /// A role was taken from a user who held it.
    case roleRevoked(UserID, RoleName)
    /// A user was deleted and can be restored.
    case userDeleted(UserID)
    /// A user was removed for good.
    case userRemoved(UserID)
    /// A deleted user was brought back.
    case userRestored(UserID)
    /// A role was made.
    case roleCreated(RoleName)
    /// The permissions of a role were set.
    case roleChanged(RoleName)
    /// A role was deleted.
    case roleDeleted(RoleName)
}

/// Hears of what has been done with users and roles, once it is committed.
package protocol UserEvents: Sendable {
    /// Called once for each event.
    func happened(_ event: UserEvent)
}
