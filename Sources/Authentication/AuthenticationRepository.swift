package import Ambient
package import Users

/// Where sessions, and what logging in needs to know, are kept.
///
/// Every function may throw ``UserError/unavailable(_:cause:)``, ``UserError/corrupt(_:)`` and
/// ``UserError/storage(_:)``; one that writes, ``UserError/outcomeUnknown(cause:)``. A write that
/// returns has been committed. All run on the caller's executor.
package protocol AuthenticationRepository: Sendable {
    /// Counts an attempt as failed, unless it may not be made.
    func admit(
        _ attempt: LoginAttempt, by throttle: LoginThrottle
    ) async throws(UserError) -> LoginAdmission

    /// Takes an attempt back that was admitted, as if it had not been made.
    func withdraw(_ attempt: LoginAttempt, _ admission: LoginAdmission) async throws(UserError)

    /// Forgets the failures with an address, from wherever.
    func forgetFailures(ofAddress code: [UInt8]) async throws(UserError)

    /// The user with this address who is not deleted.
    func account(withEmail email: EmailAddress) async throws(UserError) -> Account?

    /// The user with this id who is not deleted.
    func account(withID id: UserID) async throws(UserError) -> Account?

    /// Begins a session, forgets the failures that the attempt counted for, and remembers its
    /// network. Some of what has run out is removed, and the user's sessions beyond
    /// ``Session/listedMax``.
    /// - Parameter admission: nil if attempts are not counted.
    /// - Returns: nil, and nothing has happened, if the user may not log in any more or has another
    ///   password by now.
    func begin(
        _ session: Session, of account: Account, after attempt: LoginAttempt,
        _ admission: LoginAdmission?
    ) async throws(UserError) -> SessionGrant?

    /// Counts the refresh token of a session up, if it is the one of the ticket.
    /// - Returns: the session as it then is, whether or not it has been counted up; nil if it has
    ///   ended or run out.
    func refresh(
        _ ticket: RefreshTicket, at time: Timestamp
    ) async throws(UserError) -> RefreshedSession?

    /// What a session's user may do; nil if the session has ended, or its user may not log in.
    func access(
        of session: SessionID, user: UserID, at time: Timestamp
    ) async throws(UserError) -> Access?

    /// The sessions of a user that have not run out, the latest first, at most
    /// ``Session/listedMax``.
    func sessions(of user: UserID, at time: Timestamp) async throws(UserError) -> [Session]

    /// Ends a session.
    /// - Parameter user: Whose it must be; nil for anybody's.
    /// - Returns: whose it was; nil if there was none, or it had run out.
    func end(
        _ session: SessionID, of user: UserID?, at time: Timestamp
    ) async throws(UserError) -> UserID?

    /// Ends a user's sessions, but for one.
    /// - Returns: how many they were that had not run out.
    func endSessions(
        of user: UserID, but session: SessionID?, at time: Timestamp
    ) async throws(UserError) -> Int

    /// Gives a user who is not deleted another password and ends the sessions, but for one.
    /// - Parameters:
    ///   - permissions: All that the user's roles may allow; nil for anything.
    ///   - old: The hash that must be there still; nil for any, or none.
    /// - Returns: how many sessions they were that had not run out; nil if there was no such user.
    func setPassword(
        hash: String, of user: UserID, keeping session: SessionID?,
        ifHoldingOnly permissions: PermissionSet?, replacing old: String?, at time: Timestamp
    ) async throws(UserError) -> Int?

    /// Replaces the hash of a password that stays the same, if it is still there.
    func replaceHash(
        of user: UserID, _ old: String, with new: String
    ) async throws(UserError)
}

extension Session {
    /// The most sessions of one user that are listed, and that there are: a login beyond ends the
    /// oldest one.
    package static let listedMax = 100
}

/// A session whose refresh token was shown.
package struct RefreshedSession: Hashable, Sendable {
    /// What it grants now; its counter is that of the current token.
    package let grant: SessionGrant
    /// Whether the token that was shown was the current one, and has been counted up.
    package let isAdvanced: Bool
    /// When the current token was made.
    package let refreshedAt: Timestamp

    /// Makes a session of its parts.
    package init(grant: SessionGrant, isAdvanced: Bool, refreshedAt: Timestamp) {
        self.grant = grant
        self.isAdvanced = isAdvanced
        self.refreshedAt = refreshedAt
    }
}
