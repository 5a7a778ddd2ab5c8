package import Users

/// Everything that keeps somebody from logging in, or from staying logged in.
package enum AuthenticationError: Error {
    /// There is no such user, or the password is another one: which of them, nobody is told.
    case invalidCredentials
    /// The password is right, but the user may not log in.
    case accountDisabled
    /// The refresh token is none of ours, or its session has ended.
    case invalidRefreshToken
    /// The refresh token was used before, so that somebody else may have it: its session is ended.
    case refreshTokenReused
    /// There is no such session.
    case sessionNotFound
    /// Something else, which has nothing to do with logging in.
    case failed(UserError)
}

/// Something that happened and that operators want to know of; it names nobody but by an id.
package enum AuthenticationEvent: Hashable, Sendable {
    /// A user has logged in.
    case loggedIn(UserID, SessionID)
    /// Somebody has tried to; nil if there is no such user.
    case loginFailed(UserID?)
    /// Somebody has tried to too often.
    case loginThrottled
    /// A user who may not log in has tried to.
    case loginRefused(UserID)
    /// A session has ended at its user's request, or an administrator's.
    case sessionsEnded(UserID)
    /// An old refresh token was used, and its session has been ended.
    case refreshTokenReused(UserID, SessionID)
    /// What should have been a logged-in user's current password was not.
    case currentPasswordWrong(UserID)
    /// A user has another password.
    case passwordChanged(UserID)
    /// An administrator has cleared the failed logins of a user.
    case lockoutCleared(UserID)
}

/// Hears of events. Safe from any thread; never blocks.
package protocol AuthenticationEvents: Sendable {
    /// Something happened.
    func happened(_ event: AuthenticationEvent)

    /// Something is to be counted.
    func counted(_ tally: AuthenticationTally)
}
