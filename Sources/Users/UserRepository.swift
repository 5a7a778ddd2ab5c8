package import Ambient

/// Where users are kept.
///
/// Every function may also throw ``UserError/unavailable(_:cause:)``, ``UserError/corrupt(_:)`` and
/// ``UserError/storage(_:)``; one that writes, ``UserError/outcomeUnknown(cause:)``. A write that
/// returns has been committed. All run on the caller's executor.
package protocol UserRepository: Sendable {
    /// Keeps a new user and, if there is one, the password's hash.
    /// - Returns: the user as stored; its JSON members may be spaced differently.
    /// - Parameter limit: What the user's roles may allow at most; nil for anything.
    /// - Throws: ``UserError/emailTaken``, ``UserError/externalIDTaken``, ``UserError/idTaken``,
    ///   ``UserError/unknownRole``, ``UserError/outranked`` beyond the limit.
    func insert(
        _ user: User, passwordHash: String?, within limit: PermissionSet?
    ) async throws(UserError) -> User

    /// Reserves the name of an attempt, unless one of this name is known. What has run out at the
    /// reservation's start is not known any more, and some of it is removed.
    /// - Returns: nil if the name is reserved now; else what is known of it.
    func reserve(
        _ reservation: RegistrationAttempt.Reservation
    ) async throws(UserError) -> RegistrationAttempt.Known?

    /// Keeps a new user as ``insert(_:passwordHash:within:)`` does, and remembers with it that the
    /// attempt has made it: either both or nothing.
    /// - Returns: the user as stored; nil, and nothing is kept, if the reservation is not held any
    ///   more.
    /// - Throws: As ``insert(_:passwordHash:within:)`` does; the reservation is held on then.
    func insert(
        _ user: User, passwordHash: String?, within limit: PermissionSet?,
        completing reservation: RegistrationAttempt.Reservation
    ) async throws(UserError) -> User?

    /// Gives a reservation up, if it is still held.
    func release(_ reservation: RegistrationAttempt.Reservation) async throws(UserError)

    /// The user with this id who is not deleted.
    func user(withID id: UserID) async throws(UserError) -> User?

    /// The user with this id who is not deleted, for somebody who looks at it and decides nothing
    /// by it: perhaps as it was a moment ago, but as it became by every write that has returned.
    func userToShow(withID id: UserID) async throws(UserError) -> User?

    /// The user with this id, deleted or not.
    func userOrDeleted(withID id: UserID) async throws(UserError) -> User?

    /// The first `limit` of the users selected, after a place or from the beginning, in the order
    /// of the selection. It tells nothing of the total.
    /// - Parameter cursor: A place that a page of the same selection gave.
    /// - Throws: ``UserError/unavailable(_:cause:)`` with ``Unavailability/tooSlow`` for a search
    ///   that takes too long.
    func page(
        of selection: UserSelection, after cursor: UserCursor?, limit: PageLimit
    ) async throws(UserError) -> UserPage

    /// How many users are selected.
    /// - Parameter isExact: Whether they are counted; else the number is what the storage expects,
    ///   at no cost.
    /// - Returns: nil if counting takes too long.
    func count(of selection: UserSelection, isExact: Bool) async throws(UserError) -> Int64?

    /// Writes changes in one statement, counts the version up and sets `updated_at`. A new address
    /// is not verified, whatever the old one was; the one that was there stays as it is.
    ///
    /// - Parameter changes: at least one.
    /// - Returns: the user as stored; nil, and nothing is written, if there is no user with this id
    ///   who is not deleted and meets the condition.
    /// - Throws: ``UserError/emailTaken``, ``UserError/externalIDTaken``,
    ///   ``UserError/unknownRole``, ``UserError/lastAdministrator``.
    func update(
        _ id: UserID, _ changes: UserChanges, if condition: WriteCondition, at time: Timestamp
    ) async throws(UserError) -> User?

    /// Changes a user's roles, counts the version up and sets `updated_at`, unless the user holds
    /// them as they are to be.
    /// - Returns: the user as stored; nil, and nothing is written, if there is no user with this id
    ///   who is not deleted, meets the condition and has to be changed.
    /// - Throws: ``UserError/unknownRole``, ``UserError/lastAdministrator``,
    ///   ``UserError/invalid(_:)`` for more than ``RoleSet/countMax``.
    func changeRoles(
        of id: UserID, by change: RoleChange, if condition: WriteCondition, at time: Timestamp
    ) async throws(UserError) -> User?

    /// What these roles allow together; those that do not exist allow nothing.
    func permissions(of roles: [RoleName]) async throws(UserError) -> PermissionSet

    /// Marks a user as deleted at `time`, counts the version up and sets `updated_at`.
    /// - Returns: whether there was a user with this id who was not deleted and met the condition.
    /// - Throws: ``UserError/lastAdministrator``.
    func markDeleted(
        _ id: UserID, if condition: WriteCondition, at time: Timestamp
    ) async throws(UserError) -> Bool

    /// Brings a deleted user back at `time`, counts the version up and sets `updated_at`.
    /// - Returns: the user as stored; nil, and nothing is written, if there is no deleted user with
    ///   this id who meets the condition.
    /// - Throws: ``UserError/emailTaken``, ``UserError/externalIDTaken`` by somebody who has come
    ///   since.
    func restore(
        _ id: UserID, if condition: WriteCondition, at time: Timestamp
    ) async throws(UserError) -> User?

    /// Removes a user at `time`, deleted or not, and leaves nothing of it: neither of the attempt
    /// that made it.
    /// - Returns: whether there was a user with this id who met the condition.
    /// - Throws: ``UserError/lastAdministrator``.
    func remove(
        _ id: UserID, if condition: WriteCondition, at time: Timestamp
    ) async throws(UserError) -> Bool
}

extension UserRepository {
    /// Reads where users are kept: there is nothing in between.
    package func userToShow(withID id: UserID) async throws(UserError) -> User? {
        try await user(withID: id)
    }
}
